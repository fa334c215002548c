"""An office's slots as they were a few seconds ago: for showing them, and for choosing among them.

Who books and who looks share what is remembered. Nothing hangs on its being right: a claim is
one conditional update of the slot as it is.
"""

from datetime import date, timedelta

from antrean.domain.offices import Office
from antrean.domain.slots import Lane, Slot
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.slot import slots_between

STRETCH_DAYS = 31
"""How many days one Query reads."""


SLOTS: TtlCache[tuple[str, Lane, date, date], list[Slot]] = TtlCache(seconds=2, most=300)
"""Slots lately read, by office, lane, first and last date; some 50 kB each."""


def stretch_of(office: Office, day: date) -> date:
    """Return the first day of the stretch that `day` lies in; one begins at the office's today."""
    today = office.local_date(clock.now())
    return today + timedelta(days=(day - today).days // STRETCH_DAYS * STRETCH_DAYS)


def stretch_slots(office: Office, lane: Lane, stretch: date, deadline: Deadline) -> list[Slot]:
    """Return a lane's slots of a stretch, in order. Raises `Unavailable`."""
    return _read(office, lane, stretch, _last_of(stretch), deadline)


def knows_stretch(office: Office, lane: Lane, stretch: date) -> bool:
    """Return whether a lane's slots of a stretch are remembered."""
    return SLOTS.get((office.office_id, lane, stretch, _last_of(stretch))) is not None


def drop_stretch(office: Office, lane: Lane, stretch: date) -> None:
    """Have a lane's slots of a stretch read again."""
    SLOTS.drop((office.office_id, lane, stretch, _last_of(stretch)))


def recent_slots(
    office: Office, lane: Lane, first: date, last: date, deadline: Deadline
) -> list[Slot]:
    """Return a lane's slots from `first` to `last` (local dates, both inside), in order.

    One Query: of the whole stretch when the dates lie in one, so that bookings know it too.
    Raises `Unavailable`.
    """
    stretch = stretch_of(office, first)
    if last > _last_of(stretch):
        return _read(office, lane, first, last, deadline)
    slots = stretch_slots(office, lane, stretch, deadline)
    return [slot for slot in slots if first <= slot.ref.day <= last]


def _last_of(stretch: date) -> date:
    return stretch + timedelta(days=STRETCH_DAYS - 1)


def _read(office: Office, lane: Lane, first: date, last: date, deadline: Deadline) -> list[Slot]:
    key = (office.office_id, lane, first, last)
    known = SLOTS.get(key)
    if known is None:
        known = slots_between(office.office_id, first, last, deadline, lane=lane)
        SLOTS.put(key, known)
    return known
