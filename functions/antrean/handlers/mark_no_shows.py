"""The scheduled function, every five minutes, that notes who did not come."""

from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.counter.no_shows import mark_no_shows
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.job_cursor import get_cursor, put_cursor
from antrean.store.items.office import all_offices

SECONDS = 100.0
"""How long a run works: it ends long before the next begins."""


OFFICE_SECONDS = 20.0
"""How long one office may take: one that hangs holds up no other for longer."""


CURSOR = "mark-no-shows"


logger = Logger()


metrics = Metrics(namespace="Antrean", service="mark-no-shows")


@dataclass(slots=True)
class Done:
    """What a run did."""

    no_shows: int = 0
    offices: int = 0
    failures: list[Exception] = field(default_factory=list)


def run(deadline: Deadline) -> Done:
    """Visit the offices within the deadline; the next run goes on where this one ended.

    An office that fails stops no other: it is logged and counted, and visited again. Raises
    `Unavailable` when the store answers not even which offices there are.
    """
    done = Done()
    offices = sorted(all_offices(deadline), key=lambda office: office.office_id)
    last = get_cursor(CURSOR, deadline)
    following = [office for office in offices if office.office_id > last]
    for office in following + offices[: len(offices) - len(following)]:
        if deadline.has_passed():
            break
        until = min(deadline.until, clock.now().timestamp() + OFFICE_SECONDS)
        try:
            done.no_shows += mark_no_shows(office, Deadline(until))
        except Exception as error:  # noqa: BLE001 - the other offices go on
            logger.error(
                "office not visited", extra={"office_id": office.office_id, **error_facts(error)}
            )
            done.failures.append(error)
        done.offices += 1
        last = office.office_id
    put_cursor(CURSOR, last, deadline)
    return done


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Run once and say what was done, as a log line and metrics.

    Raises at the end what failed, so that the run counts as failed.
    """
    done = run(Deadline.after(SECONDS))
    told = {"NoShows": done.no_shows, "OfficesVisited": done.offices}
    for name, value in told.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    metrics.flush_metrics()
    logger.info("no-shows noted", extra=told)
    if done.failures:
        raise ExceptionGroup("not all offices were visited", done.failures)
    return told
