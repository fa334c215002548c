"""Offices with room: which, and from which date, across all offices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from antrean.domain.offices import Office, OfficeStatus, Position
from antrean.domain.room import distance_km
from antrean.domain.slots import Lane
from antrean.offices.find import find_offices
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.summary import Summary, get_summary

SUMMARY: TtlCache[str, Summary] = TtlCache(seconds=5, most=1)
"""Where there is room, as the sweeper wrote it last."""

MOST_OFFICES = 20
"""Offices in one answer."""


@dataclass(frozen=True, slots=True)
class Search:
    """Where a party looks: in a province, within some kilometres of a point, or everywhere.

    `first` is the first local date that will do; None means any.
    """

    lane: Lane
    party: int
    first: date | None = None
    province: str | None = None
    near: Position | None = None
    within_km: float = 200.0


@dataclass(frozen=True, slots=True)
class Spare:
    """An office with room: its earliest date, how far it is, and whether it lies in the search."""

    office: Office
    day: date
    km: float | None
    within: bool


def find_spare(search: Search, deadline: Deadline) -> tuple[list[Spare], int]:
    """Return up to `MOST_OFFICES` offices with room, and as of when (seconds, UTC) that is.

    The earliest comes first, and of equal dates the nearer office. When no office in the search
    has room, the nearest of the others are returned, marked as outside: the answer is never empty
    while any open office has room. The summary may be a minute old; a booking decides.
    """
    summary = SUMMARY.get("all") or SUMMARY.put("all", get_summary(deadline))
    offices = find_offices(None, None, deadline)
    with_room = [spare for office in offices if (spare := _spare(office, summary, search))]
    inside = [spare for spare in with_room if spare.within]
    return _best(inside or with_room, search), summary.as_of


def _spare(office: Office, summary: Summary, search: Search) -> Spare | None:
    """Return an office with its room for the party; None when it has none or is not open."""
    room = summary.offices.get(office.office_id)
    day = room.earliest(search.lane, search.party, search.first) if room else None
    if day is None or office.status is not OfficeStatus.OPEN:
        return None
    km = distance_km(search.near, office.position) if search.near and office.position else None
    return Spare(office, day, km, _within(office, km, search))


def _within(office: Office, km: float | None, search: Search) -> bool:
    if search.province and office.province.casefold() != search.province.casefold():
        return False
    return search.near is None or (km is not None and km <= search.within_km)


def _best(offices: Iterable[Spare], search: Search) -> list[Spare]:
    """Return the earliest, or the nearest where all lie outside the search."""

    def by_date(spare: Spare) -> tuple[date, float, str]:
        return (spare.day, float("inf") if spare.km is None else spare.km, spare.office.name)

    def by_distance(spare: Spare) -> tuple[float, date, str]:
        return (float("inf") if spare.km is None else spare.km, spare.day, spare.office.name)

    best = sorted(offices, key=by_date)
    if best and search.near and not best[0].within:
        best = sorted(best, key=by_distance)
    return best[:MOST_OFFICES]
