"""Planning a day: the slots that schedule, calendar and release rules give it."""

from collections.abc import Iterator
from datetime import date

from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.domain.releases import release_instants, stages
from antrean.domain.slots import Held, HeldFor, Lane, Slot, SlotRef, SlotState


def plan_day(office: Office, day: date, holidays: Holidays) -> Iterator[Slot]:
    """Yield the slots of `day` (the office's local date), in every lane.

    A holiday's slots are closed with the holiday's name as the reason, so that the calendar says
    why; an extra day of the schedule is served all the same.
    """
    holiday = holidays.get(day)
    if holiday and office.schedule and office.schedule.is_extra(day):
        holiday = None
    for lane in Lane:
        instants = release_instants(office.release_rule(lane), day, office.zone, holidays)
        for window in office.windows_on(day, lane):
            first, *later = stages(window.quota, instants)
            yield Slot(
                ref=SlotRef(office.office_id, day, lane, window.start),
                end=window.end,
                quota=window.quota,
                remaining=first.places,
                state=SlotState.CLOSED if holiday else SlotState.OPEN,
                reason=holiday.name if holiday else None,
                release_at=first.at,
                held=tuple(Held(stage.at, stage.places, HeldFor.RELEASE) for stage in later),
            )
