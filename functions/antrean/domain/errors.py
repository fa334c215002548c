"""Why a request is refused. `antrean.api.problems` turns each into one HTTP problem."""

from dataclasses import dataclass, replace
from typing import Self


class AntreanError(Exception):
    """A refusal that the caller can read: `detail` says what is wrong and what to change.

    `members` are further facts for the client. Neither ever holds a NIK, a name or a phone.
    """

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that is wrong: where (JSON pointer, RFC 6901) and what to change."""

    pointer: str
    detail: str

    def under(self, pointer: str, instead_of: str = "") -> Self:
        """Return the problem as one of a larger whole, in which its own whole is at `pointer`.

        `instead_of` is the beginning of its pointer that the larger whole does not have.
        """
        return replace(self, pointer=pointer + self.pointer.removeprefix(instead_of))


class InvalidRequest(AntreanError):
    """The request's fields are wrong."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("Some fields need to be corrected.")
        self.problems = problems


class NotFound(AntreanError):
    """There is no such thing, or the caller may not know that there is."""


class DataDeleted(AntreanError):
    """The booking's retention time is over; nobody can say any more whose it was."""


class OfficeNotOpen(AntreanError):
    """The office takes no bookings now: it is being prepared or is suspended."""


class AlreadyBooked(AntreanError):
    """A person of the party has a live ticket already, here or at another office."""


class NoPlaces(AntreanError):
    """Nothing that the applicant would accept has room."""


class KeyReused(AntreanError):
    """The Idempotency-Key was used before, with another request."""


class NotChangeable(AntreanError):
    """The booking's state does not allow this change (any more)."""


class ChangedMeanwhile(AntreanError):
    """Another request changed the same thing first; read it again, then decide."""


class BelowTaken(AntreanError):
    """A quota would fall below the places that are taken."""


class NotAsSeen(AntreanError):
    """The thing is not what the caller saw when deciding (If-Match)."""


class NotReady(AntreanError):
    """The office lacks something that it needs before it opens."""


class TooEarly(AntreanError):
    """Check-in for the window is not open yet: it opens at `opens_at`."""


class TooLate(AntreanError):
    """The window ended too long ago; the staff can let the person in all the same."""


class WrongDay(AntreanError):
    """The booking or the number is of another `date`."""


class WrongOffice(AntreanError):
    """The booking is at another office: `office_id`, `name`."""


class BookingCancelled(AntreanError):
    """The booking was cancelled: it holds no number."""


class CounterBusy(AntreanError):
    """The counter has a number whose outcome is not noted yet."""


class NothingCalled(AntreanError):
    """No number stands at the counter."""


class WrongState(AntreanError):
    """The number's state does not allow this outcome."""


class NotAllowed(AntreanError):
    """The caller is known and may not do this."""


class NotSignedIn(AntreanError):
    """The caller did not prove who they are."""


class Unavailable(AntreanError):
    """The store did not answer in time; nothing is lost, and the same request may be repeated."""
