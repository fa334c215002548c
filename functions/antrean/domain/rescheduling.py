"""Whether and until when the holder of a booking may move or cancel it."""

from datetime import datetime, timedelta

from antrean.domain.closed_day import ClosedDay
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.tickets import Booking, BookingStatus

RESCHEDULES = 1
"""How often an applicant may move a booking (the rule of M-Paspor: once, until the day before)."""


def has_moved(booking: Booking) -> bool:
    """Return whether the holder has used up their moves; those off a closed day do not count."""
    return booking.rescheduled - booking.excused >= RESCHEDULES


def changeable_until(
    booking: Booking, office: Office, now: datetime, closed: ClosedDay | None = None
) -> datetime | None:
    """Return until when (aware, local) the holder may move a booking; None: not any more.

    `now` is an aware instant. Off a `closed` day it may be moved however often it was, until its
    date is over: then its people are free to book again.
    """
    if booking.status is not BookingStatus.BOOKED or office.status is not OfficeStatus.OPEN:
        return None
    ends = _end_of_date(booking, office) if closed else office.instant(booking.ref.day, "0000")
    if ends <= now or (has_moved(booking) and not closed):
        return None
    return ends


def cancellable_until(
    booking: Booking, office: Office, closed: ClosedDay | None = None
) -> datetime:
    """Return until when (aware, local) the holder may cancel: the window's start.

    On a `closed` day nobody is served in the window, so the end of the date.
    """
    if closed:
        return _end_of_date(booking, office)
    return office.instant(booking.ref.day, booking.ref.start)


def _end_of_date(booking: Booking, office: Office) -> datetime:
    return office.instant(booking.ref.day + timedelta(days=1), "0000")
