"""Moving a day: order kept, families together, nobody lost, whenever it is interrupted."""

from collections.abc import Sequence
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import day_slots
from antrean.days.move_day import begin_move, run_move
from antrean.domain.audit import Author
from antrean.domain.errors import Unavailable
from antrean.domain.moves import DONE, RUNNING, WAITING, MoveProgress
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.tickets import Booking
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import forget
from antrean.store.dynamodb import connect
from antrean.store.items.booking import get_booking
from operations.invariants import check_invariants
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import records_of
from tests.support.worlds import World, deadline

ADMIN = Author("u-1", "r-1")
WHY = "Server pusat padam"


@pytest.fixture
def office(world: World) -> Office:
    """Kotabumi: 20 places a day, four in the first two windows, three in the others."""
    return world.has_office(open_days=30)


def booked(*parties: int) -> list[Booked]:
    """Parties of these sizes, booked one after another for Tuesday."""
    made = []
    for number, size in enumerate(parties, start=1):
        forget()
        made.append(book(a_request(number, *people(size, first=number * 10)), deadline()))
    return made


class Crashing:
    """A client whose process dies at one of its calls."""

    def __init__(self, client: Any, crash_at: int) -> None:
        self._client, self._left = client, crash_at

    def _make_api_call(self, operation: str, kwargs: dict[str, Any]) -> Any:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return self._client._make_api_call(operation, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def begin(office: Office, **scope: str) -> MoveProgress:
    start = scope.get("start")
    return begin_move(office, TUESDAY, None, start, WHY, ADMIN, deadline())


def finish(office: Office, progress: MoveProgress) -> MoveProgress:
    forget()
    return run_move(office, progress.scope, deadline())


def as_they_stand(made: Sequence[Booked]) -> list[Booking]:
    found = [get_booking(booked.booking.code, deadline()) for booked in made]
    return [booking for booking in found if booking]


def test_everybody_is_on_a_later_date_in_the_order_of_the_day(office: Office) -> None:
    made = booked(1, 3, 2, 1, 3, 1)
    done = finish(office, begin(office))
    assert (done.state, done.moved, done.without_place) == (DONE, 6, 0)
    now = as_they_stand(made)
    places = [(booking.ref.day, booking.ref.start, booking.numbers[0]) for booking in now]
    assert all(day > TUESDAY for day, _, _ in places)
    by_old_number = sorted(
        zip(made, places, strict=True),
        key=lambda pair: (pair[0].booking.ref.start, pair[0].booking.numbers),
    )
    assert [place for _, place in by_old_number] == sorted(places)
    assert [len(booking.numbers) for booking in now] == [1, 3, 2, 1, 3, 1]


def test_each_booking_says_why_and_keeps_its_own_reschedule(office: Office) -> None:
    (made,) = booked(2)
    finish(office, begin(office))
    (now,) = as_they_stand([made])
    assert now.move
    assert (now.move.from_date, now.move.reason, now.move.by) == (TUESDAY, WHY, "office")
    assert (now.rescheduled, now.requested_date) == (0, TUESDAY)
    opened = open_booking(now.code, made.token, deadline())
    forget()
    later = now.ref.day.replace(day=now.ref.day.day + 1)
    own = reschedule_booking(opened, later, None, Overflow.NEXT_DATE, deadline())
    assert own.booking.rescheduled == 1


def test_the_day_is_closed_with_the_reason_and_the_move_on_the_record(office: Office) -> None:
    booked(1)
    finish(office, begin(office))
    assert {slot.reason for slot in day_slots(office.office_id, TUESDAY, deadline())} == {WHY}
    entries = [record.entry.what for record in records_of(office.office_id)]
    moves = {f"move {TUESDAY}#all#all", f"moved {TUESDAY}#all#all"}
    assert set(entries) == {*moves, f"change {TUESDAY}"}


def test_one_window_moves_alone(office: Office) -> None:
    made = booked(4, 3)
    done = finish(office, begin(office, start="0800"))
    assert done.moved == 1
    now = as_they_stand(made)
    assert now[0].ref.day > TUESDAY
    assert now[1].ref.day == TUESDAY


@pytest.mark.parametrize("crash_at", range(1, 12))
def test_a_crash_at_any_call_leaves_nobody_lost_and_the_next_run_goes_on(
    world: World, office: Office, crash_at: int
) -> None:
    made = booked(1, 2, 3)
    progress = begin(office)
    connect(Crashing(world.client, crash_at))
    with pytest.raises(KeyboardInterrupt):
        run_move(office, progress.scope, deadline())
    connect(world.client)
    assert check_invariants(deadline()) == []
    done = finish(office, progress)
    assert (done.state, done.moved) == (DONE, 3)
    assert all(booking.ref.day > TUESDAY for booking in as_they_stand(made))


def test_a_run_out_of_time_says_so_and_the_next_one_goes_on(world: World, office: Office) -> None:
    booked(1, 1)
    progress = begin(office)
    forget()
    spent = Deadline(until=world.time.seconds())
    try:
        part = run_move(office, progress.scope, spent)
    except Unavailable:
        pytest.fail("nothing was wrong but the time")
    assert part.state == RUNNING
    assert finish(office, progress).moved == 2


def test_who_finds_no_place_stays_and_is_counted(world: World) -> None:
    office = world.has_office(open_days=2, horizon_days=1)  # Monday, and Tuesday
    made = booked(1)
    done = finish(office, begin(office))
    assert (done.state, done.moved, done.without_place) == (WAITING, 0, 1)
    assert as_they_stand(made)[0].ref.day == TUESDAY


def test_the_move_asked_for_again_goes_on_with_those_that_are_left(office: Office) -> None:
    booked(1, 1)
    finish(office, begin(office))
    again = begin(office)
    assert (again.state, again.moved) == (RUNNING, 2)
    assert finish(office, again).moved == 2
