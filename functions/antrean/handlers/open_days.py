"""The scheduled function that opens days: it writes the slots of the days to come."""

from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.offices.opening import days_ahead, extent_of, holidays_around, keep_in_line
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.office import all_offices
from antrean.store.writes.plan_days import Written

SECONDS = 60.0
"""Time deadline of one office."""


logger = Logger()


def open_days(event: dict[str, Any], holidays: Holidays) -> tuple[Written, list[Exception]]:
    """Bring the days of the offices that an event asks for in line; return what failed, too."""
    done, failures = Written(), []
    asked = event.get("office_ids")
    for office in all_offices(Deadline.after(SECONDS)):
        if asked is not None and office.office_id not in asked:
            continue
        try:
            done += _open_office(office, event.get("days"), holidays)
        except Exception as error:  # noqa: BLE001 - the other offices go on
            told = {"office_id": office.office_id, **error_facts(error)}
            logger.error("office not opened", extra=told)
            failures.append(error)
    return done, failures


def _open_office(office: Office, days: int | None, holidays: Holidays) -> Written:
    ahead, deadline = days_ahead(office, days), Deadline.after(SECONDS)
    written = keep_in_line(office, ahead, holidays, deadline, extent=extent_of(office))
    if written.refused:
        told = {"office_id": office.office_id, "lane_days": written.refused}
        logger.warning("left for the next run: changed while they were planned", extra=told)
    return written


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Open the coming days of every office, or of `office_ids` of the event.

    `days` of the event overrides every office's horizon. One office's failure does not stop the
    others; it is raised at the end, so that the run counts as failed and is repeated. When the
    calendar changes during a run, the offices are gone through again.
    """
    done = Written()
    holidays = holidays_around(Deadline.after(SECONDS))
    while True:
        written, failures = open_days(event, holidays)
        done += written
        before, holidays = holidays, holidays_around(Deadline.after(SECONDS))
        if holidays == before or failures:
            break
    told = {"slots": done.opened, "changed": done.changed}
    logger.info("days opened", extra=told | {"failed_offices": len(failures)})
    if failures:
        raise ExceptionGroup("offices not opened", failures)
    return told
