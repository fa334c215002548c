"""Changing a booking: cancel it, or file it anew in another slot. All or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.tickets import Applicant, Booking, BookingStatus, TicketStatus
from antrean.store.bookings import BookingItem
from antrean.store.calls import Budget, Refused, Transaction
from antrean.store.filing import NumbersGone, tickets_of
from antrean.store.persons import PersonItem
from antrean.store.returns import Return, put_return
from antrean.store.tickets import TicketItem


@dataclass(frozen=True, slots=True)
class Refiled:
    """A booking as it was and as it is to be, its people, and its places' way back."""

    old: Booking
    new: Booking
    party: Sequence[Applicant]
    live_until: int
    returns: Sequence[Return]


def cancel(booking: Booking, returns: Sequence[Return], now: int, budget: Budget) -> None:
    """Take the party off its numbers, free the persons, and start the places' way back.

    Raises `ChangedMeanwhile` when the booking is not what it was when it was read,
    `Unavailable` when it is not known whether it was written.
    """
    writing = Transaction()
    _leave(writing, booking, returns)
    for index, person in enumerate(booking.people):
        mine = PersonItem.code == booking.code
        writing.delete(f"person {index}", PersonItem.keyed(person), mine)
    actions: list[Action] = [
        BookingItem.status.set(BookingStatus.CANCELLED),
        BookingItem.version.set(booking.version + 1),
        BookingItem.changed_at.set(now),
    ]
    writing.update("booking", BookingItem.keyed(booking.code), actions, _unchanged(booking))
    _commit(writing, budget)


def refile(
    change: Refiled, budget: Budget, also: Callable[[Transaction], None] | None = None
) -> None:
    """Put the party on its new numbers and start the old places' way back.

    `also` puts more into the same transaction.
    Raises `NumbersGone` when the sweeper gave new numbers back first, else as `cancel`.
    """
    writing = Transaction()
    _leave(writing, change.old, change.returns)
    for ticket in tickets_of(change.new, change.party):
        writing.put(f"new {ticket.number}", TicketItem.of(ticket), TicketItem.pk.does_not_exist())
    for index, person in enumerate(change.new.people):
        item = PersonItem.of(person, change.new.code, change.live_until)
        # Absent is a person of a date that has passed and whom TTL removed: nobody else's.
        mine = (PersonItem.code == change.old.code) | PersonItem.pk.does_not_exist()
        writing.put(f"person {index}", item, mine)
    writing.put("booking", BookingItem.of(change.new), _unchanged(change.old))
    if also:
        also(writing)
    _commit(writing, budget)


def _unchanged(booking: Booking) -> Condition:
    same: Condition = BookingItem.version == booking.version
    return same


def _leave(writing: Transaction, booking: Booking, returns: Sequence[Return]) -> None:
    """Turn the booking's tickets into returned ones without a person."""
    personal = (
        TicketItem.code,
        TicketItem.person,
        TicketItem.nik,
        TicketItem.name,
        TicketItem.birth_date,
        TicketItem.ground,
        TicketItem.guardian_name,
        TicketItem.note,
    )
    actions: list[Action] = [
        TicketItem.status.set(TicketStatus.RETURNED),
        *(attribute.remove() for attribute in personal),
    ]
    mine = (TicketItem.code == booking.code) & (TicketItem.status == TicketStatus.LIVE)
    for number in booking.numbers:
        writing.update(f"ticket {number}", TicketItem.keyed(booking.ref, number), actions, mine)
    for place in returns:
        put_return(writing, place)


def _commit(writing: Transaction, budget: Budget) -> None:
    try:
        writing.commit(budget)
    except Refused as refused:
        if "booking" not in refused.names and any(
            name.startswith("new ") for name in refused.names
        ):
            raise NumbersGone from refused
        raise ChangedMeanwhile(
            "Another request changed this booking first. Read it again and decide anew."
        ) from refused
