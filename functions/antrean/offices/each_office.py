"""Going through offices: each has a time of its own, and one that fails stops no other.

What fails is logged with the office's id, its kind and where it happened, never by its text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from aws_lambda_powertools.logging import Logger

from antrean.domain.offices import Office
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts

logger = Logger()
type Visit = Callable[[Office, Deadline], None]
"""What is done at one office, within the deadline of that office."""

OFFICE_SECONDS = 5.0
"""How long one office may go on trying: one that does not answer holds up the others no longer."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Whom a visit was made to, in order, whom there was no time for, and what failed."""

    made: Sequence[Office]
    left: Sequence[Office]
    failures: Sequence[Exception]


def each_office(
    offices: Iterable[Office],
    visit: Visit,
    failure: str,
    deadline: Deadline,
    seconds: float = OFFICE_SECONDS,
) -> Visits:
    """Visit each office, for at most `seconds` and within the deadline of all.

    An office that fails in any way, `Unavailable` among them, is logged as `failure`.
    """
    waiting, failures = list(offices), list[Exception]()
    made = 0
    for office in waiting:
        if deadline.has_passed():
            break
        with apart(failures, failure, office_id=office.office_id):
            visit(office, deadline.within(seconds))
        made += 1
    return Visits(waiting[:made], waiting[made:], failures)


@contextmanager
def apart(failures: list[Exception], failure: str, **facts: str) -> Iterator[None]:
    """Keep what fails within from stopping the rest: log it as `failure`, and collect it."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the others go on
        logger.error(failure, extra={**facts, **error_facts(error)})
        failures.append(error)
