"""The JSON by which admins set up offices, schedules and release rules."""

import datetime as dt
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from antrean.api.releases.schemas import RuleIO, Weekday, rule_out
from antrean.api.types import Hour, Input, Output, ServiceDate
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.offices import Office, OfficeStatus, Service
from antrean.domain.releases import ReleaseRule
from antrean.domain.schedule import MOST_WINDOWS, ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane
from antrean.imports.office_row import (
    DayRulesIO,
    LimitsIO,
    Line,
    PositionIO,
    ReofferIO,
    without_controls,
)
from antrean.store.writes.plan_days import Written

LARGEST_QUOTA = 9_999
"""Places of one window: a queue number has four digits."""


Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=300),
    AfterValidator(without_controls),
]


Places = Annotated[int, Field(ge=0, le=LARGEST_QUOTA, strict=True)]


Flag = Annotated[bool, Field(strict=True)]


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


def office_out(office: Office) -> AdminOfficeOut:
    """Return an office as admins see it."""
    at_least, at_most = office.reoffer_after
    position = office.position
    return AdminOfficeOut(
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


Windows = Annotated[list[WindowIO], Field(min_length=1, max_length=MOST_WINDOWS)]


class HoursIO(Input):
    """The windows of a lane on some days of the week (Monday is 0)."""

    lane: Lane = Lane.REGULAR
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    windows: Windows


class TimetableIO(Input):
    """The hours of a stretch of dates, both inside; without an end, until another takes over."""

    name: Line
    valid_from: ServiceDate
    valid_to: ServiceDate | None = None
    hours: Annotated[list[HoursIO], Field(max_length=60)]


class ExtraHoursIO(Input):
    """The windows of a lane on an extra day."""

    lane: Lane = Lane.REGULAR
    windows: Windows


class ExtraDayIO(Input):
    """A day of service besides the weekly ones."""

    date: ServiceDate
    name: Line
    hours: Annotated[list[ExtraHoursIO], Field(min_length=1, max_length=len(Lane))]


class ScheduleIO(Input):
    """What an office serves when."""

    timetables: Annotated[list[TimetableIO], Field(max_length=40, default_factory=list)]
    extra_days: Annotated[list[ExtraDayIO], Field(max_length=120, default_factory=list)]

    def schedule(self) -> Schedule:
        """Return the domain's schedule, in the same order: its problems point into this one."""
        return Schedule(
            timetables=tuple(
                Timetable(
                    one.name,
                    one.valid_from,
                    one.valid_to,
                    tuple(
                        Hours(same.lane, frozenset(same.weekdays), _windows(same.windows))
                        for same in one.hours
                    ),
                )
                for one in self.timetables
            ),
            extra_days=tuple(
                ExtraDay(
                    one.date,
                    one.name,
                    tuple(
                        Hours(same.lane, frozenset(range(7)), _windows(same.windows))
                        for same in one.hours
                    ),
                )
                for one in self.extra_days
            ),
        )


def _windows(windows: list[WindowIO]) -> tuple[Window, ...]:
    return tuple(Window(stored_hour(one.start), stored_hour(one.end), one.quota) for one in windows)


class TimetableOut(Output):
    """The hours of a stretch of dates; `valid_from` is null for an ordinary week of always."""

    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    hours: list[HoursIO]


class ExtraDayOut(Output):
    """A day of service besides the weekly ones."""

    date: dt.date
    name: str
    hours: list[ExtraHoursIO]


class ScheduleOut(Output):
    """An office's schedule, and the office's version to send as If-Match with a change.

    `own` is false for the ordinary week of an office that set none.
    """

    office_id: str
    version: int
    own: bool
    timetables: list[TimetableOut]
    extra_days: list[ExtraDayOut]


def schedule_out(office: Office) -> ScheduleOut:
    """Return the schedule that an office works by."""
    schedule = office.working_schedule
    return ScheduleOut(
        office_id=office.office_id,
        version=office.version,
        own=office.schedule is not None,
        timetables=[_timetable_out(timetable) for timetable in schedule.timetables],
        extra_days=[
            ExtraDayOut(
                date=extra.day,
                name=extra.name,
                hours=[
                    ExtraHoursIO(lane=same.lane, windows=_windows_out(same)) for same in extra.hours
                ],
            )
            for extra in schedule.extra_days
        ],
    )


def _timetable_out(timetable: Timetable) -> TimetableOut:
    return TimetableOut(
        name=timetable.name,
        valid_from=None if timetable.valid_from == dt.date.min else timetable.valid_from,
        valid_to=timetable.valid_to,
        hours=[
            HoursIO(lane=same.lane, weekdays=sorted(same.weekdays), windows=_windows_out(same))
            for same in timetable.hours
        ],
    )


def _windows_out(hours: Hours) -> list[WindowIO]:
    return [
        WindowIO(start=written_hour(one.start), end=written_hour(one.end), quota=one.quota)
        for one in hours.windows
    ]


class DaysOpenIn(Input):
    """Whether days that are open and untouched are to be planned anew."""

    replan: Flag = False


class WrittenOut(Output):
    """What became of an office's slots. `left` lanes' days changed meanwhile: repeat for them."""

    opened: int
    changed: int
    removed: int
    left: int


def written_out(written: Written) -> WrittenOut:
    """Return what was written."""
    return WrittenOut(
        opened=written.opened,
        changed=written.changed,
        removed=written.removed,
        left=written.refused,
    )


class ReleasesIn(Input):
    """The release rule of each lane; a lane that is left out is released as its days open."""

    rules: dict[Lane, RuleIO]

    def by_lane(self) -> dict[Lane, ReleaseRule]:
        """Return the domain's rules."""
        return {lane: self.rules[lane].rule() for lane in Lane if lane in self.rules}


class RulesOut(Output):
    """An office's release rules, and what a change of them changed."""

    office_id: str
    version: int
    rules: dict[Lane, RuleIO]
    slots: WrittenOut | None = None


def rules_out(office: Office, written: Written | None = None) -> RulesOut:
    """Return the rule of every lane."""
    return RulesOut(
        office_id=office.office_id,
        version=office.version,
        rules={lane: rule_out(office.release_rule(lane)) for lane in Lane},
        slots=written_out(written) if written else None,
    )
