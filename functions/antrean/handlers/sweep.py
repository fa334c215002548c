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
from antrean.domain.slots import Slot
from antrean.handlers.each_office import raise_together, visit_in_turn
from antrean.offices.each_office import apart
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices
from antrean.store.items.returned_place import Return, due_returns
from antrean.store.items.slot import slots_between
from antrean.store.items.summary import Summary, get_summary, put_summary
from antrean.store.writes.offer_again import offer_again
from antrean.store.writes.release_due import release_due
from antrean.store.writes.sweep import needs_visit, sweep_slot

SECONDS = 45.0
"""How long a run works: it ends before the next begins."""
RETURNS_SECONDS = 15.0
"""How much of it returned places may take."""
RETURN_SECONDS, SLOT_SECONDS = 0.5, 1.0
"""How long one returned place, and one slot, may go on trying; the next run does it."""
CLOSING_SECONDS = 5.0
"""What a run keeps for its summary, after the deadline."""
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

    A place, a slot or an office that fails stops no other: it is logged and counted. Where the run
    ended and the summary are written in any case. Raises `Unavailable` when the store answers not
    even which offices there are; what was done stays done.
    """
    done = Done()
    with apart(done.failures, "returned places not read"):
        _offer_due(done, deadline.within(RETURNS_SECONDS))
    offices = list(all_offices(deadline))
    done.failures += visit_in_turn(
        offices, JOB, lambda office, until: _sweep_office(office, done, until), FAILURE, deadline
    )
    with apart(done.failures, "summary not written"):
        closing = Deadline.after(CLOSING_SECONDS)
        put_summary(_summary(offices, done, closing), closing)
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
    """Offer again what is due, each place in a time of its own.

    An office that does not answer for one place is not asked for its others: a cancelled day has
    hundreds of them.
    """
    last, silent = None, set[str]()
    while due := due_returns(clock.epoch(), PAGE, deadline, after=last):
        for last in due:
            if deadline.has_passed():
                return
            if last.ref.office_id not in silent:
                _offer(last, done, silent, deadline.within(RETURN_SECONDS))


def _offer(place: Return, done: Done, silent: set[str], deadline: Deadline) -> None:
    with apart(done.failures, FAILURE, returned=place.sort_key):
        try:
            done.offered_again += offer_again(place, deadline)
        except Unavailable:
            silent.add(place.ref.office_id)
            raise


def _sweep_office(office: Office, done: Done, deadline: Deadline) -> None:
    """Visit the office's slots that need it, from yesterday to the horizon.

    Each has a time of its own. Those that there is no time for are the next run's.
    """
    today = office.local_date(clock.now())
    first, last = today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS)
    slots = slots_between(office.office_id, first, last, deadline)
    done.rooms[office.office_id] = room_in(office, slots, today, clock.epoch())
    for slot in slots:
        if deadline.has_passed():
            return
        name = f"{slot.ref.day} {slot.ref.lane} {slot.ref.start}"
        with apart(done.failures, FAILURE, office_id=office.office_id, slot=name):
            done.given_back += _visit(slot, deadline.within(SLOT_SECONDS))
    done.offices += 1


def _visit(slot: Slot, deadline: Deadline) -> int:
    """Put on offer what is due of a slot; return how many places it got back."""
    release_due(slot, clock.epoch(), deadline)
    return sweep_slot(slot, deadline).given_back if needs_visit(slot) else 0


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Run once and say what was done, as a log line and metrics.

    Raises at the end what failed, so that the run counts as failed.
    """
    try:
        done = sweep(Deadline.after(SECONDS))
    except Unavailable:
        logger.warning("nothing swept: the store does not say which offices there are")
        raise
    counts = {
        "OfferedAgain": done.offered_again,
        "GivenBack": done.given_back,
        "OfficesSwept": done.offices,
    }
    for name, value in counts.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    metrics.add_metric("Failures", MetricUnit.Count, len(done.failures))
    metrics.flush_metrics()
    logger.info("swept", extra=counts | {"failures": len(done.failures)})
    raise_together("not all was swept", done.failures)
    return counts
