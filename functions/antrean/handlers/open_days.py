"""The scheduled function that opens days: it writes the slots of the days to come."""

from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.handlers.each_office import raise_together, visit_all
from antrean.offices.opening import days_ahead, extent_of, holidays_around, keep_in_line
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices
from antrean.store.writes.plan_days import Written

SECONDS = 840.0
"""For all offices."""
logger = Logger()


def open_days(
    event: dict[str, Any], holidays: Holidays, deadline: Deadline
) -> tuple[Written, list[Exception]]:
    """Bring the days of the offices that an event asks for in line; return what failed, too."""
    done = Written()
    office_ids = event.get("office_ids")

    def open_office(office: Office, until: Deadline) -> None:
        nonlocal done
        done += _open_office(office, event.get("days"), holidays, until)

    offices = (
        office
        for office in all_offices(deadline)
        if office_ids is None or office.office_id in office_ids
    )
    failures = visit_all(offices, open_office, "office not opened", deadline)
    return done, failures


def _open_office(
    office: Office, days: int | None, holidays: Holidays, deadline: Deadline
) -> Written:
    ahead = days_ahead(office, days)
    written = keep_in_line(office, ahead, holidays, deadline, extent=extent_of(office))
    if written.refused:
        logger.warning(
            "left for the next run: changed while they were planned",
            extra={"office_id": office.office_id, "lane_days": written.refused},
        )
    return written


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Open the coming days of every office, or of `office_ids` of the event.

    `days` of the event overrides every office's horizon. One office's failure does not stop the
    others; it is raised at the end, so that the run counts as failed and is repeated. When the
    calendar changes during a run, the offices are gone through again.
    """
    done, deadline = Written(), Deadline.after(SECONDS)
    holidays = holidays_around(deadline)
    while True:
        written, failures = open_days(event, holidays, deadline)
        done += written
        if failures:
            break
        before, holidays = holidays, holidays_around(deadline)
        if holidays == before:
            break
    counts = {"slots": done.opened, "changed": done.changed}
    logger.info("days opened", extra=counts | {"failed_offices": len(failures)})
    raise_together("offices not opened", failures)
    return counts
