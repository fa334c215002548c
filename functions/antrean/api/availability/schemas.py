"""The JSON of what can be booked when: at one office, and across offices."""

import datetime as dt
from collections.abc import Sequence
from typing import Self

from antrean.api.types import Output
from antrean.days.availability import DayState, WindowState
from antrean.domain.hours import written_hour
from antrean.domain.offices import Office
from antrean.domain.slots import Availability, Lane
from antrean.releases.nearby import Search, Spare


class WindowOut(Output):
    """An arrival window of a day and what is left of it."""

    start: str
    end: str
    state: Availability
    quota: int
    remaining: int
    release_at: dt.datetime | None

    @classmethod
    def of(cls, window: WindowState, office: Office) -> Self:
        slot = window.slot
        return cls(
            start=written_hour(slot.ref.start),
            end=written_hour(slot.end),
            state=window.state,
            quota=slot.quota,
            remaining=window.remaining,
            release_at=office.local_time(slot.release_at or None),
        )


class DayOut(Output):
    """A day at an office: its one state and why, and its windows."""

    date: dt.date
    state: Availability
    reason: str | None
    quota: int
    remaining: int
    release_at: dt.datetime | None
    windows: list[WindowOut]

    @classmethod
    def of(cls, day: DayState, office: Office) -> Self:
        return cls(
            date=day.day,
            state=day.state,
            reason=day.reason,
            quota=day.quota,
            remaining=day.remaining,
            release_at=office.local_time(day.release_at),
            windows=[WindowOut.of(window, office) for window in day.windows],
        )


class AvailabilityOut(Output):
    """The days of an office in one lane, for a party."""

    office_id: str
    timezone: str
    lane: Lane
    party: int
    days: list[DayOut]

    @classmethod
    def of(cls, office: Office, lane: Lane, party: int, days: Sequence[DayState]) -> Self:
        return cls(
            office_id=office.office_id,
            timezone=office.timezone,
            lane=lane,
            party=party,
            days=[DayOut.of(day, office) for day in days],
        )


class SpareOfficeOut(Output):
    """An office with room: from which date on, and how far it is."""

    office_id: str
    name: str
    city: str
    province: str
    timezone: str
    date: dt.date
    distance_km: float | None

    @classmethod
    def of(cls, spare: Spare) -> Self:
        office = spare.office
        return cls(
            office_id=office.office_id,
            name=office.name,
            city=office.city,
            province=office.province,
            timezone=office.timezone,
            date=spare.day,
            distance_km=None if spare.km is None else round(spare.km, 1),
        )


class SpareOut(Output):
    """Offices with room. `nowhere_near` says that none in the search has any."""

    lane: Lane
    party: int
    as_of: dt.datetime
    nowhere_near: bool
    offices: list[SpareOfficeOut]

    @classmethod
    def of(cls, search: Search, offices: Sequence[Spare], as_of: int) -> Self:
        """Return what a search came to, as it was at `as_of` (seconds, UTC)."""
        return cls(
            lane=search.lane,
            party=search.party,
            as_of=dt.datetime.fromtimestamp(as_of, dt.UTC),
            nowhere_near=not any(spare.within for spare in offices),
            offices=[SpareOfficeOut.of(spare) for spare in offices],
        )
