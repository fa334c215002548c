"""Whatever stands on a day and whatever is free after it: the order of a move harms nobody."""

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as some

from antrean.booking.book import book
from antrean.days.move_day import begin_move, run_move
from antrean.domain.audit import Author
from antrean.domain.schedule import Hours, Schedule, Timetable, Window
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef
from antrean.domain.tickets import Booking
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.slot import slots_between
from antrean.store.writes.open_slots import open_slots
from operations.invariants import check_invariants
from tests.support.people import TUESDAY, a_request, an_office, people
from tests.support.worlds import World, deadline, in_memory

LANES = (Lane.REGULAR, Lane.EXPRESS)
STARTS = ("0800", "0900")
LAST = TUESDAY + timedelta(days=3)
AFTER = [
    SlotRef("kotabumi", TUESDAY + timedelta(days=ahead), lane, start)
    for ahead in (1, 2, 3)
    for lane in LANES
    for start in STARTS
]
WINDOWS = tuple(Window(start, f"{int(start[:2]) + 1:02}00", 99) for start in STARTS)
HOURS = tuple(Hours(lane, frozenset(range(7)), WINDOWS) for lane in LANES)
OFFICE = an_office(
    schedule=Schedule((Timetable("every day", date.min, None, HOURS),)), horizon_days=4
)
BY_ADMIN = Author("u-1", "r-1")


class Party(NamedTuple):
    """Somebody on Tuesday."""

    size: int
    lane: Lane
    start: str


class Free(NamedTuple):
    """The places of a slot: on offer, waiting for their release, kept for walk-ins."""

    remaining: int
    unreleased: int = 0
    walk_in: int = 0


parties = some.lists(
    some.builds(Party, some.integers(1, 5), some.sampled_from(LANES), some.sampled_from(STARTS)),
    min_size=1,
    max_size=9,
)
figures = some.integers(0, 5)
free_places = some.lists(
    some.builds(Free, figures, some.integers(0, 4), some.integers(0, 2)),
    min_size=len(AFTER),
    max_size=len(AFTER),
)


def opened(at: SlotRef, free: Free) -> Slot:
    later = clock.epoch() + 90 * 86_400
    kept = [
        KeptBack(later, free.unreleased, KeptFor.RELEASE),
        KeptBack(later, free.walk_in, KeptFor.WALK_IN),
    ]
    return Slot(
        ref=at,
        end=f"{int(at.start[:2]) + 1:02}00",
        quota=sum(free),
        remaining=free.remaining,
        kept_back=tuple(part for part in kept if part.places),
    )


def booked_and_moved(world: World, asked: list[Party], free: list[Free]) -> list[Booking]:
    """The bookings in the order of their numbers on Tuesday, as they stand after the move."""
    world.has_office(OFFICE)
    on_tuesday = [SlotRef("kotabumi", TUESDAY, lane, start) for lane in LANES for start in STARTS]
    open_slots([opened(at, Free(99)) for at in on_tuesday], deadline())
    open_slots([opened(at, of) for at, of in zip(AFTER, free, strict=True)], deadline())
    forget()
    made = []
    for key, party in enumerate(asked, 1):
        who = people(party.size, first=10 * key)
        made.append(book(a_request(key, *who, lane=party.lane, start=party.start), deadline()))
    stood = sorted(
        (one.booking for one in made), key=lambda one: (one.ref.start, one.lane, one.numbers)
    )
    begun = begin_move(OFFICE, TUESDAY, None, None, "Banjir", BY_ADMIN, deadline())
    run_move(OFFICE, begun.scope, deadline())
    assert check_invariants(deadline()) == []
    return [now for one in stood if (now := get_booking(one.code, deadline()))]


@given(parties, free_places)
def test_nobody_gets_a_place_that_somebody_before_could_have_had(
    asked: list[Party], free: list[Free]
) -> None:
    with in_memory() as world:
        now = booked_and_moved(world, asked, free)
        room = {at: of.remaining + of.unreleased for at, of in zip(AFTER, free, strict=True)}
        for booking in now:
            size = len(booking.people)
            fits = [at for at in AFTER if at.lane is booking.lane and room[at] >= size]
            if booking.ref.day == TUESDAY:
                assert fits == [], "who stays had no place"
                continue
            assert booking.ref == min(fits, key=lambda at: (at.day, at.start))
            room[booking.ref] -= size
        left = {
            slot.ref: slot.movable_to(clock.epoch())
            for slot in slots_between("kotabumi", AFTER[0].day, LAST, deadline())
        }
        assert left == room, "places for walk-ins are not touched"


def test_ten_people_behind_a_family_that_fits_far_ahead_only_are_not_dragged_along() -> None:
    family = Party(5, Lane.REGULAR, "0800")
    alone = [Party(1, Lane.REGULAR, "0800") for _ in range(8)]
    other_lane = Party(2, Lane.EXPRESS, "0800")
    free = [Free(5 if at.day == LAST else 4) for at in AFTER]
    with in_memory() as world:
        now = booked_and_moved(world, [family, *alone[:3], other_lane, *alone[3:]], free)
    days = {(one.lane, len(one.people)): one.ref.day - TUESDAY for one in now}
    assert days == {
        (Lane.REGULAR, 5): timedelta(days=3),
        (Lane.REGULAR, 1): timedelta(days=1),
        (Lane.EXPRESS, 2): timedelta(days=1),
    }
