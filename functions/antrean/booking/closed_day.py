"""Reading whether a booking's day still stands."""

from collections.abc import Callable

from antrean.domain.closed_day import ClosedDay, closed_day
from antrean.domain.offices import Office
from antrean.domain.slots import Slot, SlotRef
from antrean.domain.tickets import Booking, BookingStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.slot import get_slot

WATCHED: TtlCache[SlotRef, tuple[Slot | None]] = TtlCache(seconds=5)
"""The slots whose bookings are watched, as they were at most some seconds ago; (None,): absent."""


def watched_slot(ref: SlotRef, deadline: Deadline) -> Slot | None:
    """Return a slot, for thousands who watch their bookings in it. Raises `Unavailable`."""
    known = WATCHED.get(ref) or WATCHED.put(ref, (get_slot(ref, deadline, consistent=False),))
    return known[0]


def closed_for(
    booking: Booking,
    office: Office,
    deadline: Deadline,
    read_slot: Callable[[SlotRef, Deadline], Slot | None] = get_slot,
) -> ClosedDay | None:
    """Return what closed a booking's day; None when it stands, or the booking is cancelled.

    Raises `Unavailable`.
    """
    if booking.status is not BookingStatus.BOOKED:
        return None
    return closed_day(office, booking.ref.day, read_slot(booking.ref, deadline), clock.now())
