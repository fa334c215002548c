"""Offices: what an office is and when it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, overload
from zoneinfo import ZoneInfo

from antrean.domain.day import ORDINARY_DAY, DayRules
from antrean.domain.errors import FieldProblem
from antrean.domain.hours import time_of
from antrean.domain.releases import LONGEST_LEAD, Immediate, ReleaseRule
from antrean.domain.releases import problems as rule_problems
from antrean.domain.schedule import Schedule, Window, ordinary_week
from antrean.domain.slots import Availability, Lane, Slot

OFFICE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""Small letters, digits and hyphens: an id stands in paths and in the names of user groups."""

LONGEST_OFFICE_ID = 64

LONGEST_HORIZON = LONGEST_LEAD
"""Days: as far ahead as any office opens its days."""


class OfficeStatus(StrEnum):
    """Whether an office takes bookings."""

    PREPARING = "preparing"
    OPEN = "open"
    SUSPENDED = "suspended"


class Service(StrEnum):
    """A kind of passport that an office issues."""

    ORDINARY = "ordinary"
    ELECTRONIC = "electronic"
    POLYCARBONATE = "polycarbonate"


class Position(NamedTuple):
    """Where an office stands: degrees north and degrees east (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """What an admin says of an office: who and where it is, and its limits.

    `timezone` is an IANA name; every date and hour of the office is local to it. `daily_quota`
    counts places of the regular lane a day; `quota_basis` says whether a public source states it
    or it is assumed. Days are opened `horizon_days` ahead. A returned place is offered again after
    a random time within `reoffer_after` (seconds, both ends inside), so that it cannot be handed
    over at an agreed second. `closes_at` (HHMM) is when bookings close on the day before; None: as
    a window begins.
    """

    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    daily_quota: int
    quota_basis: str = "assumed"
    horizon_days: int = 30
    reoffer_after: tuple[int, int] = (300, 3600)
    day_rules: DayRules = ORDINARY_DAY
    closes_at: str | None = None
    parent_office_id: str | None = None
    services: tuple[Service, ...] = ()
    position: Position | None = None

    def by_name(self) -> dict[str, Any]:
        """Return the facts by the names of their fields."""
        return {fact.name: getattr(self, fact.name) for fact in fields(OfficeFacts)}


@dataclass(frozen=True, slots=True)
class Office(OfficeFacts):
    """A kanim or one of its units: its facts, and what was decided for it.

    Without a schedule of its own it works the ordinary week. `version` counts the changes that
    admins made.
    """

    office_id: str
    status: OfficeStatus = OfficeStatus.PREPARING
    status_reason: str | None = None
    schedule: Schedule | None = None
    releases: Mapping[Lane, ReleaseRule] = field(default_factory=dict)
    version: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def windows_on(self, day: date, lane: Lane) -> tuple[Window, ...]:
        """Return the windows of a lane that the schedule gives `day` (local date)."""
        return self.working_schedule.windows_on(day, lane)

    @property
    def working_schedule(self) -> Schedule:
        """The office's own schedule, or else the ordinary week."""
        return self.schedule or ordinary_week(self.daily_quota)

    def release_rule(self, lane: Lane) -> ReleaseRule:
        """Return when the places of a lane become bookable."""
        return self.releases.get(lane, Immediate())

    def local_date(self, instant: datetime) -> date:
        """Return the office's date at `instant` (aware)."""
        return instant.astimezone(self.zone).date()

    def last_opened(self, instant: datetime) -> date:
        """Return the last date that is opened at `instant` (aware): the office's horizon."""
        return self.local_date(instant) + timedelta(days=self.horizon_days)

    @overload
    def local_time(self, instant: int) -> datetime: ...

    @overload
    def local_time(self, instant: None) -> None: ...

    def local_time(self, instant: int | None) -> datetime | None:
        """Return an instant (seconds, UTC) as the office's clocks show it."""
        return None if instant is None else datetime.fromtimestamp(instant, self.zone)

    def instant(self, day: date, start: str) -> datetime:
        """Return the aware local instant of `start` (HHMM) on `day`."""
        return datetime.combine(day, time_of(start), self.zone)

    def closes(self, day: date, start: str) -> datetime:
        """Return the aware local instant from which a window of `day` takes no more bookings."""
        if self.closes_at is None:
            return self.instant(day, start)
        return self.instant(day - timedelta(days=1), self.closes_at)

    def availability(self, slot: Slot, now: int, party: int = 1) -> Availability:
        """Return why `party` people can or cannot book a slot of this office at `now`."""
        day, start = slot.ref.day, slot.ref.start
        state = slot.availability(now, int(self.instant(day, start).timestamp()), party)
        closes_early = self.closes_at is not None and state is not Availability.PAST
        if closes_early and self.has_closed(day, start, now):
            return Availability.CLOSED
        return state

    def has_closed(self, day: date, start: str, now: int) -> bool:
        """Return whether a window takes no more bookings at `now` (seconds, UTC)."""
        return self.closes(day, start).timestamp() <= now

    def limit_problems(self) -> list[FieldProblem]:
        """Return which release rules do not fit the office's limits, by lane (JSON pointers)."""
        return [
            problem.under(f"/{lane}")
            for lane, rule in self.releases.items()
            for problem in rule_problems(rule, self.horizon_days, self.closes_at)
        ]
