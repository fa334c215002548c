"""Spare places: who has room, and when, across all offices."""

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

MOST = 20
"""Offices in one answer."""


@dataclass(frozen=True, slots=True)
class Search:
    """Where a party looks: a province, or so many kilometres around a point, or everywhere.

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
    """Return up to `MOST` offices with room, the earliest first, and as of when (seconds, UTC).

    Of equal dates the nearer office comes first. When nothing in the search has room, the
    nearest of the others are returned, said to lie outside: the answer is never empty while any
    open office has room. The summary may be a minute old; a booking decides.
    """
    summary = SUMMARY.get("all") or SUMMARY.put("all", get_summary(deadline))
    offices = find_offices(None, None, deadline)
    spare = [found for office in offices if (found := _spare(office, summary, search))]
    inside = [one for one in spare if one.within]
    return _best(inside or spare, search), summary.as_of


def _spare(office: Office, summary: Summary, search: Search) -> Spare | None:
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


def _best(spare: Iterable[Spare], search: Search) -> list[Spare]:
    def by_date(one: Spare) -> tuple[date, float, str]:
        return (one.day, float("inf") if one.km is None else one.km, one.office.name)

    def by_distance(one: Spare) -> tuple[float, date, str]:
        return (float("inf") if one.km is None else one.km, one.day, one.office.name)

    found = sorted(spare, key=by_date)
    if found and search.near and not found[0].within:
        found = sorted(found, key=by_distance)
    return found[:MOST]
