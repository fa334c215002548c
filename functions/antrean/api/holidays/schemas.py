"""The JSON of the calendar."""

import datetime as dt

from antrean.api.types import Input, Output
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.imports.office_row import Line
from antrean.offices.holidays import Reach


class HolidayIn(Input):
    """A day off for every office, with the decree that set it."""

    name: Line
    kind: HolidayKind
    decree: Line

    def holiday(self, day: dt.date) -> Holiday:
        """Return the domain's holiday."""
        return Holiday(day, self.name, self.kind, self.decree)


class HolidayOut(Output):
    """A holiday."""

    date: dt.date
    name: str
    kind: HolidayKind
    decree: str


class CalendarOut(Output):
    """The holidays of a stretch of dates."""

    holidays: list[HolidayOut]


class ReachOut(Output):
    """A date of the calendar, and how far its change came: see docs/operations.md."""

    date: dt.date
    holiday: HolidayOut | None
    slots_changed: int
    offices_done: int
    offices_left: int


def holiday_out(holiday: Holiday) -> HolidayOut:
    """Return a holiday as it is sent."""
    return HolidayOut(date=holiday.day, name=holiday.name, kind=holiday.kind, decree=holiday.decree)


def reach_out(day: dt.date, holiday: Holiday | None, reach: Reach) -> ReachOut:
    """Return a change of the calendar."""
    return ReachOut(
        date=day,
        holiday=holiday_out(holiday) if holiday else None,
        slots_changed=reach.slots,
        offices_done=reach.offices,
        offices_left=reach.offices_left,
    )
