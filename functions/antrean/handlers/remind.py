"""The scheduled function that asks for the reminders of a time zone's next day."""

from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.offices import Office
from antrean.domain.tickets import booked_codes
from antrean.handlers.each_office import (
    offices_in,
    raise_together,
    scheduled_instant,
    visit_all,
)
from antrean.messages.order import MessageOrder, enqueue_messages
from antrean.runtime.deadline import Deadline
from antrean.store.items.ticket import day_tickets

SECONDS = 840.0
"""For all offices."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Ask for a reminder of every booking that stands on tomorrow in `timezone` (an IANA name).

    Tomorrow is counted from `scheduled_at` (RFC 3339), the instant the run was meant for: a late
    or repeated run asks for the same ones, and each is sent once. One office's failure does not
    stop the others; it is raised at the end, so that the run counts as failed and is repeated.
    """
    zone, at = event["timezone"], scheduled_instant(event)
    reminders = 0

    def remind(office: Office, until: Deadline) -> None:
        nonlocal reminders
        reminders += _remind(office.office_id, office.local_date(at) + timedelta(days=1), until)

    deadline = Deadline.after(SECONDS)
    failures = visit_all(offices_in(zone, deadline), remind, "not reminded", deadline)
    logger.info(
        "reminders asked for",
        extra={"timezone": zone, "reminders": reminders, "failed_offices": len(failures)},
    )
    raise_together("offices not reminded", failures)
    return {"reminders": reminders}


def _remind(office_id: str, day: date, deadline: Deadline) -> int:
    codes = booked_codes(day_tickets(office_id, day, deadline))
    return enqueue_messages(MessageOrder.reminder(code, day) for code in codes)
