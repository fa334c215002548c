"""People, tickets and bookings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from antrean.domain.labels import label
from antrean.domain.slots import Lane, SlotRef

LARGEST_PARTY = 5
"""People in one booking, as in APAPO (owner and four more)."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person who asks for a ticket. `note` is for the officer; `ground` that of priority."""

    nik: str
    name: str
    birth_date: date
    ground: str | None = None
    guardian_name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the party is reached: phone in E.164, and e-mail if given."""

    phone: str
    email: str | None = None


class TicketStatus(StrEnum):
    """What became of a number. All but a returned one hold their place.

    live -> checked_in -> called -> served or no_show; live or checked_in -> no_show, returned.
    """

    LIVE = "live"
    CHECKED_IN = "checked_in"
    CALLED = "called"
    SERVED = "served"
    NO_SHOW = "no_show"
    RETURNED = "returned"


HAD_THEIR_DAY = (TicketStatus.CALLED, TicketStatus.SERVED, TicketStatus.NO_SHOW)
"""Of whom the office called or expected in vain: a later closure is not theirs."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person on one number. A returned number keeps a ticket without a person.

    What the day did with it: `turn` is its place in the order of calls (`domain.day.turn_of`),
    `called_at` the first call, `counter` where it was called to, `finished_at` when it was served
    or noted as a no-show. Instants are seconds (UTC), None for what did not happen.
    """

    ref: SlotRef
    number: int
    status: TicketStatus
    code: str = ""
    person: str = ""
    applicant: Applicant | None = None
    walk_in: bool = False
    checked_in_at: int | None = None
    turn: str = ""
    called_at: int | None = None
    counter: str = ""
    finished_at: int | None = None

    @property
    def label(self) -> str:
        """The number as it is called and printed, such as R0800-012."""
        return label(self.ref.lane, self.ref.start, self.number)


class BookingStatus(StrEnum):
    """Whether a booking holds places."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Move:
    """Why a booking does not stand where it was asked for: from where, why, and by whom.

    `reason` is an availability (`full`, `closed`, ...) or the office's own words; `by` is
    `overflow`, `applicant` or `office`.
    """

    from_date: date
    from_start: str | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Booking:
    """One to five tickets under one code.

    `names` and `people` (keyed hashes) stand in the order of `numbers`. `requested_start` is
    None when any window would do. `version` grows with every change; `rescheduled` counts the
    applicant's own moves, and `excused` those of them that were off a closed day. Instants are
    seconds since 1970 (UTC).
    """

    code: str
    ref: SlotRef
    end: str
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    people: tuple[str, ...]
    requested_date: date
    requested_start: str | None
    contact: Contact
    token_digest: str
    request_hash: str
    created_at: int
    changed_at: int
    status: BookingStatus = BookingStatus.BOOKED
    move: Move | None = None
    version: int = 1
    rescheduled: int = 0
    excused: int = 0

    @property
    def lane(self) -> Lane:
        """The queue the booking stands in."""
        return self.ref.lane

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its numbers, in the order of its people."""
        return tuple(label(self.ref.lane, self.ref.start, number) for number in self.numbers)


def booked_codes(tickets: Iterable[Ticket]) -> list[str]:
    """Return the codes of the bookings whose tickets hold a place, each once, in their order."""
    held = (ticket.code for ticket in tickets if ticket.status is not TicketStatus.RETURNED)
    return list(dict.fromkeys(held))
