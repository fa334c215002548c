"""Slot items: claims, reading, opening, releasing."""

from datetime import timedelta

import pytest

from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotState
from antrean.runtime import clock
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim, claim_for_move
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.release_due import release_due
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.people import TUESDAY
from tests.support.worlds import TABLE, World, a_world, deadline
from tests.unit.store.table_content import REF, a_slot, places_claimed, slot_now, slots_opened


def test_a_claim_takes_the_next_numbers(unaudited: World) -> None:
    slots_opened(a_slot(quota=5))
    assert list(places_claimed(2).numbers) == [1, 2]
    assert list(places_claimed(3).numbers) == [3, 4, 5]
    assert (slot_now().remaining, slot_now().next_number) == (0, 6)


def test_a_claim_says_when_its_window_ends(unaudited: World) -> None:
    slots_opened()
    assert (places_claimed().ref, places_claimed().end) == (REF, "0900")


@pytest.mark.parametrize(
    "slot",
    [
        a_slot(remaining=1),
        a_slot(remaining=0),
        a_slot(remaining=-2),
        a_slot(state=SlotState.CLOSED),
    ],
)
def test_what_a_slot_cannot_give_is_refused_and_changes_nothing(
    unaudited: World, slot: Slot
) -> None:
    slots_opened(slot)
    assert claim(REF, 2, clock.epoch(), deadline()) is None
    assert slot_now() == slot


def test_a_slot_can_be_claimed_from_the_second_of_its_release(unaudited: World) -> None:
    release_at = clock.epoch() + 600
    slots_opened(a_slot(release_at=release_at))
    assert claim(REF, 1, release_at - 1, deadline()) is None
    assert claim(REF, 1, release_at, deadline()) is not None


def test_a_slot_that_is_not_there_is_refused_and_not_made(unaudited: World) -> None:
    assert claim(REF, 1, clock.epoch(), deadline()) is None
    assert slots_between(REF.office_id, REF.day, REF.day, deadline(), consistent=True) == []


def test_claims_never_give_more_than_the_quota(unaudited: World) -> None:
    slots_opened(a_slot(quota=7))
    granted = [claim(REF, 2, clock.epoch(), deadline()) for _ in range(5)]
    numbers = [number for part in granted if part for number in part.numbers]
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert slot_now().remaining == 1


def test_a_slot_whose_numbers_are_used_up_gives_no_more(unaudited: World) -> None:
    slots_opened(a_slot(next_number=9_998))
    assert claim(REF, 3, clock.epoch(), deadline()) is None
    assert list(places_claimed(2).numbers) == [9_998, 9_999]
    assert claim(REF, 1, clock.epoch(), deadline()) is None
    assert slot_now().remaining == 8


def test_a_slot_is_read_as_it_was_written(unaudited: World) -> None:
    held = (KeptBack(100, 2, KeptFor.RELEASE), KeptBack(200, 3, KeptFor.WALK_IN))
    slot = a_slot(
        remaining=5,
        state=SlotState.CLOSED,
        reason="Natal",
        release_at=50,
        kept_back=held,
        fixed=True,
    )
    slots_opened(slot)
    assert slot_now() == slot


def test_slots_are_read_from_date_to_date_in_order_and_of_one_office(unaudited: World) -> None:
    others = [
        REF._replace(office_id="kotabum"),
        REF._replace(office_id="kotabumi2"),
        REF._replace(day=TUESDAY - timedelta(days=1)),
        REF._replace(day=TUESDAY + timedelta(days=3)),
    ]
    inside = [
        REF,
        REF._replace(start="1300"),
        REF._replace(day=TUESDAY + timedelta(days=1), lane=Lane.PRIORITY),
        REF._replace(day=TUESDAY + timedelta(days=2), start="0000"),
        REF._replace(day=TUESDAY + timedelta(days=2), start="2300"),
    ]
    slots_opened(*(a_slot(ref, end="x") for ref in [*others, *reversed(inside)]))
    found = slots_between("kotabumi", TUESDAY, TUESDAY + timedelta(days=2), deadline())
    by_key = sorted(inside, key=lambda ref: (ref.day, ref.lane, ref.start))
    assert [slot.ref for slot in found] == by_key


def test_a_month_is_read_in_as_many_pages_as_it_takes() -> None:
    client = MemoryDynamoDB((TABLE,), page_bytes=500)
    refs = [REF._replace(day=TUESDAY + timedelta(days=i)) for i in range(30)]
    with a_world(client, StandingClock()):
        slots_opened(*map(a_slot, refs))
        found = slots_between("kotabumi", TUESDAY, TUESDAY + timedelta(days=29), deadline())
    assert [slot.ref for slot in found] == refs
    assert [request.operation for request in client.log].count("Query") > 1


def test_opening_writes_what_is_not_there_and_leaves_the_rest(unaudited: World) -> None:
    sold = a_slot(remaining=3, quota=5)
    slots_opened(sold)
    refs = [REF, REF._replace(start="0900")]
    assert open_slots([a_slot(ref, quota=99) for ref in refs], deadline()) == 1
    assert slot_now() == sold
    assert slot_now(refs[1]).quota == 99


def test_any_number_of_slots_is_opened(unaudited: World) -> None:
    refs = [REF._replace(day=TUESDAY + timedelta(days=i)) for i in range(201)]
    assert open_slots(map(a_slot, refs), deadline()) == 201
    assert open_slots(map(a_slot, refs), deadline()) == 0
    assert open_slots([], deadline()) == 0


HELD = (KeptBack(1_795_000_000, 2, KeptFor.RELEASE), KeptBack(1_795_000_600, 3, KeptFor.WALK_IN))


@pytest.mark.parametrize(
    ("at", "remaining", "left"),
    [
        (1_794_999_999, 5, HELD),
        (1_795_000_000, 7, HELD[1:]),
        (1_795_000_600, 10, ()),
    ],
)
def test_kept_back_places_come_on_offer_when_their_second_has_come(
    unaudited: World, at: int, remaining: int, left: tuple[KeptBack, ...]
) -> None:
    slot = a_slot(remaining=5, kept_back=HELD)
    slots_opened(slot)
    assert release_due(slot, at, deadline()) == (remaining > 5)
    assert (slot_now().remaining, slot_now().kept_back, slot_now().quota) == (remaining, left, 10)


def test_kept_back_places_come_on_offer_once_whoever_meets_them(unaudited: World) -> None:
    slot = a_slot(remaining=5, kept_back=HELD)
    slots_opened(slot)
    assert release_due(slot, HELD[0].at, deadline())
    assert not release_due(slot, HELD[0].at, deadline())
    assert slot_now().remaining == 7


def test_places_sold_meanwhile_stay_sold_at_a_release(unaudited: World) -> None:
    slot = a_slot(remaining=5, kept_back=HELD)
    slots_opened(slot)
    places_claimed(4)
    assert release_due(slot, HELD[0].at, deadline())
    assert slot_now().remaining == 3


LATER = 9_999_999_999


def kept_back(released: int, walk_in: int) -> tuple[KeptBack, ...]:
    soon = KeptBack(LATER, released, KeptFor.RELEASE)
    last = KeptBack(LATER + 1, 1, KeptFor.RELEASE)
    return (soon, KeptBack(LATER, walk_in, KeptFor.WALK_IN), last)


@pytest.mark.parametrize(
    ("places", "remaining", "released"),
    [(1, 1, (2, 1)), (2, 0, (2, 1)), (3, 0, (1, 1)), (5, 0, ())],
)
def test_a_move_takes_what_remains_and_then_what_waits_for_its_release(
    unaudited: World, places: int, remaining: int, released: tuple[int, ...]
) -> None:
    slots_opened(
        a_slot(quota=6, remaining=2, release_at=LATER, kept_back=kept_back(released=2, walk_in=1))
    )
    taken = claim_for_move(slot_now(), places, clock.epoch(), deadline())
    assert taken is not None
    assert list(taken.numbers) == list(range(1, places + 1))
    left = slot_now()
    by_kind = [part.places for part in left.kept_back if part.kept_for is KeptFor.RELEASE]
    assert (left.remaining, tuple(by_kind), left.taken) == (remaining, released, places)
    assert sum(part.places for part in left.kept_back) == sum(released) + 1, "walk-ins keep theirs"


def test_a_move_takes_no_more_than_there_is_and_nothing_of_what_changed(unaudited: World) -> None:
    slots_opened(a_slot(quota=6, remaining=2, kept_back=kept_back(released=2, walk_in=1)))
    read = slot_now()
    assert claim_for_move(read, 3, clock.epoch(), deadline()) is not None
    assert claim_for_move(read, 3, clock.epoch(), deadline()) is None, "not as it was read"
    assert claim_for_move(read, 2, clock.epoch(), deadline()) is None, "none remains"
    read = slot_now()
    assert claim_for_move(read, 1, clock.epoch(), deadline()) is not None
    assert claim_for_move(read, 1, clock.epoch(), deadline()) is None, "one less is kept back"
    closed = a_slot(REF._replace(start="0900"), state=SlotState.CLOSED)
    slots_opened(closed)
    assert claim_for_move(closed, 1, clock.epoch(), deadline()) is None


def test_a_move_takes_what_is_due_of_a_reserve_and_leaves_what_was_oversold(
    unaudited: World,
) -> None:
    due = KeptBack(clock.epoch(), 2, KeptFor.WALK_IN)
    slots_opened(a_slot(quota=1, remaining=-1, kept_back=(due,)))
    assert slot_now().movable_to(clock.epoch()) == 1
    assert claim_for_move(slot_now(), 1, clock.epoch(), deadline()) is not None
    assert (slot_now().remaining, slot_now().kept_back_places) == (-1, 1)
