"""The JSON of what can be booked when: at one office, and across offices."""

import datetime as dt
from collections.abc import Sequence
from datetime import date, datetime

from antrean.api.answers import local
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
    release_at: datetime | None


class DayOut(Output):
    """A day at an office: its one state and why, and its windows."""

    date: date
    state: Availability
    reason: str | None
    quota: int
    remaining: int
    release_at: datetime | None
    windows: list[WindowOut]


class AvailabilityOut(Output):
    """The days of an office in one lane, for a party."""

    office_id: str
    timezone: str
    lane: Lane
    party: int
    days: list[DayOut]


def availability_out(
    office: Office, lane: Lane, party: int, states: Sequence[DayState]
) -> AvailabilityOut:
    """Return an office's days."""
    return AvailabilityOut(
        office_id=office.office_id,
        timezone=office.timezone,
        lane=lane,
        party=party,
        days=[_day_out(office, state) for state in states],
    )


def _day_out(office: Office, state: DayState) -> DayOut:
    return DayOut(
        date=state.day,
        state=state.state,
        reason=state.reason,
        quota=state.quota,
        remaining=state.remaining,
        release_at=local(office, state.release_at),
        windows=[_window_out(office, window) for window in state.windows],
    )


def _window_out(office: Office, window: WindowState) -> WindowOut:
    slot = window.slot
    return WindowOut(
        start=written_hour(slot.ref.start),
        end=written_hour(slot.end),
        state=window.state,
        quota=slot.quota,
        remaining=window.remaining,
        release_at=local(office, slot.release_at or None),
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


class SpareOut(Output):
    """Offices with room. `nowhere_near` says that none in the search has any."""

    lane: Lane
    party: int
    as_of: dt.datetime
    nowhere_near: bool
    offices: list[SpareOfficeOut]


def spare_out(search: Search, found: Sequence[Spare], as_of: int) -> SpareOut:
    """Return what a search found."""
    return SpareOut(
        lane=search.lane,
        party=search.party,
        as_of=dt.datetime.fromtimestamp(as_of, dt.UTC),
        nowhere_near=not any(one.within for one in found),
        offices=[
            SpareOfficeOut(
                office_id=one.office.office_id,
                name=one.office.name,
                city=one.office.city,
                province=one.office.province,
                timezone=one.office.timezone,
                date=one.day,
                distance_km=None if one.km is None else round(one.km, 1),
            )
            for one in found
        ],
    )
