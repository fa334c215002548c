"""Offices: what an office is and when it works."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from antrean.domain.schedule import DEFAULT_SCHEDULE, Schedule


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
    or it is assumed. A returned place is offered again after a random time within `reoffer_after`
    (seconds, both ends inside), so that it cannot be handed over at an agreed second.
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
    schedule: Schedule = field(default=DEFAULT_SCHEDULE)
    reoffer_after: tuple[int, int] = (300, 3600)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def local_date(self, instant: datetime) -> date:
        """Return the office's date at `instant` (aware)."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, start: str) -> datetime:
        """Return the aware local instant of `start` (HHMM) on `day`."""
        return datetime.combine(day, time(int(start[:2]), int(start[2:])), self.zone)
