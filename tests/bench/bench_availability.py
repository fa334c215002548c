"""What showing a month costs beside a booking, and how long lookers wait, alone and in a crowd.

Each client is a process: one request at a time, as in Lambda. Bookings, reads of a month of which
nothing is remembered, reads of a remembered one, and the two calls of a read by botocore alone take
turns in the same processes against the same DynamoDB Local, so that what others do to the machine
meets all alike. Processor time is the client's own.

A crowd of twenty shares the machine's cores with DynamoDB Local, so how long it waits says how
long the queues are, for a core and within DynamoDB Local. What is compared is the spread: how much
longer 99 of 100 wait than the median. Of the slowest it is told where they waited.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import pytest
from aws_lambda_powertools.utilities.parameters.constants import DEFAULT_PROVIDERS

from antrean.handlers import open_days
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.office import put_office
from tests.bench import raw
from tests.bench.clients import clients
from tests.bench.table import Row, at_most, told
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.support.clocks import StandingClock
from tests.support.gateway import Context, event
from tests.support.people import an_office, booking_json, key, person
from tests.support.worlds import OneSecret, deadline, enter

WARM_UP, TURNS = 2, 7
EACH = {1: 60, 20: 12}
"""Requests of one kind that a client makes in a turn, by the number of clients."""
PEOPLE = 9_000
"""Numbers of people that a client has for itself."""
DAYS = 31
PLACES = 50_000
"""Places a day: more than are booked."""
COLD, REMEMBERED, SPREAD = 8.0, 1.0, 4.0
"""Milliseconds of the client's processor, and times the median."""

type Kind = Literal["booking", "month", "remembered", "raw calls"]

KINDS: tuple[Kind, ...] = ("booking", "month", "remembered", "raw calls")


@dataclass(frozen=True, slots=True)
class Request:
    """One request's milliseconds.

    `cpu`: of its own processor time; `wall`: until its answer, and of these `store`: in calls of
    DynamoDB, and `queued`: ready to run and without a core.
    """

    cpu: float
    wall: float
    store: float
    queued: float


class Asker:
    """One client's process: warm, with a connection of its own, and people of its own."""

    def __init__(self, number: int) -> None:
        from antrean.handlers.public_api import handler
        from antrean.runtime.settings import settings
        from antrean.store.dynamodb import table

        self._handler, self._context = handler, Context()
        self._next, self._window = number * PEOPLE, f"{8 + number % 4:02}:00"
        self._month = event("GET", "/v1/offices/{office_id}/availability", office_id="kotabumi")
        self._table, self._raw = settings().table_name, raw.client()
        self._waited = 0.0
        client = table().connection.client
        self._call = client._make_api_call
        client._make_api_call = self._timed  # type: ignore[assignment, method-assign]

    def _timed(self, operation: str, request: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        try:
            return self._call(operation, request)
        finally:
            self._waited += time.perf_counter() - begun

    def _event(self, kind: Kind) -> dict[str, Any]:
        if kind != "booking":
            return self._month
        self._next += 1
        return event(
            "POST",
            "/v1/bookings",
            headers={"Idempotency-Key": key(self._next)},
            body=booking_json(person(self._next), window=self._window),
        )

    def ask(self, kind: Kind) -> Request:
        """Ask once, and say what it took."""
        sent = self._event(kind)
        if kind == "month":
            forget()
        self._waited = 0.0
        begun, cpu, queued = time.perf_counter(), time.process_time(), seconds_queued()
        if kind == "raw calls":
            self._read_raw()
        else:
            answer = self._handler(sent, self._context)
            assert answer["statusCode"] in (200, 201), answer
        cpu, queued = time.process_time() - cpu, seconds_queued() - queued
        wall = time.perf_counter() - begun
        spent = cpu, wall, wall if kind == "raw calls" else self._waited, queued
        return Request(*(seconds * 1000 for seconds in spent))

    def _read_raw(self) -> None:
        office = {"pk": {"S": "OFFICES"}, "sk": {"S": "kotabumi"}}
        self._raw.get_item(TableName=self._table, Key=office, ConsistentRead=True)
        month = self._raw.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": "SLOTS#kotabumi"},
                ":first": {"S": "2026-11-23"},
                ":last": {"S": "2026-12-24"},
            },
        )
        assert month["Count"] > 100


def seconds_queued() -> float:
    """How long this process has stood ready to run without a core (Linux)."""
    return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9


def _work(number: int, endpoint: str, name: str, told: Connection, barrier: Any) -> None:
    """A client: takes turns until there are no more. Its log goes where nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with pytest.MonkeyPatch.context() as patch, clock.use(StandingClock()):
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        enter(patch, None, TABLE_NAME=name)
        patch.setitem(DEFAULT_PROVIDERS, "secrets", OneSecret())
        asker = Asker(number)
        for kind in KINDS:
            asker.ask(kind)
        told.send("ready")
        while order := told.recv():
            kind, count = order
            forget()
            asker.ask(kind)  # what a warm function remembers of it, it remembers now
            barrier.wait(600)
            told.send([asker.ask(kind) for _ in range(count)])


@dataclass(slots=True)
class Figures:
    """All requests of one kind."""

    requests: list[Request] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        return statistics.median(one.cpu for one in self.requests)

    @property
    def wall(self) -> float:
        return statistics.median(one.wall for one in self.requests)

    @property
    def p99(self) -> float:
        return statistics.quantiles((one.wall for one in self.requests), n=100)[98]

    def slowest(self) -> str:
        """Where the slowest hundredth spent its time."""
        slow = sorted(self.requests, key=lambda one: one.wall)[-max(1, len(self.requests) // 100) :]
        wall, store, queued, cpu = (
            statistics.mean(getattr(one, name) for one in slow)
            for name in ("wall", "store", "queued", "cpu")
        )
        return (
            f"the slowest hundredth {told(wall)}: in DynamoDB's calls {told(store)}, "
            f"without a core {told(queued)}, own processor time {told(cpu)}"
        )


def take_turns(ours: Sequence[Connection], each: int) -> dict[Kind, Figures]:
    """Let all ask for the one, then the other; the first turns are for warming up."""
    figures: dict[Kind, Figures] = {kind: Figures() for kind in KINDS}
    for number in range(-WARM_UP, TURNS):
        # Who goes first changes, so that a rising load does not fall on one kind alone.
        for kind in KINDS if number % 2 else reversed(KINDS):
            for connection in ours:
                connection.send((kind, each))
            for connection in ours:
                requests = connection.recv()
                if number >= 0:
                    figures[kind].requests += requests
    return figures


@pytest.mark.parametrize("count", [1, 20])
def test_availability(
    count: int, dynamodb: DynamoDBLocal, dynamodb_table: str, report: Callable[..., None]
) -> None:
    with pytest.MonkeyPatch.context() as patch, clock.use(StandingClock()):
        enter(patch, dynamodb.client(), TABLE_NAME=dynamodb_table)
        open_a_month()
    with clients(count, dynamodb, dynamodb_table, _work) as ours:
        figures = take_turns(ours, EACH[count])
    who = f"{count} client{'s' if count > 1 else ''}"
    beside = "a booking {}, the two calls of a read by botocore alone {}".format(
        *(told(figures[kind].cpu, "ms") for kind in KINDS if kind in ("booking", "raw calls"))
    )
    what = f"processor time of 30 days of availability, {who}"
    report(
        at_most(f"{what}, nothing remembered", figures["month"].cpu, COLD, "ms", beside),
        at_most(f"{what}, remembered", figures["remembered"].cpu, REMEMBERED, "ms", beside),
    )
    for kind, one in figures.items():
        times = one.p99 / one.wall
        what = f"{kind}, {who}: 99 of 100 against the median"
        spread = f"median {told(one.wall)}, 99 of 100 in {told(one.p99, 'ms')}; {one.slowest()}"
        if kind == "month" and count > 1:
            report(at_most(what, times, SPREAD, "times", spread))
        else:
            report(Row(what, told(times, "times"), reference=spread))


def open_a_month() -> None:
    office = an_office(daily_quota=PLACES)
    put_office(office, deadline())
    open_days.handler({"office_ids": [office.office_id], "days": DAYS}, Context())
