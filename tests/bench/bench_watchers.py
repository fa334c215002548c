"""What ten thousand people cost who watch one office: requests and read units a minute.

Through the whole handler over the model of `tests/engines/memory.py`, which computes units from
item sizes as AWS does. One function instance is watched for a minute of simulated time: what it
remembers costs the same at any rate of requests, what each request reads for itself is scaled up
to the watchers. How many instances there are follows from the rate and the time of a request
(Little's law), with 5 ms for each call of DynamoDB.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import pytest

from antrean.domain.day import Counter, LaneState, Number, Waiting, turn_of
from antrean.domain.offices import Office
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.handlers.public_api import handler
from antrean.runtime.registry import forget
from antrean.store.items.counter import CounterItem
from antrean.store.items.lane_state import LaneItem
from antrean.store.items.ticket import TicketItem
from antrean.store.items.waiting import WaitItem
from tests.bench.bench_overhead import quiet
from tests.bench.table import Row
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.gateway import Client, event
from tests.support.people import TUESDAY, booking_json, key, person
from tests.support.worlds import TABLE, World, a_world

WATCHERS, EVERY = 10_000, 5
POLLS = WATCHERS * 60 // EVERY
"""A minute."""
KEPT = 3
"""Seconds for which CloudFront keeps a board."""
SAMPLE = 600
"""Requests of the simulated minute: more than the memory's seconds, so that it is always asked."""
A_CALL = 0.005
"""Seconds of one call of DynamoDB, within its region."""
USD = 0.125
"""A million read units on demand, us-east-1, 2026."""
PLACES, HALL, COUNTERS = 700, 60, 12

api = Client(handler)


@dataclass(frozen=True, slots=True)
class Minute:
    """One instance's minute: a request's own reads, and the reads of what it shares."""

    own_calls: float
    own_units: float
    shared_calls: float
    shared_units: float
    seconds: float

    @property
    def instances(self) -> int:
        """As many are busy at once with all watchers."""
        return ceil(POLLS / 60 * (self.seconds + self.own_calls * A_CALL))

    def calls(self) -> float:
        return POLLS * self.own_calls + self.instances * self.shared_calls

    def units(self) -> float:
        return POLLS * self.own_units + self.instances * self.shared_units


@pytest.fixture
def world() -> Iterator[World]:
    """An office of 700 places in the middle of its day: 60 people in the hall, 12 counters."""
    time_ = StandingClock()
    with a_world(MemoryDynamoDB((TABLE,), now=time_.seconds), time_) as world:
        yield world


def a_watcher(world: World) -> dict[str, Any]:
    """Fill the day, and return the request of somebody who reads their booking."""
    office = world.has_office(open_days=2, daily_quota=PLACES)
    made = api(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(1)},
        body=booking_json(person(1), window="13:00"),
    ).json
    world.time.set(office.instant(TUESDAY, "1000"))
    fill(world, office)
    headers = {"Authorization": f"Bearer {made['token']}"}
    return event("GET", "/v1/bookings/{code}", code=made["code"], headers=headers)


def fill(world: World, office: Office) -> None:
    now, office_id = int(world.time.seconds()), office.office_id
    starts = [window.start for window in office.windows_on(TUESDAY, Lane.REGULAR)]
    for n in range(2, PLACES):
        start = starts[n * len(starts) // PLACES]
        ref = SlotRef(office_id, TUESDAY, Lane.REGULAR, start)
        ticket = Ticket(ref, n, TicketStatus.LIVE, f"CODE{n:06d}", "P" * 26, person(n))
        if n < HALL:
            number = Number(Lane.REGULAR, start, n)
            waiting = Waiting(number, turn_of(number, "2400", start), now - 600)
            WaitItem.of(office_id, TUESDAY, waiting).save()
            ticket = replace(ticket, status=TicketStatus.CHECKED_IN, turn=waiting.turn)
        TicketItem.of(ticket).save()
    recent = tuple(range(now - 19 * 60, now + 1, 60))
    LaneItem.of(office_id, TUESDAY, LaneState(Lane.REGULAR, recent=recent, version=300)).save()
    for n in range(COUNTERS):
        called = Number(Lane.REGULAR, "0900", 600 + n)
        counter = Counter(str(n), called, now - n, 1, key(n), called, version=40)
        CounterItem.of(office_id, TUESDAY, counter).save()


def a_minute(world: World, ask: dict[str, Any], before: Callable[[], None]) -> Minute:
    """Ask for a minute; `before` each request."""
    log = world.client.log
    assert api.send(ask).status == 200
    log.clear()
    assert api.send(ask).status == 200
    own_calls, own_units = len(log), sum(call.reads for call in log)
    log.clear()
    begun = time.process_time()
    for _ in range(SAMPLE):
        world.time.forward(seconds=60 / SAMPLE)
        before()
        api.send(ask)
    seconds = (time.process_time() - begun) / SAMPLE
    calls, units = len(log), sum(call.reads for call in log)
    return Minute(
        own_calls, own_units, calls - SAMPLE * own_calls, units - SAMPLE * own_units, seconds
    )


def nothing() -> None:
    """Remember what is remembered."""


def test_watchers(world: World, report: Callable[..., None]) -> None:
    booking = a_watcher(world)
    board = event("GET", "/v1/offices/{office_id}/board", office_id="kotabumi")
    with quiet():
        shared, alone = a_minute(world, board, nothing), a_minute(world, board, forget)
        own, own_alone = a_minute(world, booking, nothing), a_minute(world, booking, forget)
    reference = f"{all_of(alone):,.0f} units"
    cached = 60 / KEPT
    report(
        row("(a) board behind a shared 3 s cache", cached, shared.shared_units, 1, reference),
        row(
            "(b) board, straight to the function",
            POLLS,
            shared.units(),
            shared.instances,
            reference,
        ),
        row(
            "(c) a booking of one's own",
            POLLS,
            own.units(),
            own.instances,
            f"{all_of(own_alone):,.0f} units",
        ),
        Row(
            "own reads of a booking's poll: calls / units", f"{own.own_calls:g} / {own.own_units:g}"
        ),
        Row(
            "what an instance shares in a minute, of a booking: calls / units",
            f"{own.shared_calls:g} / {own.shared_units:g}",
        ),
    )
    assert shared.own_calls == 0


def all_of(minute: Minute) -> float:
    """Read units of a minute in which nothing is remembered: the sample's, for all polls."""
    return POLLS * (minute.own_units + minute.shared_units / SAMPLE)


def row(what: str, requests: float, units: float, instances: int, reference: str) -> Row:
    each_hour = units * 60 / 1e6 * USD
    figure = f"{requests:,.0f} requests, {units:,.0f} read units, {each_hour:.3f} USD an hour"
    return Row(what, figure, "", f"nothing remembered: {reference}; {instances} instances here")
