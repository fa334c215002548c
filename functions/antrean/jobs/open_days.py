"""The scheduled function that opens days: it writes the slots of the days to come."""

from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.domain.planning import plan_day
from antrean.faults import fault
from antrean.store.calendar import holidays_between
from antrean.store.calls import Budget
from antrean.store.offices import all_offices
from antrean.store.slots import open_slots, slots_between

LOOK_BACK, LOOK_AHEAD = timedelta(days=130), timedelta(days=130)
"""The stretch of the calendar that a run reads: the longest horizon and release rule, and spare."""
SECONDS = 60.0
"""Time budget of one office."""

logger = Logger()


def open_days(office: Office, first: date, days: int, holidays: Holidays, budget: Budget) -> int:
    """Write those slots of `days` days from `first` that do not exist; return how many.

    Reads first, so that a repeated run writes nothing; what is there stays as it is, whatever
    the schedule says by now: a date that an admin changed is never undone.
    """
    last = first + timedelta(days=days - 1)
    there = {slot.ref for slot in slots_between(office.office_id, first, last, budget)}
    wanted = [
        slot
        for i in range(days)
        for slot in plan_day(office, first + timedelta(days=i), holidays)
        if slot.ref not in there
    ]
    return open_slots(wanted, budget)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Open the coming days of every office, or of `office_ids` of the event.

    `days` of the event overrides every office's horizon. One office's failure does not stop the
    others; it is raised at the end, so that the run counts as failed and is repeated.
    """
    asked = event.get("office_ids")
    utc_today = clock.now().date()
    holidays = holidays_between(utc_today - LOOK_BACK, utc_today + LOOK_AHEAD, Budget.of(SECONDS))
    written, failures = 0, []
    for office in all_offices(Budget.of(SECONDS)):
        if asked is not None and office.office_id not in asked:
            continue
        days = int(event.get("days", office.horizon_days))
        try:
            today = office.local_date(clock.now())
            written += open_days(office, today, days, holidays, Budget.of(SECONDS))
        except Exception as error:  # noqa: BLE001 - the other offices go on
            told = {"office_id": office.office_id, **fault(error)}
            logger.error("office not opened", extra=told)
            failures.append(error)
    logger.info("days opened", extra={"slots": written, "failed_offices": len(failures)})
    if failures:
        raise ExceptionGroup("offices not opened", failures)
    return {"slots": written}
