"""The holder of a booking moves it, once."""

from dataclasses import replace
from datetime import date

from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.booking.open_booking import OpenedBooking, reread, with_state
from antrean.booking.refile import party_of, presence_of, refile
from antrean.domain.errors import (
    ChangedMeanwhile,
    FieldProblem,
    InvalidRequest,
    NotChangeable,
    OfficeNotOpen,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.rescheduling import has_moved
from antrean.domain.slots import SlotRef
from antrean.domain.tickets import Booking, BookingStatus, Move
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.writes.change_booking import Presence
from antrean.store.writes.file_booking import NumbersGone


def reschedule_booking(
    opened: OpenedBooking, day: date, start: str | None, overflow: Overflow, deadline: Deadline
) -> OpenedBooking:
    """Move the whole party to another slot of its office and lane, keeping code and token.

    `day` is a local date; `start` (HHMM) is None when any window will do. A repeat of the move
    that was made gets the booking as it stands. Off a closed day the booking moves whatever was
    done with it before, on its date too. The booking stays where it is when this raises
    `NotChangeable`, `NoPlaces`, `ChangedMeanwhile`, `InvalidRequest`, `OfficeNotOpen` or
    `Unavailable`.
    """
    booking, office, closed = opened.booking, opened.office, opened.closed
    if _made_already(booking, day, start) and not closed:
        return opened
    _refuse_reschedule(opened, day)
    ref = SlotRef(office.office_id, day, booking.lane, start or "")
    if ref == booking.ref:
        raise NotChangeable("The booking stands in this window already.", reason="same_window")
    search = PlaceSearch(office, ref, len(booking.people), overflow, besides=booking.ref)
    presence = _presence(booking, office, deadline)
    party = party_of(booking, deadline)
    while True:
        claimed, overflowed = claim_place(search, deadline)
        new = replace(
            booking,
            ref=claimed.ref,
            end=claimed.end,
            numbers=tuple(claimed.numbers),
            requested_date=day,
            requested_start=start,
            changed_at=clock.epoch(),
            move=overflowed or Move(booking.ref.day, booking.ref.start, "asked", by="applicant"),
            version=booking.version + 1,
            rescheduled=booking.rescheduled + 1,
            excused=booking.excused + (closed is not None),
        )
        try:
            refile(booking, new, party, office, deadline, presence=presence)
        except NumbersGone:
            continue  # slower than the sweeper's grace: take new numbers
        except ChangedMeanwhile as changed:
            current = reread(booking, deadline)
            if _made_already(current, day, start):
                return OpenedBooking.of(current, office)
            raise with_state(changed, current) from None
        return OpenedBooking.of(new, office)


def _made_already(booking: Booking, day: date, start: str | None) -> bool:
    """Return whether the booking's one move asked for just this: the request is a repeat."""
    return (
        booking.status is BookingStatus.BOOKED
        and booking.rescheduled > 0
        and (booking.requested_date, booking.requested_start) == (day, start)
    )


def _presence(booking: Booking, office: Office, deadline: Deadline) -> Presence:
    """Return who of the party is in the hall: on a closed day somebody may have come."""
    presence = presence_of(booking, office, deadline)
    if not presence.may_leave:
        detail = "A number of the booking was called already: it is too late to move it."
        raise NotChangeable(detail, reason="too_late")
    return presence


def _refuse_reschedule(opened: OpenedBooking, day: date) -> None:
    booking, office, closed = opened.booking, opened.office, opened.closed
    today = office.local_date(clock.now())
    if booking.status is not BookingStatus.BOOKED:
        raise NotChangeable("The booking is cancelled. Make a new one.", reason="cancelled")
    if has_moved(booking) and not closed:
        detail = "A booking can be moved once, and this one was. Cancel it instead."
        raise NotChangeable(detail, reason="moved_before")
    if today > booking.ref.day or (today == booking.ref.day and not closed):
        detail = "A booking can be moved until the day before."
        raise NotChangeable(detail, reason="too_late")
    if office.status is not OfficeStatus.OPEN:
        raise OfficeNotOpen(
            f"{office.name} takes no bookings now. The booking stays as it is.",
            office_status=office.status,
            reason=office.status_reason,
        )
    if day < today:
        raise InvalidRequest([FieldProblem("/date", "This date has passed at the office.")])
