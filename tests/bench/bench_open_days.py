"""Opening 90 days of 151 offices: calls, units and their price; how long; and a second run.

Units are counted on the model of `tests/engines/memory.py`, which computes them from item sizes as
AWS does: for some offices, since they grow with the number of offices alone. Durations are
DynamoDB Local's on this machine. On AWS the calls follow one another, so their number times what
one takes there is how long a run lasts.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from antrean.domain.offices import Office
from antrean.domain.releases import Share, Staged
from antrean.domain.schedule import Hours, Schedule, Timetable, ordinary_week
from antrean.domain.slots import Lane
from antrean.handlers import open_days
from antrean.store.items.office import put_office
from infra.seed import holidays, offices
from tests.bench.table import Row, at_most
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.clocks import StandingClock
from tests.support.gateway import Context
from tests.support.worlds import TABLE, World, a_world, deadline

OFFICES, DAYS = 151, 90
COUNTED = 10
"""Offices that units are counted of; told are those of all."""
LONGEST_RUN = 900.0
"""Seconds that Lambda gives the function."""
TRANSACTION, QUERY = 0.15, 0.02
"""Seconds: generous for a transaction of a hundred writes and for a page of a Query on AWS. What
DynamoDB promises is single-digit milliseconds for one item."""
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
"""USD: list price on demand in us-east-1, November 2026. Jakarta's is some tenths higher."""
KARAWANG = Staged((Share(3, 10), Share(2, 30), Share(1, 60)), "0900")
"""The rule that stores most on a slot: two held shares."""


def seeded() -> Iterator[Office]:
    """As many offices as there are: those of the seed, and units of some of them."""
    known = [replace(office, horizon_days=DAYS - 1) for office in offices.offices()]
    yield from known
    for office in known[: OFFICES - len(known)]:
        yield replace(office, office_id=f"{office.office_id}-unit")


def with_everything(office: Office) -> Office:
    """The same with three lanes and staged releases."""
    (ordinary,) = ordinary_week(office.daily_quota).timetables
    hours = tuple(
        Hours(lane, same.weekdays, same.windows) for same in ordinary.hours for lane in Lane
    )
    timetable = Timetable("all lanes", ordinary.valid_from, None, hours)
    rules = dict.fromkeys(Lane, KARAWANG)
    return replace(office, schedule=Schedule((timetable,)), releases=rules)


@pytest.fixture
def model() -> Iterator[World]:
    """An empty table of the model."""
    with a_world(MemoryDynamoDB((TABLE,)), StandingClock()) as world:
        yield world


def set_up(change: Callable[[Office], Office] = lambda office: office, most: int = OFFICES) -> None:
    holidays.load()
    for office in islice(seeded(), most):
        put_office(change(office), deadline())


def run() -> dict[str, int]:
    return open_days.handler({}, Context())


@pytest.mark.parametrize(
    ("what", "change"),
    [("one lane", lambda office: office), ("three lanes, staged", with_everything)],
)
def test_units(
    model: World, report: Callable[..., None], what: str, change: Callable[[Office], Office]
) -> None:
    set_up(change, COUNTED)
    for name in ("first run", "second run"):
        before = len(model.client.log)
        opened = run()["slots"]
        calls = model.client.log[before:]
        told = Counter(call.operation for call in calls)
        reads, writes = (
            sum(units) * OFFICES / COUNTED
            for units in ((call.reads for call in calls), (call.writes for call in calls))
        )
        on_aws = told["TransactWriteItems"] * TRANSACTION + told["Query"] * QUERY
        price = reads * READ_UNIT + writes * WRITE_UNIT
        calls_told = ", ".join(f"{count / COUNTED:g} {one}" for one, count in told.items())
        report(
            Row(f"{what}, {name}: slots", f"{opened * OFFICES / COUNTED:,.0f}"),
            Row(f"{what}, {name}: read / write units", f"{reads:,.0f} / {writes:,.0f}"),
            Row(f"{what}, {name}: price", f"{price:.4f} USD"),
            at_most(
                f"{what}, {name}: calls at AWS's pace",
                on_aws * OFFICES / COUNTED,
                LONGEST_RUN,
                "s",
                reference=f"{calls_told} an office",
            ),
        )
    report(at_most(f"{what}, second run: write units", writes, 0))


def test_duration(
    dynamodb: DynamoDBLocal, dynamodb_table: str, report: Callable[..., None]
) -> None:
    client: Any = dynamodb.client()
    with pytest.MonkeyPatch.context() as patch, a_world(client, StandingClock()):
        patch.setenv("TABLE_NAME", dynamodb_table)
        _use(client)
        set_up()
        for name in ("first", "second"):
            began, worked = time.perf_counter(), time.process_time()
            run()
            took, own = time.perf_counter() - began, time.process_time() - worked
            reference = f"of it {own:.1f} s our own processor time"
            report(Row(f"one lane, {name} run on DynamoDB Local", f"{took:.1f} s", "", reference))


def _use(client: Any) -> None:
    """Have the store use the table that the environment names now."""
    from antrean.runtime.settings import settings
    from antrean.store.dynamodb import connect, table

    settings.cache_clear()
    table.cache_clear()
    connect(client)
