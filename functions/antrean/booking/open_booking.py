"""Opening a booking by its code and token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from antrean.booking.closed_day import closed_for
from antrean.domain.closed_day import ClosedDay
from antrean.domain.codes import normalise_code, token_matches
from antrean.domain.errors import AntreanError, DataDeleted, NotFound, NotSignedIn
from antrean.domain.hours import written_hour
from antrean.domain.offices import Office
from antrean.domain.rescheduling import cancellable_until, changeable_until
from antrean.domain.slots import Slot, SlotRef
from antrean.domain.tickets import Booking
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import get_booking
from antrean.store.items.slot import get_slot


@dataclass(frozen=True, slots=True)
class OpenedBooking:
    """A booking as its holder sees it, with its office.

    `changeable_until` (aware, local) is until when the holder may move it; None: not any more.
    `closed` says what closed its day; None: it stands.
    """

    booking: Booking
    office: Office
    changeable_until: datetime | None
    closed: ClosedDay | None = None

    @classmethod
    def of(
        cls, booking: Booking, office: Office, closed: ClosedDay | None = None
    ) -> "OpenedBooking":
        """Open a booking for whoever proved to be its holder."""
        until = changeable_until(booking, office, clock.now(), closed)
        return cls(booking, office, until, closed)

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it is not too late to cancel."""
        return clock.now() < cancellable_until(self.booking, self.office, self.closed)


def open_booking(
    typed_code: str,
    token: str,
    deadline: Deadline,
    read_office: Callable[[str, Deadline], Office] = recent_office,
    read_slot: Callable[[SlotRef, Deadline], Slot | None] = get_slot,
) -> OpenedBooking:
    """Return the booking that `token` opens, with its office as `read_office` knows it.

    Whether its day still stands is told by the slot as `read_slot` knows it.

    Raises `NotSignedIn` without a token. Raises `NotFound` for an unknown code and for a token
    that does not fit it alike, so that codes cannot be tried out. Raises `DataDeleted` when the
    token fits a booking whose retention time is over; `Unavailable`.
    """
    if not token:
        raise NotSignedIn("Send the booking's token in the Authorization header: Bearer TOKEN.")
    try:
        code = normalise_code(typed_code)
    except ValueError as wrong:
        raise NotFound(f"This is not a booking code: {wrong}.") from None
    booking = get_booking(code, deadline)
    if booking is None:
        _refuse_deleted(code, token, deadline)
    if booking is None or not token_matches(token, booking.token_digest):
        raise NotFound("There is no booking with this code and token.")
    office = read_office(booking.ref.office_id, deadline)
    return OpenedBooking.of(booking, office, closed_for(booking, office, deadline, read_slot))


def _refuse_deleted(code: str, token: str, deadline: Deadline) -> None:
    from antrean.store.items.tombstone import get_deleted

    deleted = get_deleted(code, deadline)
    if deleted and token_matches(token, deleted.token_digest):
        raise DataDeleted(
            "The data of this booking was deleted some time after its date, as it was announced. "
            "Nobody can say any more whose it was.",
            date=deleted.day.isoformat(),
        )


def reread(booking: Booking, deadline: Deadline) -> Booking:
    """Return a booking as it is now. Raises `NotFound`, `Unavailable`."""
    current = get_booking(booking.code, deadline)
    if current is None:
        raise NotFound("There is no booking with this code and token.")
    return current


def with_state(error: AntreanError, current: Booking) -> AntreanError:
    """Return a refusal that also says how the booking stands."""
    error.members |= {
        "current": {
            "status": current.status,
            "date": current.ref.day.isoformat(),
            "window": written_hour(current.ref.start),
        }
    }
    return error
