"""The holder of a booking cancels it."""

from antrean.booking.open_booking import OpenedBooking, reread, with_state
from antrean.booking.refile import presence_of, returns_of
from antrean.domain.errors import ChangedMeanwhile, NotChangeable
from antrean.domain.tickets import BookingStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.writes import change_booking


def cancel_booking(opened: OpenedBooking, deadline: Deadline) -> OpenedBooking:
    """Give the party's places back; a cancelled booking stays as it is.

    Raises `NotChangeable` once the window has begun (on a closed day: when the date is over) or a
    number of the booking was called, `ChangedMeanwhile` when another request
    was first, `Unavailable`.
    """
    booking, office = opened.booking, opened.office
    if booking.status is BookingStatus.CANCELLED:
        return opened
    if not opened.may_be_cancelled:
        detail = "The arrival window has begun: it is too late to cancel."
        raise NotChangeable(detail, reason="too_late")
    now = clock.epoch()
    presence = presence_of(booking, office, deadline)
    if not presence.may_leave:
        detail = "A number of the booking was called already: it is too late to cancel."
        raise NotChangeable(detail, reason="too_late")
    try:
        change_booking.cancel_booking(
            booking, returns_of(booking, office, now), now, deadline, presence
        )
    except ChangedMeanwhile as changed:
        current = reread(booking, deadline)
        if current.status is BookingStatus.CANCELLED:
            return OpenedBooking.of(current, office)
        raise with_state(changed, current) from None
    return OpenedBooking.of(reread(booking, deadline), office)
