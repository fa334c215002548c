"""The scheduled function that asks for the reminders of a time zone's next day."""

from datetime import date, datetime, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.messages.order import MessageOrder, enqueue_messages
from antrean.messages.upcoming import codes_on
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.office import all_offices

SECONDS = 30.0
"""For one office."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Ask for a reminder of every booking that stands on tomorrow in `timezone` (an IANA name).

    Tomorrow is counted from `scheduled_at` (RFC 3339), the instant the run was meant for: a late
    or repeated run asks for the same ones, and each is sent once. One office's failure does not
    stop the others; it is raised at the end, so that the run counts as failed and is repeated.
    """
    at = _instant(event.get("scheduled_at"))
    asked, failures = 0, []
    for office in all_offices(Deadline.after(SECONDS)):
        if office.timezone != event["timezone"]:
            continue
        try:
            asked += _remind(office.office_id, office.local_date(at) + timedelta(days=1))
        except Exception as error:  # noqa: BLE001 - the other offices go on
            logger.error(
                "not reminded", extra={"office_id": office.office_id, **error_facts(error)}
            )
            failures.append(error)
    told = {"timezone": event["timezone"], "reminders": asked, "failed_offices": len(failures)}
    logger.info("reminders asked for", extra=told)
    if failures:
        raise ExceptionGroup("offices not reminded", failures)
    return {"reminders": asked}


def _remind(office_id: str, day: date) -> int:
    codes = codes_on(office_id, day, Deadline.after(SECONDS))
    return enqueue_messages(MessageOrder.reminder(code, day) for code in codes)


def _instant(scheduled_at: str | None) -> datetime:
    if scheduled_at is None or scheduled_at.startswith("<"):  # the local stack's, not filled in
        return clock.now()
    return datetime.fromisoformat(scheduled_at)
