"""Jobs that go through offices: one office's failure stops no other, and is raised at the end.

There are two kinds. A job of the night has time for every office and is repeated when it failed
(`visit_all`). A job of every few minutes goes on where its last run ended (`visit_in_turn`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aws_lambda_powertools.logging import Logger

from antrean.domain.offices import Office
from antrean.offices.each_office import OFFICE_SECONDS, Visit, apart, each_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.job_cursor import get_cursor, put_cursor
from antrean.store.items.office import all_offices

CURSOR_SECONDS = 2.0
"""How long a job tries to read where its last run ended, and to write where this one did."""
logger = Logger()


class NotReached(Exception):
    """A run had no time for some offices."""


def visit_all(
    offices: Iterable[Office],
    visit: Visit,
    failure: str,
    deadline: Deadline,
    seconds: float = OFFICE_SECONDS,
) -> list[Exception]:
    """Visit each office and return what failed; `raise_together` raises it when all is done.

    An office that there was no time for is a failure too: the run must be repeated for it.
    """
    visits = each_office(offices, visit, failure, deadline, seconds)
    failures = list(visits.failures)
    if visits.left:
        logger.error("offices not reached", extra={"offices": len(visits.left)})
        failures.append(NotReached(f"{len(visits.left)} offices"))
    return failures


def visit_in_turn(
    offices: Iterable[Office],
    job: str,
    visit: Visit,
    failure: str,
    deadline: Deadline,
    seconds: float = OFFICE_SECONDS,
) -> list[Exception]:
    """Visit the offices as far as the time goes; the job's next run goes on where this one ended.

    Where it ended is written whatever failed, and after the deadline, too: an office that does not
    answer has had its turn.
    """
    failures: list[Exception] = []
    last = ""
    with apart(failures, "turn not read", job=job):
        last = get_cursor(job, deadline.within(CURSOR_SECONDS))
    visits = each_office(_from(last, offices), visit, failure, deadline, seconds)
    failures += visits.failures
    if visits.made:
        with apart(failures, "turn not written", job=job):
            put_cursor(job, visits.made[-1].office_id, Deadline.after(CURSOR_SECONDS))
    return failures


def _from(last: str, offices: Iterable[Office]) -> list[Office]:
    """Return the offices by id, those after `last` first."""
    in_order = sorted(offices, key=lambda office: office.office_id)
    following = [office for office in in_order if office.office_id > last]
    return following + in_order[: len(in_order) - len(following)]


def raise_together(what: str, failures: Sequence[Exception]) -> None:
    """Raise what failed, if anything did, so that the run counts as failed and is repeated."""
    if failures:
        raise ExceptionGroup(what, failures)


def offices_in(timezone: str, deadline: Deadline) -> list[Office]:
    """Return the offices of a time zone (an IANA name)."""
    return [office for office in all_offices(deadline) if office.timezone == timezone]


def scheduled_instant(event: Mapping[str, Any]) -> datetime:
    """Return the instant that a run was meant for: `scheduled_at` (RFC 3339), else now."""
    scheduled_at: str | None = event.get("scheduled_at")
    if scheduled_at is None or scheduled_at.startswith("<"):  # the local stack's, not filled in
        return clock.now()
    return datetime.fromisoformat(scheduled_at)
