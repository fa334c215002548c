"""Finding offices."""

from antrean.domain.audit import CALENDAR, PRIVACY
from antrean.domain.offices import Office
from antrean.runtime.deadline import Budget
from antrean.runtime.ttl_cache import Remembered
from antrean.store.items.office import all_offices, get_office

ALL: Remembered[str, list[Office]] = Remembered(seconds=10, most=1)


SEEN: Remembered[str, Office] = Remembered(seconds=5, most=500)


def find_offices(province: str | None, words: str | None, budget: Budget) -> list[Office]:
    """Return the offices of a province whose name or city has all `words`, in order of name and id.

    Without a province or words: all. Case does not matter.
    """
    offices = ALL.get("all") or ALL.put("all", list(all_offices(budget)))
    asked = (words or "").casefold().split()
    return sorted(
        (
            office
            for office in offices
            if (province is None or office.province.casefold() == province.casefold())
            and all(word in f"{office.name} {office.city}".casefold() for word in asked)
        ),
        key=lambda office: (office.name, office.office_id),
    )


def office_of(office_id: str, budget: Budget) -> Office:
    """Return one office, as it was at most some seconds ago. Raises `NotFound`."""
    for office in ALL.get("all") or ():
        if office.office_id == office_id:
            return office
    return get_office(office_id, budget)


def office_seen(office_id: str, budget: Budget) -> Office:
    """Return one office for showing it to thousands who watch: some seconds older than `office_of`.

    Raises `NotFound`.
    """
    return SEEN.get(office_id) or SEEN.put(office_id, office_of(office_id, budget))


def whole_record(budget: Budget) -> list[str]:
    """Return whose records there are: every office's, and those that are no office's."""
    return [CALENDAR, PRIVACY, *(office.office_id for office in all_offices(budget))]
