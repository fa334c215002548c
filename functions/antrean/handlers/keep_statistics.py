"""The scheduled function that keeps how the days of a time zone's offices went."""

from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.offices import Office
from antrean.handlers.each_office import (
    offices_in,
    raise_together,
    scheduled_instant,
    visit_all,
)
from antrean.offices.statistics import keep_statistics
from antrean.runtime.deadline import Deadline

SECONDS = 840.0
"""For all offices."""
DAYS = 3
"""How many days before today a run counts again: what was corrected or missed, it makes up for."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Keep the figures of the last days of the offices of `timezone` (an IANA name).

    `scheduled_at` (RFC 3339) is the instant the run was meant for; `days` overrides how many days
    back it goes. One office's failure does not stop the others; it is raised at the end, so that
    the run is repeated, which is harmless.
    """
    zone, days = event["timezone"], int(event.get("days", DAYS))
    at = scheduled_instant(event)
    kept = 0

    def keep(office: Office, until: Deadline) -> None:
        nonlocal kept
        kept += _keep(office, at, days, until)

    deadline = Deadline.after(SECONDS)
    failures = visit_all(offices_in(zone, deadline), keep, "statistics not kept", deadline)
    logger.info(
        "statistics kept",
        extra={"timezone": zone, "days": kept, "failed_offices": len(failures)},
    )
    raise_together("statistics not kept", failures)
    return {"days": kept}


def _keep(office: Office, at: datetime, days: int, deadline: Deadline) -> int:
    today = office.local_date(at)
    past = [today - timedelta(days=ago) for ago in range(1, days + 1)]
    return sum(keep_statistics(office, day, deadline) for day in past)
