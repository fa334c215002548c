"""Finding offices."""

from antrean.domain.offices import Office
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.office import all_offices, get_office

ALL: TtlCache[str, list[Office]] = TtlCache(seconds=10, most=1)
"""Every office."""

WATCHED: TtlCache[str, Office] = TtlCache(seconds=5, most=500)
"""The offices whose boards and bookings are watched."""


def find_offices(province: str | None, words: str | None, deadline: Deadline) -> list[Office]:
    """Return the offices of a province whose name or city has all `words`, in order of name and id.

    Without a province or words: all. Case does not matter.
    """
    offices = ALL.get("all") or ALL.put("all", list(all_offices(deadline)))
    parts = (words or "").casefold().split()
    return sorted(
        (
            office
            for office in offices
            if (province is None or office.province.casefold() == province.casefold())
            and all(part in f"{office.name} {office.city}".casefold() for part in parts)
        ),
        key=lambda office: (office.name, office.office_id),
    )


def recent_office(office_id: str, deadline: Deadline) -> Office:
    """Return one office, as it was at most some seconds ago. Raises `NotFound`."""
    for office in ALL.get("all") or ():
        if office.office_id == office_id:
            return office
    return get_office(office_id, deadline)


def watched_office(office_id: str, deadline: Deadline) -> Office:
    """Return one office, for thousands who watch. Raises `NotFound`.

    It may be some seconds older than what `recent_office` returns.
    """
    return WATCHED.get(office_id) or WATCHED.put(office_id, recent_office(office_id, deadline))


def whole_record(deadline: Deadline) -> list[str]:
    """Return the names of all parts of the record: every office's id, the calendar, privacy."""
    from antrean.domain.audit import CALENDAR, PRIVACY

    return [CALENDAR, PRIVACY, *(office.office_id for office in all_offices(deadline))]
