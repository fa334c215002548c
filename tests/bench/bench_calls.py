"""What a booking costs in DynamoDB: round trips, and units as AWS charges them.

Counted at the client on the model of `tests/engines/memory.py`, which computes units from item
sizes as AWS does (a transaction's write twice, an eventually consistent read half); DynamoDB Local
charges transactions once. The figures are exact and the same in every run.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.counter.queue_position import queue_position
from antrean.days.availability import availability
from antrean.domain.errors import NoPlaces
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane
from antrean.handlers.sweep import sweep
from antrean.runtime.registry import forget
from antrean.store.items.slot import slots_between
from tests.bench.table import Row, at_most
from tests.engines.memory.client import Answered, MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import TABLE, World, a_world, deadline

DAYS = 30
CALLS, UNITS = "round trips", "units"


@pytest.fixture
def world() -> Iterator[World]:
    """A usual office, opened for a month, its name and hours remembered."""
    with a_world(MemoryDynamoDB((TABLE,)), StandingClock()) as world:
        world.has_office(open_days=DAYS, daily_quota=700)
        book(a_request(1), deadline())
        yield world


def cost(world: World, do: Callable[[], object]) -> tuple[list[Answered], float, float]:
    """The calls that `do` makes, the read units and the write units of all of them."""
    before = len(world.client.log)
    do()
    calls = world.client.log[before:]
    return calls, sum(call.reads for call in calls), sum(call.writes for call in calls)


def names(calls: list[Answered]) -> str:
    return ", ".join(call.operation for call in calls)


def refused(number: int, **changes: object) -> None:
    with pytest.raises(NoPlaces):
        book(a_request(number, start="0800", overflow=Overflow.NONE, **changes), deadline())


def test_a_booking(world: World, report: Callable[..., None]) -> None:
    calls, reads, writes = cost(world, lambda: book(a_request(2), deadline()))
    report(
        at_most("round trips of a booking", len(calls), 3, reference=names(calls)),
        at_most("write units of a booking", writes, 7, reference="claim 1, file 2 x 3 items"),
        Row("read units of a booking", f"{reads:g}", reference="look: code and person, consistent"),
    )
    five = people(5, first=100)
    calls, _, writes = cost(world, lambda: book(a_request(3, *five), deadline()))
    report(
        Row("round trips of a family of five", str(len(calls))),
        Row("write units of a family of five", f"{writes:g}", reference="claim 1, file 2 x 11"),
    )
    forget()
    calls, reads, _ = cost(world, lambda: book(a_request(4), deadline()))
    report(Row("the same in a cold function: round trips", str(len(calls))))
    report(Row("the same in a cold function: read units", f"{reads:g}", reference="and the office"))


def test_a_refused_attempt(world: World, report: Callable[..., None]) -> None:
    quota = slots_between("kotabumi", TUESDAY, TUESDAY, deadline())[0].remaining
    while quota:
        party = min(5, quota)
        book(a_request(1000 + quota, *people(party, first=1000 + quota), start="0800"), deadline())
        quota -= party
    forget()
    calls, reads, writes = cost(world, lambda: refused(2))
    report(
        Row("write units of the first refused attempt", f"{writes:g}", reference=names(calls)),
        Row("read units of the first refused attempt", f"{reads:g}"),
    )
    calls, reads, writes = cost(world, lambda: refused(3))
    report(
        at_most("write units of a refused attempt, slot remembered", writes, 0),
        Row("read units of the same", f"{reads:g}", reference=names(calls)),
    )


def test_availability(world: World, report: Callable[..., None]) -> None:
    """Of an office each of whose slots was sold from and swept, so that its items are full."""
    office = world.has_office(daily_quota=700)
    opened = slots_between("kotabumi", TUESDAY, TUESDAY + timedelta(days=DAYS), deadline())
    for number, slot in enumerate(opened, start=10):
        wanted = {"day": slot.ref.day, "start": slot.ref.start}
        book(a_request(number, *people(1, first=number), **wanted), deadline())
    for _ in range(3):
        world.time.forward(seconds=61)
        sweep(deadline())
    calls, reads, _ = cost(
        world, lambda: availability(office, TUESDAY, DAYS, Lane.REGULAR, 1, deadline())
    )
    report(
        at_most(
            "read units of 30 days of availability",
            reads,
            4,
            reference=f"{names(calls)} of {len(opened)} slots",
        )
    )


def test_changes(world: World, report: Callable[..., None]) -> None:
    def held(booked: Booked) -> OpenedBooking:
        return open_booking(booked.booking.code, booked.token, deadline())

    def read(one: OpenedBooking) -> object:
        return queue_position(one.booking, one.office, deadline())

    first, second = book(a_request(5), deadline()), book(a_request(6), deadline())
    later = TUESDAY + timedelta(days=2)
    changes: dict[str, Callable[[], object]] = {
        "reading a booking": lambda: read(held(first)),
        "moving a booking": lambda: reschedule_booking(
            held(first), later, "0800", Overflow.NONE, deadline()
        ),
        "cancelling a booking": lambda: cancel_booking(held(second), deadline()),
    }
    for what, do in changes.items():
        calls, reads, writes = cost(world, do)
        told = f"{len(calls)} / {reads:g} / {writes:g}"
        report(Row(f"{what}: round trips / read / write units", told, reference=names(calls)))
