"""The scheduled function, every five minutes, that notes who did not come."""

from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.counter.no_shows import mark_no_shows
from antrean.domain.offices import Office
from antrean.handlers.each_office import raise_together, visit_in_turn
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices

SECONDS = 100.0
"""How long a run works: it ends long before the next begins."""
JOB = "mark-no-shows"
logger = Logger()
metrics = Metrics(namespace="Antrean", service=JOB)


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

    def visit(office: Office, until: Deadline) -> None:
        done.offices += 1
        done.no_shows += mark_no_shows(office, until)

    offices = all_offices(deadline)
    done.failures += visit_in_turn(offices, JOB, visit, "office not visited", deadline)
    return done


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Run once and say what was done, as a log line and metrics.

    Raises at the end what failed, so that the run counts as failed.
    """
    done = run(Deadline.after(SECONDS))
    counts = {"NoShows": done.no_shows, "OfficesVisited": done.offices}
    for name, value in counts.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    metrics.add_metric("Failures", MetricUnit.Count, len(done.failures))
    metrics.flush_metrics()
    logger.info("no-shows noted", extra=counts | {"failures": len(done.failures)})
    raise_together("not all offices were visited", done.failures)
    return counts
