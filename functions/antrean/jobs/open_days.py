"""The scheduled function that opens days: it writes the slots of the days to come."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.domain.offices import Office
from antrean.domain.schedule import spread
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.faults import fault
from antrean.store.calls import Budget
from antrean.store.offices import all_offices
from antrean.store.slots import open_slots, slots_between

DAYS = 30
"""How many days ahead are opened, today included."""
SECONDS_PER_OFFICE = 60.0

logger = Logger()


def planned(office: Office, day: date) -> Iterator[Slot]:
    """Yield the slots that the office's weekly schedule gives `day` (a local date)."""
    windows = office.schedule.windows_on(day)
    if not windows:
        return
    for window, places in zip(windows, spread(office.daily_quota, len(windows)), strict=True):
        ref = SlotRef(office.office_id, day, Lane.REGULAR, window.start)
        yield Slot(ref, window.end, quota=places, remaining=places)


def open_days(office: Office, first: date, days: int, budget: Budget) -> int:
    """Write those slots of `days` days from `first` that do not exist; return how many.

    Reads first, so that a repeated run writes nothing; what an admin changed stays.
    """
    last = first + timedelta(days=days - 1)
    there = {slot.ref for slot in slots_between(office.office_id, first, last, budget)}
    wanted = [
        slot
        for i in range(days)
        for slot in planned(office, first + timedelta(days=i))
        if slot.ref not in there
    ]
    return open_slots(wanted, budget)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Open the coming days of every office, or of `office_ids` of the event.

    One office's failure does not stop the others; it is raised at the end, so that the run
    counts as failed and is repeated.
    """
    asked = event.get("office_ids")
    days = int(event.get("days", DAYS))
    written, failures = 0, []
    for office in all_offices(Budget.of(SECONDS_PER_OFFICE)):
        if asked is not None and office.office_id not in asked:
            continue
        try:
            today = office.local_date(clock.now())
            written += open_days(office, today, days, Budget.of(SECONDS_PER_OFFICE))
        except Exception as error:  # noqa: BLE001 - the other offices go on
            told = {"office_id": office.office_id, **fault(error)}
            logger.error("office not opened", extra=told)
            failures.append(error)
    logger.info("days opened", extra={"slots": written, "failed_offices": len(failures)})
    if failures:
        raise ExceptionGroup("offices not opened", failures)
    return {"slots": written}
