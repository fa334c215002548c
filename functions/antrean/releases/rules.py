"""What follows from an office's release rules: the public calendar of releases."""

from antrean.domain.announcing import Release, announced
from antrean.domain.announcing import next_release as next_by_rules
from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.offices.opening import ANNOUNCED_DAYS, days_ahead, holidays_around
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.slot import slots_between

HOLIDAYS: TtlCache[str, Holidays] = TtlCache(seconds=60, most=1)
"""The calendar around today, for the public answers."""

NEXT: TtlCache[tuple[str, int], tuple[int | None]] = TtlCache(seconds=60)
"""The next release of an office in one of its versions."""


def releases(office: Office, deadline: Deadline) -> list[Release]:
    """Return what an office releases in the next `ANNOUNCED_DAYS`, by instant and lane.

    One Query, of the days that are open. Raises `Unavailable`.
    """
    days = days_ahead(office)
    slots = slots_between(office.office_id, days[0], days[-1], deadline)
    return announced(office, slots, _holidays(deadline), clock.epoch(), ANNOUNCED_DAYS)


def next_release(office: Office, deadline: Deadline) -> int | None:
    """Return when (seconds, UTC) an office releases places next, by the rules that it has.

    Reads nothing but the calendar, and that once a minute. Raises `Unavailable`.
    """
    if not office.releases:
        return None
    key, now = (office.office_id, office.version), clock.epoch()
    known = NEXT.get(key)
    if known is None or (known[0] is not None and known[0] <= now):
        known = NEXT.put(key, (next_by_rules(office, _holidays(deadline), now),))
    return known[0]


def _holidays(deadline: Deadline) -> Holidays:
    known = HOLIDAYS.get("around")
    return known if known is not None else HOLIDAYS.put("around", holidays_around(deadline))
