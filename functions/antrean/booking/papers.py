"""What a booking's proof and calendar entry say of it: no name, no NIK."""

from antrean.booking.calendar_entry import CalendarInput
from antrean.booking.proof import ProofInput
from antrean.domain.labels import label
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, BookingStatus


def labels_of(booking: Booking) -> tuple[str, ...]:
    """Return the labels of a booking's numbers, in the order of its people."""
    ref = booking.ref
    return tuple(label(ref.lane, ref.start, number) for number in booking.numbers)


def proof_input(booking: Booking, office: Office) -> ProofInput:
    """Return what the proof of a booking says."""
    ref = booking.ref
    return ProofInput(
        code=booking.code,
        office_name=office.name,
        timezone=office.timezone,
        day=ref.day,
        start=ref.start,
        end=booking.end,
        labels=labels_of(booking),
        lane=ref.lane,
        arrive_at=office.instant(ref.day, ref.start),
    )


def calendar_input(booking: Booking, office: Office) -> CalendarInput:
    """Return what the calendar entry of a booking says."""
    return CalendarInput(
        code=booking.code,
        office_name=office.name,
        city=office.city,
        timezone=office.timezone,
        day=booking.ref.day,
        start=booking.ref.start,
        end=booking.end,
        labels=labels_of(booking),
        version=booking.version,
        changed_at=booking.changed_at,
        cancelled=booking.status is BookingStatus.CANCELLED,
    )
