"""The scheduled function that keeps how the days of a time zone's offices went."""

from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.offices import Office
from antrean.offices.statistics import keep_statistics
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.office import all_offices

SECONDS = 60.0
"""Time deadline of one office."""


DAYS = 3
"""How many days before today a run counts anew: what was corrected or missed, it makes up for."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Keep the figures of the last days of the offices of `timezone` (an IANA name).

    `scheduled_at` (RFC 3339) is the instant the run was meant for; `days` overrides how many days
    back it goes. One office's failure does not stop the others; it is raised at the end, so that
    the run is repeated, which is harmless.
    """
    zone, days = event["timezone"], int(event.get("days", DAYS))
    at = _instant(event.get("scheduled_at"))
    kept, failures = 0, []
    for office in all_offices(Deadline.after(SECONDS)):
        if office.timezone != zone:
            continue
        try:
            kept += _keep(office, at, days)
        except Exception as error:  # noqa: BLE001 - the other offices go on
            told = {"office_id": office.office_id, **error_facts(error)}
            logger.error("statistics not kept", extra=told)
            failures.append(error)
    logger.info("statistics kept", extra={"timezone": zone, "days": kept})
    if failures:
        raise ExceptionGroup("statistics not kept", failures)
    return {"days": kept}


def _keep(office: Office, at: datetime, days: int) -> int:
    deadline, today = Deadline.after(SECONDS), office.local_date(at)
    past = [today - timedelta(days=ago) for ago in range(1, days + 1)]
    return sum(keep_statistics(office, day, deadline) for day in past)


def _instant(scheduled_at: str | None) -> datetime:
    if scheduled_at is None or scheduled_at.startswith("<"):  # the local stack's, not filled in
        return clock.now()
    return datetime.fromisoformat(scheduled_at)
