"""File: write a party's tickets, persons and booking, all or nothing."""

from collections.abc import Callable, Sequence

from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.tickets import Applicant, Booking, Ticket, TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import BookingItem
from antrean.store.items.person import PersonItem, free_at
from antrean.store.items.ticket import TicketItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


class NumbersGone(Exception):
    """The sweeper gave some of the claimed numbers back before they were filed."""


class PersonsTaken(Exception):
    """Some persons hold live tickets; `indexes` says which applicants of the party."""

    def __init__(self, indexes: Sequence[int]) -> None:
        super().__init__(f"{len(indexes)} of the party")
        self.indexes = tuple(indexes)


class CodeTaken(Exception):
    """The booking's code has a booking already."""


def file_booking(
    booking: Booking, party: Sequence[Applicant], now: int, live_until: int, deadline: Deadline
) -> None:
    """Write n live tickets, n persons and the booking: see `file_tickets`."""
    file_tickets(booking, tickets_of(booking, party), now, live_until, deadline)


def nothing_else(_writing: Transaction) -> None:
    """Add nothing to a filing's transaction."""


def file_tickets(
    booking: Booking,
    tickets: Sequence[Ticket],
    now: int,
    live_until: int,
    deadline: Deadline,
    also: Callable[[Transaction], None] = nothing_else,
) -> None:
    """Write n tickets, n persons and the booking, each only if absent, in one transaction.

    `also` puts more into it; when only that is refused, it is `ChangedMeanwhile`. A person also
    counts as absent when their live ticket was over at `now`, the instant of which the booking
    is: one booking is over before the next is made. `live_until` is the end of the booking's own
    date; both in seconds (UTC).

    Raises `CodeTaken`, `NumbersGone` or `PersonsTaken` (the first that applies, in this order)
    with nothing written, or `Unavailable` when it is not known whether it was written.
    """
    writing = Transaction()
    for ticket in tickets:
        writing.put(
            f"ticket {ticket.number}", TicketItem.of(ticket), TicketItem.pk.does_not_exist()
        )
    for index, person in enumerate(booking.people):
        writing.put(
            f"person {index}", PersonItem.of(person, booking.code, live_until), free_at(now)
        )
    writing.put("booking", BookingItem.of(booking), BookingItem.pk.does_not_exist())
    also(writing)
    try:
        writing.commit(deadline)
    except Refused as refused:
        raise why_refused(booking, refused) from refused


def tickets_of(booking: Booking, party: Sequence[Applicant]) -> list[Ticket]:
    """Return the live tickets of `booking`, one for each of `party` in its order."""
    return [
        Ticket(booking.ref, number, TicketStatus.LIVE, booking.code, person, applicant)
        for number, person, applicant in zip(booking.numbers, booking.people, party, strict=True)
    ]


def why_refused(booking: Booking, refused: Refused) -> Exception:
    """Return the exception that says what stood in the way of filing `booking`."""
    if "booking" in refused.names:
        return CodeTaken()
    if any(f"ticket {number}" in refused.names for number in booking.numbers):
        return NumbersGone()
    taken = [i for i in range(len(booking.people)) if f"person {i}" in refused.names]
    return PersonsTaken(taken) if taken else ChangedMeanwhile("The booking changed meanwhile.")
