"""The JSON of the calendar."""

import datetime as dt
from typing import Self

from antrean.api.types import Output
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.hours import written_hour
from antrean.domain.planning import LeftOpen, WhyOpen
from antrean.domain.slots import Lane
from antrean.offices.holidays import Reach
from antrean.runtime.field_types import Input, Line


class HolidayIn(Input):
    """A day off for every office, with the decree that set it."""

    name: Line
    kind: HolidayKind
    decree: Line

    def holiday(self, day: dt.date) -> Holiday:
        return Holiday(day, self.name, self.kind, self.decree)


class HolidayOut(Output):
    """A holiday."""

    date: dt.date
    name: str
    kind: HolidayKind
    decree: str

    @classmethod
    def of(cls, holiday: Holiday) -> Self:
        return cls(date=holiday.day, name=holiday.name, kind=holiday.kind, decree=holiday.decree)


class CalendarOut(Output):
    """The holidays of a stretch of dates."""

    holidays: list[HolidayOut]


class OfficeLeftOpenOut(Output):
    """A window of an office that is open although the day is a holiday, and why."""

    office_id: str
    lane: Lane
    window: str
    why: WhyOpen

    @classmethod
    def of(cls, left: LeftOpen) -> Self:
        ref = left.slot.ref
        return cls(
            office_id=ref.office_id, lane=ref.lane, window=written_hour(ref.start), why=left.why
        )


class ReachOut(Output):
    """A date of the calendar, and how far its change came: see docs/operations.md."""

    date: dt.date
    holiday: HolidayOut | None
    slots_changed: int
    offices_done: int
    offices_left: int
    stays_open: list[OfficeLeftOpenOut]

    @classmethod
    def of(cls, day: dt.date, holiday: Holiday | None, reach: Reach) -> Self:
        return cls(
            date=day,
            holiday=HolidayOut.of(holiday) if holiday else None,
            slots_changed=reach.slots,
            offices_done=reach.offices,
            offices_left=reach.offices_left,
            stays_open=[OfficeLeftOpenOut.of(left) for left in reach.left_open],
        )
