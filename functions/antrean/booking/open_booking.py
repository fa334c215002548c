"""Opening a booking by its code and token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from antrean.domain.codes import normalise_code, token_matches
from antrean.domain.errors import AntreanError, DataDeleted, NotFound, NotSignedIn
from antrean.domain.hours import written_hour
from antrean.domain.offices import Office
from antrean.domain.rescheduling import changeable_until
from antrean.domain.tickets import Booking
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import get_booking


@dataclass(frozen=True, slots=True)
class OpenedBooking:
    """A booking as its holder sees it, with its office.

    `changeable_until` (aware, local) is until when the holder may move it; None: not any more.
    """

    booking: Booking
    office: Office
    changeable_until: datetime | None

    @classmethod
    def of(cls, booking: Booking, office: Office) -> "OpenedBooking":
        """Open a booking for whoever proved to be its holder."""
        return cls(booking, office, changeable_until(booking, office, clock.now()))


def open_booking(
    typed_code: str,
    token: str,
    deadline: Deadline,
    read_office: Callable[[str, Deadline], Office] = recent_office,
) -> OpenedBooking:
    """Return the booking that `token` opens, with its office as `read_office` knows it.

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
    return OpenedBooking.of(booking, read_office(booking.ref.office_id, deadline))


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
