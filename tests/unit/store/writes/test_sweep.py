"""The sweeper's visits: numbers that were claimed and never filed come back, after the grace."""

import pytest

from antrean.runtime import clock
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim
from antrean.store.writes.sweep import GRACE, Swept, needs_visit, sweep_slot
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_slot,
    booking_filed,
    places_claimed,
    slot_now,
    slots_opened,
)


@pytest.fixture(autouse=True)
def _slot(world: World) -> None:
    slots_opened()


def visit() -> Swept:
    """Visit the slot as it stands now."""
    return sweep_slot(slot_now(), deadline())


def test_a_slot_nobody_claimed_from_needs_no_visit() -> None:
    assert not needs_visit(slot_now())


def test_a_claimed_slot_needs_visits_until_every_number_has_a_ticket(world: World) -> None:
    booking_filed(a_booking(places_claimed(2).numbers))
    assert needs_visit(slot_now())
    assert visit() == Swept(given_back=0, settled=False)
    assert needs_visit(slot_now())
    world.time.forward(seconds=GRACE)
    assert visit() == Swept(given_back=0, settled=True)
    assert not needs_visit(slot_now())


def test_what_nobody_filed_comes_back_after_the_grace_and_not_before(world: World) -> None:
    places_claimed(3)
    visit()
    world.time.forward(seconds=GRACE - 1)
    assert visit().given_back == 0
    assert slot_now().remaining == 7
    world.time.forward(seconds=1)
    assert visit() == Swept(given_back=3, settled=True)
    assert slot_now().remaining == 10


def test_a_claim_younger_than_the_mark_is_left_alone(world: World) -> None:
    places_claimed()
    visit()
    world.time.forward(seconds=GRACE)
    places_claimed()
    assert visit() == Swept(given_back=1, settled=False)
    assert slot_now().remaining == 9, "the second claim may still be filed"
    world.time.forward(seconds=GRACE)
    assert visit() == Swept(given_back=1, settled=True)
    assert slot_now().remaining == 10


def test_filed_numbers_between_unfiled_ones_stay(world: World) -> None:
    places_claimed(5)
    booking_filed(a_booking(range(2, 4)))
    visit()
    world.time.forward(seconds=GRACE)
    assert visit().given_back == 3
    assert slot_now().remaining == 8


def test_two_sweepers_at_once_give_a_place_back_once(world: World) -> None:
    places_claimed(4)
    visit()
    world.time.forward(seconds=GRACE)
    seen = slot_now()
    assert sweep_slot(seen, deadline()).given_back == 4
    assert sweep_slot(seen, deadline()).given_back == 0
    assert slot_now().remaining == 10


def test_a_second_sweepers_old_mark_does_not_overwrite_a_newer_one(world: World) -> None:
    places_claimed()
    before = slot_now()
    visit()
    world.time.forward(seconds=10)
    places_claimed()
    sweep_slot(before, deadline())
    assert (slot_now().swept_to, slot_now().swept_at) == (2, clock.epoch() - 10)


def test_a_visit_that_reads_a_replica_that_lags_does_no_harm(world: World) -> None:
    booking_filed(a_booking(places_claimed().numbers))
    visit()
    world.time.forward(seconds=GRACE)
    [old] = slots_between("kotabumi", TUESDAY, TUESDAY, deadline())
    booking_filed(a_booking(places_claimed().numbers, code="0000000000", people=("OTHER",)))
    assert sweep_slot(old, deadline()) == Swept(given_back=0, settled=True)
    assert slot_now().remaining == 8


def test_a_full_slot_that_is_settled_is_not_visited_again(world: World) -> None:
    booking_filed(a_booking(places_claimed(5).numbers))
    booking_filed(a_booking(places_claimed(5).numbers, code="0000000000", people=tuple("ABCDE")))
    visit()
    world.time.forward(seconds=GRACE)
    assert visit().settled
    assert claim(REF, 1, clock.epoch(), deadline()) is None
    assert not needs_visit(slot_now())


def test_a_visit_writes_nothing_when_nothing_is_to_be_said(world: World) -> None:
    places_claimed()
    visit()
    world.client.log.clear()
    seen = a_slot()
    visit()
    assert {request.writes for request in world.client.log} == {0.0}
    assert sweep_slot(seen, deadline()).given_back == 0
