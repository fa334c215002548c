"""Jobs that go through offices: one office's failure stops no other, and is raised at the end.

It is logged with the office's id, its kind and where it happened, never by its text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from aws_lambda_powertools.logging import Logger

from antrean.domain.offices import Office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.job_cursor import get_cursor, put_cursor
from antrean.store.items.office import all_offices

logger = Logger()
type Fatal = tuple[type[Exception], ...]


def each_office(
    offices: Iterable[Office],
    visit: Callable[[Office], None],
    failure: str,
    fatal: Fatal = (),
) -> list[Exception]:
    """Visit each office and return what failed; `raise_together` raises it when all is done.

    What is `fatal` is raised at once.
    """
    failures: list[Exception] = []
    for office in offices:
        with apart(failures, failure, fatal, office_id=office.office_id):
            visit(office)
    return failures


@contextmanager
def apart(
    failures: list[Exception], failure: str, fatal: Fatal = (), **facts: str
) -> Iterator[None]:
    """Keep what fails within from stopping the rest: log it as `failure`, and collect it."""
    try:
        yield
    except fatal:
        raise
    except Exception as error:  # noqa: BLE001 - the others go on
        logger.error(failure, extra={**facts, **error_facts(error)})
        failures.append(error)


def raise_together(what: str, failures: Sequence[Exception]) -> None:
    """Raise what failed, if anything did, so that the run counts as failed and is repeated."""
    if failures:
        raise ExceptionGroup(what, failures)


def offices_in(timezone: str, deadline: Deadline) -> list[Office]:
    """Return the offices of a time zone (an IANA name)."""
    return [office for office in all_offices(deadline) if office.timezone == timezone]


def in_turn(offices: Iterable[Office], job: str, deadline: Deadline) -> Iterator[Office]:
    """Yield the offices within the deadline; the job's next run goes on where this one ended."""
    in_order = sorted(offices, key=lambda office: office.office_id)
    last = get_cursor(job, deadline)
    following = [office for office in in_order if office.office_id > last]
    for office in following + in_order[: len(in_order) - len(following)]:
        if deadline.has_passed():
            break
        yield office
        last = office.office_id
    put_cursor(job, last, deadline)


def scheduled_instant(event: Mapping[str, Any]) -> datetime:
    """Return the instant that a run was meant for: `scheduled_at` (RFC 3339), else now."""
    scheduled_at: str | None = event.get("scheduled_at")
    if scheduled_at is None or scheduled_at.startswith("<"):  # the local stack's, not filled in
        return clock.now()
    return datetime.fromisoformat(scheduled_at)
