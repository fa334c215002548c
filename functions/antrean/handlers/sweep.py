"""The sweeper, every minute: returned places that are due, and numbers that nobody filed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.booking.find_place import HORIZON_DAYS
from antrean.domain.errors import Unavailable
from antrean.domain.offices import Office
from antrean.domain.room import Room, room_in
from antrean.handlers.each_office import apart, each_office, in_turn, raise_together
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices
from antrean.store.items.returned_place import due_returns
from antrean.store.items.slot import slots_between
from antrean.store.items.summary import Summary, get_summary, put_summary
from antrean.store.writes.offer_again import offer_again
from antrean.store.writes.release_due import release_due
from antrean.store.writes.sweep import needs_visit, sweep_slot

SECONDS = 45.0
"""How long a run works: it ends before the next begins."""
JOB = "sweep"
FAILURE = "not swept"
PAGE = 200
"""Due returns read at once."""
logger = Logger()
metrics = Metrics(namespace="Antrean", service=JOB)


@dataclass(slots=True)
class Done:
    """What a run did."""

    offered_again: int = 0
    given_back: int = 0
    offices: int = 0
    rooms: dict[str, Room] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)


def sweep(deadline: Deadline) -> Done:
    """Do what is due within the deadline; the next run goes on where this one ended.

    A place or an office that fails stops no other: it is logged and counted. Raises `Unavailable`
    when the store does not answer; what was done stays done.
    """
    done = Done()
    _offer_due(done, deadline)
    offices = list(all_offices(deadline))
    done.failures += each_office(
        in_turn(offices, JOB, deadline),
        lambda office: _sweep_office(office, done, deadline),
        FAILURE,
        fatal=(Unavailable,),
    )
    put_summary(_summary(offices, done, deadline), deadline)
    return done


def _summary(offices: Sequence[Office], done: Done, deadline: Deadline) -> Summary:
    """Return the room of every office: of those visited as it is, of the others as it was."""
    before = get_summary(deadline).offices
    rooms = {
        office.office_id: room
        for office in offices
        if (room := done.rooms.get(office.office_id) or before.get(office.office_id))
    }
    return Summary(rooms, clock.epoch())


def _offer_due(done: Done, deadline: Deadline) -> None:
    last = None
    while due := due_returns(clock.epoch(), PAGE, deadline, after=last):
        for last in due:
            with apart(done.failures, FAILURE, (Unavailable,), returned=last.sort_key):
                done.offered_again += offer_again(last, deadline)
        if deadline.has_passed():
            return


def _sweep_office(office: Office, done: Done, deadline: Deadline) -> None:
    """Visit the office's slots that need it, from yesterday to the horizon."""
    today = office.local_date(clock.now())
    first, last = today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS)
    slots = slots_between(office.office_id, first, last, deadline)
    done.rooms[office.office_id] = room_in(office, slots, today, clock.epoch())
    for slot in slots:
        release_due(slot, clock.epoch(), deadline)
        if needs_visit(slot):
            done.given_back += sweep_slot(slot, deadline).given_back
    done.offices += 1


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Run once and say what was done, as a log line and metrics.

    Raises at the end what failed, so that the run counts as failed.
    """
    try:
        done = sweep(Deadline.after(SECONDS))
    except Unavailable:
        logger.warning("sweep cut short: the store did not answer")
        raise
    counts = {
        "OfferedAgain": done.offered_again,
        "GivenBack": done.given_back,
        "OfficesSwept": done.offices,
    }
    for name, value in counts.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    metrics.flush_metrics()
    logger.info("swept", extra=counts)
    raise_together("not all was swept", done.failures)
    return counts
