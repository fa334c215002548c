"""What the whole handler costs when the network costs nothing: API Gateway event in, response out.

Once with DynamoDB's answers in memory at next to no cost: Powertools, our code and PynamoDB. And
once with botocore, which makes, signs and reads every call and only sends none.

The figure is processor time, because waiting for a core is not the handler's, and of several
batches that with the least median: what others do on the machine can only add.
"""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from logging import StreamHandler
from pathlib import Path
from typing import Any

import pytest

from antrean.api import app as shared
from antrean.handlers.public_api import handler
from antrean.store.dynamodb import connect, table
from tests.bench import raw
from tests.bench.table import Row, at_most, told
from tests.bench.without_network import Answers, cut_off
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.gateway import Client, Context, event
from tests.support.people import booking_json, key, person
from tests.support.worlds import TABLE, a_world

WARM_UP, BATCH, BATCHES = 100, 200, 5


def booking(number: int) -> dict[str, Any]:
    return event(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(number)},
        body=booking_json(person(number), window="08:00"),
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Have the log written as in Lambda, and read by nobody."""
    own = next(each for each in shared.logger.handlers if isinstance(each, StreamHandler))
    with Path(os.devnull).open("w") as nowhere:
        before = own.setStream(nowhere)
        try:
            yield
        finally:
            own.setStream(before)


@pytest.fixture
def recorded() -> Iterator[raw.Recorded]:
    """A world for bookings, and the calls of one of them."""
    with a_world(MemoryDynamoDB((TABLE,)), StandingClock()) as world, quiet():
        world.has_office(open_days=30)
        yield raw.record(handler, booking(0))


def in_memory() -> None:
    connect(Answers(TABLE))


def with_botocore() -> None:
    connect(None)
    cut_off(table().connection.client, TABLE)


def warm_up() -> None:
    for number in range(1, WARM_UP):
        assert Client(handler).send(booking(number)).status == 201


@dataclass(frozen=True, slots=True)
class Batch:
    """Milliseconds of each of many bookings, by the processor's time and by the wall clock."""

    processor: list[float]
    wall: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.processor)


def timed(work: Sequence[Callable[[], object]]) -> Batch:
    batch = Batch([], [])
    gc.collect()
    for each in work:
        begun, of_processor = time.perf_counter(), time.process_time()
        each()
        batch.processor.append((time.process_time() - of_processor) * 1000)
        batch.wall.append((time.perf_counter() - begun) * 1000)
    return batch


def bookings() -> list[Callable[[], object]]:
    context = Context()
    events = [booking(number) for number in range(WARM_UP, WARM_UP + BATCH)]
    return [partial(handler, event, context) for event in events]


def raw_calls(recorded: raw.Recorded) -> list[Callable[[], object]]:
    client = raw.client()
    cut_off(client, TABLE)
    return [partial(raw.send, client, recorded.of_another()) for _ in range(BATCH)]


def p99(durations: Sequence[float]) -> float:
    return statistics.quantiles(durations, n=100)[98]


def quietest(batches: Sequence[Batch]) -> Batch:
    return min(batches, key=lambda batch: batch.median)


def further(what: str, batches: Sequence[Batch]) -> list[Row]:
    """How far the bookings of the quietest batch lie apart, and what all batches say."""
    best, wall = quietest(batches), [each for batch in batches for each in batch.wall]
    every = [each for batch in batches for each in batch.processor]
    return [
        Row(
            f"{what}: 99 of 100 within",
            told(p99(best.processor), "ms"),
            reference=f"all batches: median {told(statistics.median(every))}, 99 of 100 within "
            f"{told(p99(every), 'ms')}; wall {told(statistics.median(wall))}, {told(p99(wall))}",
        )
    ]


def test_the_handler_in_memory(recorded: raw.Recorded, report: Callable[..., None]) -> None:
    in_memory()
    warm_up()
    batches = [timed(bookings()) for _ in range(BATCHES)]
    what = "a booking through the handler, DynamoDB in memory"
    report(at_most(f"{what}: median", quietest(batches).median, 3, "ms"))
    report(*further(what, batches))


def test_the_handler_with_botocore(recorded: raw.Recorded, report: Callable[..., None]) -> None:
    with_botocore()
    warm_up()
    ours, reference = [], []
    for _ in range(BATCHES):
        ours.append(timed(bookings()))
        reference.append(timed(raw_calls(recorded)))
    what = "the same with botocore, nothing sent"
    alone = told(quietest(reference).median, "ms")
    report(
        Row(
            f"{what}: median",
            told(quietest(ours).median, "ms"),
            reference=f"botocore's 3 calls alone: {alone}",
        )
    )
    report(*further(what, ours))
