"""Places that are not on sale, days that are not open, and those who are not moved: counted all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days import move_day
from antrean.days.change_days import change_day
from antrean.days.move_day import begin_move, run_move
from antrean.domain.audit import Author
from antrean.domain.moves import DONE, RUNNING, WAITING, MoveProgress, Staying, Why
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import DayChange, WindowChange
from antrean.domain.releases import Rolling
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.move import MoveItem, get_move
from antrean.store.items.office import put_office
from antrean.store.items.slot import slots_between
from antrean.store.items.staying import who_stays
from antrean.store.writes.claim import claim
from antrean.store.writes.end_move import end_move
from antrean.store.writes.sweep import GRACE, sweep_slot
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import records_of, slot_now
from tests.support.worlds import World, deadline
from tests.unit.counter.office_day import clock_at, next_called, party_booked, party_checked_in

ADMIN = Author("u-1", "r-1")
SCOPE = f"{TUESDAY}#all#all"
WEDNESDAY = TUESDAY + timedelta(days=1)


def moved(office: Office) -> MoveProgress:
    begin_move(office, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    return run_again(office)


def run_again(office: Office) -> MoveProgress:
    forget()
    clock.sleep(1)  # so that records stand in their order
    return run_move(office, SCOPE, deadline())


def of_tuesday(number: int, size: int = 1, **changes: Any) -> Booked:
    forget()
    return book(a_request(number, *people(size, first=10 * number), **changes), deadline())


def as_it_stands(made: Booked | Booking) -> Booking:
    now = get_booking(made.booking.code if isinstance(made, Booked) else made.code, deadline())
    assert now is not None
    return now


def told(office: Office) -> list[Any]:
    """What the record says of the runs through the move, oldest first."""
    entries = [one.entry for one in records_of(office.office_id)]
    return [entry.after for entry in reversed(entries) if entry.what.startswith("moved ")]


def test_at_an_office_that_releases_its_places_late_everybody_is_moved(world: World) -> None:
    at_once = world.has_office(open_days=2)
    made = of_tuesday(1, 3)
    office = replace(at_once, releases={Lane.REGULAR: Rolling(1, "0800")})
    put_office(office, deadline())
    world.has_office(office, open_days=10)
    assert (moved(office).state, get_move("kotabumi", SCOPE, deadline()).moved) == (DONE, 1)
    now = as_it_stands(made)
    slot = slot_now(now.ref)
    assert (now.ref.day, slot.release_at > clock.epoch(), slot.taken) == (WEDNESDAY, True, 3)


def test_days_that_are_not_open_yet_are_opened_for_a_move(world: World) -> None:
    office = world.has_office(open_days=2, horizon_days=9)
    made = of_tuesday(1)
    assert slots_between("kotabumi", WEDNESDAY, WEDNESDAY, deadline()) == []
    assert moved(office).state == DONE
    assert as_it_stands(made).ref.day == WEDNESDAY
    assert slots_between("kotabumi", WEDNESDAY, WEDNESDAY, deadline())


def test_who_finds_no_place_waits_and_is_moved_when_places_come(world: World) -> None:
    office = world.has_office(open_days=2, horizon_days=1)
    family, alone = of_tuesday(1, 4), of_tuesday(2)
    waits = moved(office)
    assert (waits.state, waits.without_place, waits.pause) == (WAITING, 2, move_day.WAIT_SECONDS)
    both = [Staying(one.booking.code, Why.NO_PLACE) for one in (family, alone)]
    assert sorted(who_stays(waits, deadline())) == sorted(both)

    again = run_again(office)
    assert (again.state, again.moved) == (WAITING, 0)
    assert told(office) == [{"state": WAITING, "moved": 0, "left": 0, "waiting": 2}], "once"

    done = run_again(replace(office, horizon_days=2))
    assert (done.state, done.moved, done.without_place) == (DONE, 2, 0)
    assert who_stays(done, deadline()) == []
    assert told(office)[1:] == [{"state": DONE, "moved": 2, "left": 0, "waiting": 0}]


def test_who_waited_and_went_by_themselves_is_counted_as_left(world: World) -> None:
    office = world.has_office(open_days=3, horizon_days=2)
    for window in office.windows_on(WEDNESDAY, Lane.REGULAR):
        nothing = DayChange([WindowChange(Lane.REGULAR, window.start, quota=0)])
        change_day(office, WEDNESDAY, nothing, ADMIN, deadline())
    gone, went, stays = of_tuesday(1), of_tuesday(2), of_tuesday(3)
    assert moved(office).without_place == 3
    one_place = DayChange([WindowChange(Lane.REGULAR, "0800", quota=1)])
    change_day(office, WEDNESDAY, one_place, ADMIN, deadline())
    cancel_booking(open_booking(gone.booking.code, gone.token, deadline()), deadline())
    held = open_booking(went.booking.code, went.token, deadline())
    forget()
    reschedule_booking(held, WEDNESDAY, None, Overflow.NONE, deadline())

    after = run_again(office)
    assert (after.state, after.moved, after.left, after.without_place) == (WAITING, 0, 2, 1)
    assert dict(who_stays(after, deadline())) == {
        gone.booking.code: Why.CANCELLED,
        went.booking.code: Why.MOVED_BY_HOLDER,
        stays.booking.code: Why.NO_PLACE,
    }


def test_who_was_called_is_counted_as_left(world: World) -> None:
    office = world.has_office(open_days=5)
    called, waits = party_booked(1, "0800", 2), party_booked(2, "0800")
    clock_at(world, office, "0750")
    party_checked_in(office, called)
    next_called(office, "1", "a")
    done = moved(office)
    assert (done.state, done.moved, done.left, done.without_place) == (DONE, 1, 1, 0)
    assert who_stays(done, deadline()) == [Staying(called.code, Why.CALLED)]
    assert as_it_stands(waits).ref.day == WEDNESDAY
    assert told(office) == [{"state": DONE, "moved": 1, "left": 1, "waiting": 0}]


def test_a_move_runs_on_while_a_number_may_still_be_filed(world: World) -> None:
    office = world.has_office(open_days=5)
    made = of_tuesday(1)
    claimed = claim(made.booking.ref, 2, clock.epoch(), deadline())
    assert claimed is not None
    part = moved(office)
    assert (part.state, part.moved, part.pause) == (RUNNING, 1, GRACE)
    assert get_move("kotabumi", SCOPE, deadline()).state == RUNNING
    for _ in range(2):
        sweep_slot(slot_now(made.booking.ref), deadline())
        world.time.forward(seconds=GRACE)
    assert run_again(office).state == DONE


def test_a_run_that_was_overtaken_ends_nothing(world: World) -> None:
    office = world.has_office(open_days=5)
    of_tuesday(1)
    begun = begin_move(office, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    run_again(office)
    asked_again = begin_move(office, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    for read in (begun, replace(asked_again, state=WAITING)):
        assert end_move(read, 0, 1, clock.epoch(), deadline()) == asked_again
    assert told(office) == [{"state": DONE, "moved": 1, "left": 0, "waiting": 0}]


def test_a_number_of_another_window_holds_nothing_up(world: World) -> None:
    office = world.has_office(open_days=5)
    made = of_tuesday(1, start="0800")
    assert claim(made.booking.ref._replace(start="0900"), 1, clock.epoch(), deadline())
    scope = begin_move(office, TUESDAY, None, "0800", "Banjir", ADMIN, deadline()).scope
    assert run_move(office, scope, deadline()).state == DONE


def test_a_move_of_before_its_counts_were_kept_is_read(world: World) -> None:
    old = MoveItem.keyed("kotabumi", SCOPE)
    old.reason, old.state, old.floor, old.started_at = "Banjir", DONE, "", 1
    old.moved, old.without_place = 3, 1
    old.save()
    read = get_move("kotabumi", SCOPE, deadline())
    assert (read.moved, read.left, read.through_at, read.again_at) == (3, 0, None, 0)


@pytest.mark.parametrize("lane", Lane)
def test_a_move_covers_its_day_its_lane_and_its_window(lane: Lane) -> None:
    ref = SlotRef("kotabumi", TUESDAY, lane, "0800")
    assert MoveProgress("kotabumi", TUESDAY, None, None, "").covers(ref)
    assert MoveProgress("kotabumi", TUESDAY, lane, "0800", "").covers(ref)
    assert not MoveProgress("kotabumi", WEDNESDAY, None, None, "").covers(ref)
    assert not MoveProgress("kotabumi", TUESDAY, lane, "0900", "").covers(ref)
