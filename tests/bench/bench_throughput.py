"""Bookings a second through the whole handler, as a share of the same calls without our code.

Each client is a process: one request at a time, as in Lambda. The two sides take turns in the
same processes against the same DynamoDB Local, which with them has the machine's cores to share;
the share is the median of the turns' shares, so that what others do to the machine meets both.
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

from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.runtime import clock
from antrean.store.items.office import put_office
from antrean.store.writes.open_slots import open_slots
from tests.bench import raw
from tests.bench.clients import clients
from tests.bench.table import at_least, told
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.support.clocks import StandingClock
from tests.support.gateway import Context, event
from tests.support.people import TUESDAY, an_office, booking_json, key, person
from tests.support.worlds import OneSecret, deadline, enter

WARM_UP, TURNS = 2, 9
BOOKINGS = {1: 120, 20: 240}
"""Of one turn of one side, by the number of clients."""
SLOTS = 8
"""Windows that the clients book in, as they would on a release: many clients to each."""
PEOPLE = 9_000
"""Numbers of people that a client has for itself."""

type Side = Literal["handler", "raw"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one client did in one turn: seconds of its processor, and when it ended."""

    cpu: float
    begun: float
    ended: float


def start(slot: int) -> str:
    return f"{8 + slot:02}00"


def open_for_all() -> None:
    put_office(an_office(), deadline())
    refs = [SlotRef("kotabumi", TUESDAY, Lane.REGULAR, start(slot)) for slot in range(SLOTS)]
    open_slots([Slot(ref, f"{ref.start[:2]}59", 9_000, 9_000) for ref in refs], deadline())


class Booker:
    """One client's process: warm, with a connection of its own, and people of its own."""

    def __init__(self, number: int) -> None:
        from antrean.handlers.public_api import handler

        self._handler = handler
        self._context = Context()
        self._window = f"{8 + number % SLOTS:02}:00"
        self._next = number * PEOPLE
        self._recorded = raw.record(handler, self._event())
        self._client = raw.client()

    def _event(self) -> dict[str, Any]:
        self._next += 1
        return event(
            "POST",
            "/v1/bookings",
            headers={"Idempotency-Key": key(self._next)},
            body=booking_json(person(self._next), window=self._window),
        )

    def prepared(self, side: Side, count: int) -> list[Callable[[], Any]]:
        """A turn's work, with everything made that a client would send."""
        if side == "handler":
            events = [self._event() for _ in range(count)]
            return [lambda each=each: self._handler(each, self._context) for each in events]  # type: ignore[misc]
        calls = [self._recorded.of_another() for _ in range(count)]
        return [lambda each=each: raw.send(self._client, each) for each in calls]  # type: ignore[misc]


def _work(number: int, endpoint: str, name: str, told: Connection, barrier: Any) -> None:
    """A client: takes turns until there are no more. Its log goes where nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with pytest.MonkeyPatch.context() as patch, clock.use(StandingClock()):
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        enter(patch, None, TABLE_NAME=name)
        patch.setitem(DEFAULT_PROVIDERS, "secrets", OneSecret())
        booker = Booker(number)
        told.send("ready")
        while order := told.recv():
            side, count = order
            work = booker.prepared(side, count)
            barrier.wait(600)
            begun, cpu = time.monotonic(), time.process_time()
            answers = [do() for do in work]
            turn = Turn(time.process_time() - cpu, begun, time.monotonic())
            assert all(answer is None or answer["statusCode"] == 201 for answer in answers)
            told.send(turn)


@dataclass(frozen=True, slots=True)
class Clients:
    """Processes that take turns together."""

    connections: Sequence[Connection]

    def turn(self, side: Side, bookings: int) -> tuple[float, float]:
        """Bookings a second of all together, and the processor's milliseconds of a booking."""
        each = bookings // len(self.connections)
        for connection in self.connections:
            connection.send((side, each))
        turns: list[Turn] = [connection.recv() for connection in self.connections]
        seconds = max(turn.ended for turn in turns) - min(turn.begun for turn in turns)
        done = each * len(turns)
        return done / seconds, sum(turn.cpu for turn in turns) / done * 1000


@dataclass(slots=True)
class Figures:
    """What the turns of one side came to: bookings a second, and processor milliseconds of one."""

    speeds: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    @property
    def speed(self) -> float:
        return statistics.median(self.speeds)

    @property
    def processor(self) -> float:
        """Milliseconds of client and server together."""
        return statistics.median(map(sum, zip(self.client, self.server, strict=True)))


def take_turns(together: Clients, server: DynamoDBLocal, bookings: int) -> dict[Side, Figures]:
    """Let both sides book by turns; the first turns are for the server's just-in-time compiler."""
    figures: dict[Side, Figures] = {"handler": Figures(), "raw": Figures()}
    for number in range(-WARM_UP, TURNS):
        # Who goes first changes, so that a rising load does not fall on one side alone.
        sides: list[Side] = ["handler", "raw"] if number % 2 else ["raw", "handler"]
        for side in sides:
            before = processor_seconds(server.pid)
            speed, client = together.turn(side, bookings)
            spent = (processor_seconds(server.pid) - before) / bookings * 1000
            if number >= 0:
                figures[side].speeds.append(speed)
                figures[side].client.append(client)
                figures[side].server.append(spent)
    return figures


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far (Linux)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("count", [1, 20])
def test_throughput(
    count: int, dynamodb: DynamoDBLocal, dynamodb_table: str, report: Callable[..., None]
) -> None:
    with pytest.MonkeyPatch.context() as patch, clock.use(StandingClock()):
        enter(patch, dynamodb.client(), TABLE_NAME=dynamodb_table)
        open_for_all()
    with clients(count, dynamodb, dynamodb_table, _work) as pipes:
        figures = take_turns(Clients(pipes), dynamodb, BOOKINGS[count])
    ours, raw_calls = figures["handler"], figures["raw"]
    pairs = zip(ours.speeds, raw_calls.speeds, strict=True)
    least, *_, most = shares = sorted(mine / theirs for mine, theirs in pairs)
    who = f"{count} client{'s' if count > 1 else ''}"
    report(
        at_least(
            f"throughput, {who}, share of the raw calls",
            statistics.median(shares),
            0.8,
            reference=f"{told(ours.speed)} of {told(raw_calls.speed)} bookings/s, "
            f"shares {least:.2f} to {most:.2f}",
        ),
        at_least(
            f"the same by processor time, {who}",
            raw_calls.processor / ours.processor,
            0.8,
            reference=f"raw {told(raw_calls.processor)} of {told(ours.processor, 'ms')}, of both "
            f"{told(statistics.median(ours.server), 'ms')} DynamoDB Local",
        ),
    )
