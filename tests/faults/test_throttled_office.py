"""One partition that always throttles is one office's trouble: every job does the others' work.

Each job runs once with nothing wrong, which says what it has to do at each office and which
partitions it asks for. Then once for each of these, throttled for good.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.counter.check_in import Arrival, check_in
from antrean.domain.audit import Author
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.slots import Lane, SlotRef
from antrean.handlers import (
    keep_statistics,
    mark_no_shows,
    open_days,
    plan_rosters,
    remind,
    sweep,
)
from antrean.handlers.each_office import CURSOR_SECONDS
from antrean.offices import holidays
from antrean.offices.each_office import OFFICE_SECONDS
from antrean.runtime import clock, queues
from antrean.runtime.registry import forget
from antrean.store.dynamodb import connect
from antrean.store.items.job_cursor import get_cursor
from antrean.store.items.office import put_office
from antrean.store.items.slot import slots_between
from antrean.store.items.statistics import statistics_between
from antrean.store.items.summary import get_summary
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.claim import claim
from antrean.store.writes.sweep import GRACE
from tests.engines.faults import Fault, FaultPoint, Faults
from tests.engines.memory.requests import Request
from tests.support.gateway import Context
from tests.support.people import TUESDAY, a_request, an_office, people
from tests.support.worlds import World, deadline, in_memory

IDS = ("kalianda", "kotabumi", "metro")
OFFICES = {office_id: an_office(office_id, reoffer_after=(300, 300)) for office_id in IDS}
SHARED = ("CURSORS", "RETURNS", "SUMMARY")
"""Partitions that are no office's: a run without one does the work of every office."""
TELLS = {"OFFICES", "CALENDAR"}
"""Partitions without which no job knows what to do."""
EVENING = {"timezone": "Asia/Jakarta", "scheduled_at": "2026-11-23T10:00:00Z"}
NIGHT = {"timezone": "Asia/Jakarta", "scheduled_at": "2026-11-24T19:15:00Z"}
ADMIN = Author("admin", "faults")


@dataclass(slots=True)
class Mailbox:
    """A queue that takes everything."""

    bodies: list[Any] = field(default_factory=list)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        self.bodies += [json.loads(entry["MessageBody"]) for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


@dataclass(frozen=True, slots=True)
class Job:
    """A job: how it is run, what has to be there before, and what it does at an office."""

    name: str
    run: Callable[[], object]
    done: Callable[[str], object]
    before: Callable[[World], None] = lambda _world: None
    tells: frozenset[str] = frozenset()
    """What else tells it what to do, at every office."""

    def __str__(self) -> str:
        return self.name


MAILBOX = Mailbox()


# What has to be done: at each office the same


def _places_left_behind(world: World) -> None:
    """At each office somebody died after a claim, and somebody else cancelled."""
    for number, office_id in enumerate(IDS):
        ref = SlotRef(office_id, TUESDAY, Lane.REGULAR, "0800")
        assert claim(ref, 2, clock.epoch(), deadline())
        wanted = a_request(number, *people(1, first=80 + number), office_id=office_id, start="0900")
        gone = book(wanted, deadline())
        cancel_booking(open_booking(gone.booking.code, gone.token, deadline()), deadline())
    sweep.handler({}, Context())
    world.time.forward(seconds=300 + GRACE)


def _a_day_at_work(world: World) -> None:
    """At each office one has come at 08:00, and another has not; it is noon."""
    world.time.set(OFFICES["metro"].instant(TUESDAY, "0805"))
    for number, office_id in enumerate(IDS):
        alone = people(1, first=80 + number)
        wanted = a_request(number, *alone, office_id=office_id, start="0900")
        came = book(wanted, deadline())
        check_in(OFFICES[office_id], Arrival(came.booking.code, (), False), ADMIN, deadline())
    world.time.set(OFFICES["metro"].instant(TUESDAY, "1200"))


def _a_day_later(world: World) -> None:
    world.time.set(OFFICES["metro"].instant(TUESDAY + timedelta(days=1), "0215"))


# What was done


def _remaining(office_id: str) -> list[tuple[str, int]]:
    slots = slots_between(office_id, TUESDAY, TUESDAY, deadline(), consistent=True)
    return [(slot.ref.start, slot.remaining) for slot in slots]


def _days_open(office_id: str) -> int:
    last = TUESDAY + timedelta(days=60)
    return len(slots_between(office_id, TUESDAY, last, deadline(), consistent=True))


def _states(office_id: str) -> list[str]:
    return [str(ticket.status) for ticket in day_tickets(office_id, TUESDAY, deadline())]


def _closed(office_id: str) -> list[str]:
    slots = slots_between(office_id, TUESDAY, TUESDAY, deadline(), consistent=True)
    return [str(slot.state) for slot in slots]


def _kept(office_id: str) -> object:
    return statistics_between(office_id, TUESDAY, TUESDAY, deadline())


def _reminded(office_id: str) -> int:
    codes = {ticket.code for ticket in day_tickets(office_id, TUESDAY, deadline())}
    return sum(body["code"] in codes for body in MAILBOX.bodies)


def _ordered(office_id: str) -> int:
    return sum(body.get("office_id") == office_id for body in MAILBOX.bodies)


def _holiday() -> None:
    """As the admin's request, which tells what is left instead of failing."""
    decreed = Holiday(TUESDAY, "Pemilu", HolidayKind.COLLECTIVE_LEAVE, "Keppres 1/2026")
    reach = holidays.set_holiday(decreed, ADMIN, deadline())
    if reach.offices_left:
        raise ExceptionGroup("left", [Exception(f"{reach.offices_left} offices")])


JOBS = (
    Job("sweep", lambda: sweep.handler({}, Context()), _remaining, _places_left_behind),
    Job("open_days", lambda: open_days.handler({"days": 9}, Context()), _days_open),
    Job(
        "mark_no_shows",
        lambda: mark_no_shows.handler({}, Context()),
        _states,
        _a_day_at_work,
        tells=frozenset({"CURSORS"}),
    ),
    Job("keep_statistics", lambda: keep_statistics.handler(NIGHT, Context()), _kept, _a_day_later),
    Job("remind", lambda: remind.handler(EVENING, Context()), _reminded),
    Job("plan_rosters", lambda: plan_rosters.handler(EVENING, Context()), _ordered),
    Job("holiday", _holiday, _closed, tells=frozenset({"AUDIT#CALENDAR"})),
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Three offices with three days open and two bookings on Tuesday at 08:00 each."""
    monkeypatch.setattr(queues, "sqs", lambda: MAILBOX)
    with in_memory() as world:
        for number, (office_id, office) in enumerate(OFFICES.items()):
            put_office(office, deadline())
            open_days.handler({"office_ids": [office_id], "days": 3}, Context())
            party = people(2, first=10 * (number + 1))
            book(a_request(90 + number, *party, office_id=office_id, start="0800"), deadline())
        forget()
        MAILBOX.bodies.clear()
        yield world


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_one_partition_that_always_throttles_holds_up_nothing_else(world: World, job: Job) -> None:
    job.before(world)
    image, since = world.client.snapshot(), world.time.instant
    as_it_was = {office_id: job.done(office_id) for office_id in IDS}
    partitions, wanted = _run_well(world, job)
    assert all(wanted[each] != as_it_was[each] for each in IDS), "the job has nothing to do"

    for partition in sorted(partitions - TELLS - job.tells):
        world.client.restore(image)
        world.time.instant = since
        _run_throttled(world, job, partition)
        _others_done(job, partition, as_it_was, wanted)
        _turn_and_summary(job, partition, world)


def _run_well(world: World, job: Job) -> tuple[set[str], dict[str, object]]:
    """Every partition that the job asks for, and what it does at each office."""
    asked: set[str] = set()

    def noted(_operation: str, request: Request) -> bool:
        asked.update(partitions_of(request))
        return True

    _run(world, job, Faults(matching=noted))
    return asked, {office_id: job.done(office_id) for office_id in IDS}


def _run_throttled(world: World, job: Job, partition: str) -> None:
    """The run counts as failed, and takes no longer than the office that is in trouble may."""
    faults = Faults((FaultPoint(0, "any", Fault.THROTTLED, lasting=True),))
    faults.matching = lambda _operation, request: partition in partitions_of(request)
    began = world.time.seconds()
    with pytest.raises(ExceptionGroup):
        _run(world, job, faults)
    longest = sweep.RETURNS_SECONDS if partition == "RETURNS" else 2 * OFFICE_SECONDS
    assert world.time.seconds() - began <= longest + CURSOR_SECONDS


def _run(world: World, job: Job, faults: Faults) -> None:
    MAILBOX.bodies.clear()
    forget()
    connect(faults.wrap(world.client))
    try:
        with faults.armed():
            job.run()
    finally:
        connect(world.client)
        forget()


def _others_done(
    job: Job, partition: str, as_it_was: dict[str, object], wanted: dict[str, object]
) -> None:
    """Every office but the one in trouble is as after a good run."""
    done = {office_id: job.done(office_id) for office_id in IDS if office_id not in partition}
    assert done.keys() == set(IDS) or partition not in SHARED
    if partition.startswith("PERSON#"):  # somebody of one office
        late = [office_id for office_id in IDS if done[office_id] != wanted[office_id]]
        assert len(late) == 1, partition
        return
    if partition != "RETURNS":
        assert done == {office_id: wanted[office_id] for office_id in done}, partition
        return
    # Returned places are those of all offices; what was claimed and never filed comes back.
    assert all(done[office_id] != as_it_was[office_id] for office_id in IDS)


def _turn_and_summary(job: Job, partition: str, world: World) -> None:
    if job.name in ("sweep", "mark_no_shows") and partition != "CURSORS":
        assert get_cursor(job.name.replace("_", "-"), deadline()) == IDS[-1], partition
    if job.name == "sweep" and partition != "SUMMARY":
        summary = get_summary(deadline())
        assert set(summary.offices) == set(IDS), partition
        assert world.time.seconds() - summary.as_of < 1, partition


def partitions_of(request: Request) -> set[str]:
    """The partition keys that a call names."""
    match request:
        case {"TransactItems": parts}:
            return {pk for part in parts for each in part.values() for pk in partitions_of(each)}
        case {"RequestItems": tables}:
            return {key["pk"]["S"] for asked in tables.values() for key in asked["Keys"]}
        case {"KeyConditionExpression": _}:
            return {request["ExpressionAttributeValues"][":0"]["S"]}
        case _:
            return {(request.get("Key") or request["Item"])["pk"]["S"]}


def test_returned_places_that_do_not_come_on_offer_leave_time_for_the_others(
    world: World,
) -> None:
    """A day was cancelled at an office that does not answer now: one of its places is tried."""
    cancelled = []
    for number, office_id in enumerate(["kalianda"] * 8 + ["metro"]):
        wanted = a_request(number, *people(1, first=60 + number), office_id=office_id)
        cancelled.append(book(wanted, deadline()))
    for gone in cancelled:
        cancel_booking(open_booking(gone.booking.code, gone.token, deadline()), deadline())
    world.time.forward(seconds=300)
    faults = Faults((FaultPoint(0, "any", Fault.THROTTLED, lasting=True),))
    faults.matching = lambda _operation, request: "SLOTS#kalianda" in partitions_of(request)
    connect(faults.wrap(world.client))
    began = world.time.seconds()
    with faults.armed(), pytest.raises(ExceptionGroup):
        sweep.handler({}, Context())
    connect(world.client)

    assert dict(_remaining("metro"))["0800"] == 2, "the one place came on offer"
    assert world.time.seconds() - began <= sweep.RETURN_SECONDS + OFFICE_SECONDS


def test_one_slot_that_throttles_is_not_its_offices_trouble(world: World) -> None:
    for start in ("0800", "0900"):
        ref = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, start)
        assert claim(ref, 1, clock.epoch(), deadline())
    sweep.handler({}, Context())
    world.time.forward(seconds=GRACE)
    key = {"pk": {"S": "SLOTS#kotabumi"}, "sk": {"S": f"{TUESDAY.isoformat()}#regular#0800"}}
    faults = Faults((FaultPoint(0, "any", Fault.THROTTLED, lasting=True),))
    faults.matching = lambda _operation, request: str(key) in str(request)
    connect(faults.wrap(world.client))
    began = world.time.seconds()
    with faults.armed(), pytest.raises(ExceptionGroup):
        sweep.handler({}, Context())
    connect(world.client)

    assert dict(_remaining("kotabumi")) | {"0800": 0} == dict(_remaining("metro")) | {"0800": 0}
    assert dict(_remaining("kotabumi"))["0800"] == 1
    assert world.time.seconds() - began <= sweep.SLOT_SECONDS
