"""Whether and until when the holder of a booking may move it."""

from datetime import datetime

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.tickets import Booking, BookingStatus

RESCHEDULES = 1
"""How often an applicant may move a booking (the rule of M-Paspor: once, until the day before)."""


def changeable_until(booking: Booking, office: Office, now: datetime) -> datetime | None:
    """Return until when (aware, local) the holder may move a booking; None: not any more.

    `now` is an aware instant.
    """
    ends = office.instant(booking.ref.day, "0000")
    moved = booking.rescheduled >= RESCHEDULES
    if booking.status is not BookingStatus.BOOKED or moved or ends <= now:
        return None
    return ends if office.status is OfficeStatus.OPEN else None
