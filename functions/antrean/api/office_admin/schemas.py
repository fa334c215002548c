"""The JSON by which admins set up offices, schedules and release rules."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from antrean.api.releases.schemas import RuleIO
from antrean.api.types import Output, Places, Reason, ServiceDate, Weekday
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.offices import Office, OfficeStatus, Service
from antrean.domain.releases import ReleaseRule
from antrean.domain.schedule import MOST_WINDOWS, ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane
from antrean.imports.office_row import DayRulesIO, LimitsIO, PositionIO, ReofferIO
from antrean.runtime.field_types import Flag, Hour, Input, Line
from antrean.store.writes.plan_days import Written


class AdminOfficeOut(Output):
    """An office as admins see it; `version` counts its changes."""

    office_id: str
    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    parent_office_id: str | None
    services: list[Service]
    position: PositionIO | None
    daily_quota: int
    quota_basis: str
    limits: LimitsIO
    status: OfficeStatus
    status_reason: str | None
    version: int

    @classmethod
    def of(cls, office: Office) -> Self:
        at_least, at_most = office.reoffer_after
        position = office.position
        return cls(
            office_id=office.office_id,
            name=office.name,
            office_class=office.office_class,
            city=office.city,
            province=office.province,
            timezone=office.timezone,
            parent_office_id=office.parent_office_id,
            services=list(office.services),
            position=(
                PositionIO(latitude=position.latitude, longitude=position.longitude)
                if position
                else None
            ),
            daily_quota=office.daily_quota,
            quota_basis=office.quota_basis,
            limits=LimitsIO(
                horizon_days=office.horizon_days,
                reoffer_after=ReofferIO(at_least=at_least, at_most=at_most),
                closes_at=office.closes_at and written_hour(office.closes_at),
                day=DayRulesIO(**office.day_rules._asdict()),
            ),
            status=office.status,
            status_reason=office.status_reason,
            version=office.version,
        )


class StatusIn(Input):
    """The status an office is to have. The public reads the reason."""

    status: OfficeStatus
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.status is not OfficeStatus.OPEN and self.reason is None:
            raise ValueError("Give the public reason why the office takes no bookings.")
        return self


class WindowIO(Input):
    """An arrival window and its places."""

    start: Hour
    end: Hour
    quota: Places

    @classmethod
    def of(cls, window: Window) -> Self:
        return cls(
            start=written_hour(window.start), end=written_hour(window.end), quota=window.quota
        )

    def window(self) -> Window:
        return Window(stored_hour(self.start), stored_hour(self.end), self.quota)


Windows = Annotated[list[WindowIO], Field(min_length=1, max_length=MOST_WINDOWS)]


class ExtraHoursIO(Input):
    """The windows of a lane on an extra day."""

    lane: Lane = Lane.REGULAR
    windows: Windows

    @classmethod
    def of(cls, hours: Hours) -> Self:
        return cls(lane=hours.lane, windows=[WindowIO.of(window) for window in hours.windows])

    def hours(self) -> Hours:
        windows = tuple(window.window() for window in self.windows)
        return Hours(self.lane, frozenset(range(7)), windows)


class HoursIO(Input):
    """The windows of a lane on some days of the week (Monday is 0)."""

    lane: Lane = Lane.REGULAR
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    windows: Windows

    @classmethod
    def of(cls, hours: Hours) -> Self:
        return cls(
            lane=hours.lane,
            weekdays=sorted(hours.weekdays),
            windows=[WindowIO.of(window) for window in hours.windows],
        )

    def hours(self) -> Hours:
        windows = tuple(window.window() for window in self.windows)
        return Hours(self.lane, frozenset(self.weekdays), windows)


class TimetableIO(Input):
    """The hours of a stretch of dates, both inside; without an end, until another takes over."""

    name: Line
    valid_from: ServiceDate
    valid_to: ServiceDate | None = None
    hours: Annotated[list[HoursIO], Field(max_length=60)]

    def timetable(self) -> Timetable:
        hours = tuple(lane_hours.hours() for lane_hours in self.hours)
        return Timetable(self.name, self.valid_from, self.valid_to, hours)


class ExtraDayIO(Input):
    """A day of service besides the weekly ones."""

    date: ServiceDate
    name: Line
    hours: Annotated[list[ExtraHoursIO], Field(min_length=1, max_length=len(Lane))]

    def extra_day(self) -> ExtraDay:
        hours = tuple(lane_hours.hours() for lane_hours in self.hours)
        return ExtraDay(self.date, self.name, hours)


class ScheduleIO(Input):
    """What an office serves when."""

    timetables: Annotated[list[TimetableIO], Field(max_length=40, default_factory=list)]
    extra_days: Annotated[list[ExtraDayIO], Field(max_length=120, default_factory=list)]

    def schedule(self) -> Schedule:
        """Return the domain's schedule, in the same order: its problems point into this one."""
        return Schedule(
            timetables=tuple(timetable.timetable() for timetable in self.timetables),
            extra_days=tuple(extra.extra_day() for extra in self.extra_days),
        )


class TimetableOut(Output):
    """The hours of a stretch of dates; `valid_from` is null for an ordinary week of always."""

    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    hours: list[HoursIO]

    @classmethod
    def of(cls, timetable: Timetable) -> Self:
        return cls(
            name=timetable.name,
            valid_from=None if timetable.valid_from == dt.date.min else timetable.valid_from,
            valid_to=timetable.valid_to,
            hours=[HoursIO.of(hours) for hours in timetable.hours],
        )


class ExtraDayOut(Output):
    """A day of service besides the weekly ones."""

    date: dt.date
    name: str
    hours: list[ExtraHoursIO]

    @classmethod
    def of(cls, extra: ExtraDay) -> Self:
        return cls(
            date=extra.day,
            name=extra.name,
            hours=[ExtraHoursIO.of(hours) for hours in extra.hours],
        )


class ScheduleOut(Output):
    """An office's schedule, and the office's version to send as If-Match with a change.

    `own` is false for the ordinary week of an office that set none.
    """

    office_id: str
    version: int
    own: bool
    timetables: list[TimetableOut]
    extra_days: list[ExtraDayOut]

    @classmethod
    def of(cls, office: Office) -> Self:
        schedule = office.working_schedule
        return cls(
            office_id=office.office_id,
            version=office.version,
            own=office.schedule is not None,
            timetables=[TimetableOut.of(timetable) for timetable in schedule.timetables],
            extra_days=[ExtraDayOut.of(extra) for extra in schedule.extra_days],
        )


class DaysOpenIn(Input):
    """Whether days that are open and untouched are planned again."""

    replan: Flag = False


class WrittenOut(Output):
    """What became of an office's slots. `left` lanes' days changed meanwhile: repeat for them."""

    opened: int
    changed: int
    removed: int
    left: int

    @classmethod
    def of(cls, written: Written) -> Self:
        return cls(
            opened=written.opened,
            changed=written.changed,
            removed=written.removed,
            left=written.refused,
        )


class ReleasesIn(Input):
    """The release rule of each lane; a lane that is left out is released as its days open."""

    rules: dict[Lane, RuleIO]

    def by_lane(self) -> dict[Lane, ReleaseRule]:
        return {lane: self.rules[lane].rule() for lane in Lane if lane in self.rules}


class RulesOut(Output):
    """An office's release rules, and what a change of them changed."""

    office_id: str
    version: int
    rules: dict[Lane, RuleIO]
    slots: WrittenOut | None = None

    @classmethod
    def of(cls, office: Office, written: Written | None = None) -> Self:
        """Return the rule of every lane."""
        return cls(
            office_id=office.office_id,
            version=office.version,
            rules={lane: RuleIO.of(office.release_rule(lane)) for lane in Lane},
            slots=WrittenOut.of(written) if written else None,
        )
