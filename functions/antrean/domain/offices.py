"""Offices: what an office is and when it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from antrean.domain.releases import Immediate, ReleaseRule
from antrean.domain.schedule import Schedule, Window, ordinary_week
from antrean.domain.slots import Lane


class OfficeStatus(StrEnum):
    """Whether an office takes bookings."""

    PREPARING = "preparing"
    OPEN = "open"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Office:
    """A kanim or one of its units.

    `timezone` is an IANA name; every date and hour of the office is local to it. `daily_quota`
    counts places of the regular lane a day; `quota_basis` says whether a public source states it
    or it is assumed. Without a schedule of its own it works the ordinary week. Its days are opened
    `horizon_days` ahead. A returned place is offered again after a random time within
    `reoffer_after` (seconds, both ends inside), so that it cannot be handed over at an agreed
    second.
    """

    office_id: str
    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    daily_quota: int
    quota_basis: str = "assumed"
    status: OfficeStatus = OfficeStatus.PREPARING
    status_reason: str | None = None
    schedule: Schedule | None = None
    releases: Mapping[Lane, ReleaseRule] = field(default_factory=dict)
    horizon_days: int = 30
    reoffer_after: tuple[int, int] = (300, 3600)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def windows_on(self, day: date, lane: Lane) -> tuple[Window, ...]:
        """Return the windows of a lane that the schedule gives `day` (local date)."""
        schedule = self.schedule or ordinary_week(self.daily_quota)
        return schedule.windows_on(day, lane)

    def release_rule(self, lane: Lane) -> ReleaseRule:
        """Return when the places of a lane become bookable."""
        return self.releases.get(lane, Immediate())

    def local_date(self, instant: datetime) -> date:
        """Return the office's date at `instant` (aware)."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, start: str) -> datetime:
        """Return the aware local instant of `start` (HHMM) on `day`."""
        return datetime.combine(day, time(int(start[:2]), int(start[2:])), self.zone)
