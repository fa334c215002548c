"""Changing a booking: cancel it, or file it again in another slot. All or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.day import LaneState, Number, Waiting
from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.tickets import Applicant, Booking, BookingStatus, Ticket, TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import BookingItem
from antrean.store.items.lane_state import put_lane, read_lane
from antrean.store.items.person import PersonItem, still_its_own
from antrean.store.items.returned_place import Return, put_return
from antrean.store.items.ticket import PERSONAL, TicketItem, booking_tickets
from antrean.store.items.waiting import delete_waiting
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction
from antrean.store.writes.day_step import as_read
from antrean.store.writes.file_booking import NumbersGone, tickets_of

OF_THE_HOLDER: tuple[Attribute[Any], ...] = (TicketItem.code, TicketItem.person, *PERSONAL)
"""What a returned ticket does not have: whose it was."""

OF_THE_DAY: tuple[Attribute[Any], ...] = (
    TicketItem.walk_in,
    TicketItem.checked_in_at,
    TicketItem.turn,
)

MAY_LEAVE = (TicketStatus.LIVE, TicketStatus.CHECKED_IN)
"""Who was called, served or noted as a no-show holds the number for good."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Which of a booking's tickets the day has touched, and the figures of their lane as read.

    They must not have changed when the booking leaves its numbers.
    """

    touched: Sequence[Ticket] = ()
    lane: LaneState | None = None

    @property
    def may_leave(self) -> bool:
        """Whether nobody of the booking was called yet, or noted as a no-show."""
        return all(ticket.status in MAY_LEAVE for ticket in self.touched)


NOBODY = Presence()
"""Of a booking of a day to come: nobody can have checked in."""


def read_presence(booking: Booking, deadline: Deadline) -> Presence:
    """Return what the day has done with a booking's tickets. Raises `Unavailable`."""
    touched = [
        ticket
        for ticket in booking_tickets(booking, deadline)
        if ticket.status is not TicketStatus.LIVE
    ]
    if not touched:
        return NOBODY
    office_id, day, lane, _ = booking.ref
    return Presence(touched, read_lane(office_id, day, lane, deadline))


@dataclass(frozen=True, slots=True)
class Refiled:
    """A booking as it was and as it is to be, its people, and its places' way back."""

    old: Booking
    new: Booking
    party: Sequence[Applicant]
    live_until: int
    returns: Sequence[Return]
    presence: Presence = NOBODY


def cancel_booking(
    booking: Booking,
    returns: Sequence[Return],
    now: int,
    deadline: Deadline,
    presence: Presence = NOBODY,
) -> None:
    """Take the party off its numbers, free the persons, and start the places' way back.

    Who is checked in waits no longer. Raises `ChangedMeanwhile` when the booking or its tickets
    are not what they were when they were read, `Unavailable` when it is not known whether it was
    written.
    """
    writing = Transaction()
    _leave(writing, booking, returns, presence)
    for index, person in enumerate(booking.people):
        mine = PersonItem.code == booking.code
        writing.delete(f"person {index}", PersonItem.keyed(person), mine)
    actions: list[Action] = [
        BookingItem.status.set(BookingStatus.CANCELLED),
        BookingItem.version.set(booking.version + 1),
        BookingItem.changed_at.set(now),
    ]
    writing.update("booking", BookingItem.keyed(booking.code), actions, _unchanged(booking))
    _commit(writing, deadline)


def refile(
    change: Refiled, deadline: Deadline, also: Callable[[Transaction], None] | None = None
) -> None:
    """Put the party on its new numbers and start the old places' way back.

    `also` puts more into the same transaction.
    Raises `NumbersGone` when the sweeper gave new numbers back first, else as `cancel`.
    """
    writing = Transaction()
    _leave(writing, change.old, change.returns, change.presence)
    for ticket in tickets_of(change.new, change.party):
        writing.put(f"new {ticket.number}", TicketItem.of(ticket), TicketItem.pk.does_not_exist())
    for index, person in enumerate(change.new.people):
        item = PersonItem.of(person, change.new.code, change.live_until)
        writing.put(f"person {index}", item, still_its_own(change.old.code))
    writing.put("booking", BookingItem.of(change.new), _unchanged(change.old))
    if also:
        also(writing)
    _commit(writing, deadline)


def _unchanged(booking: Booking) -> Condition:
    same: Condition = BookingItem.version == booking.version
    return same


def _leave(
    writing: Transaction, booking: Booking, returns: Sequence[Return], presence: Presence
) -> None:
    """Turn the booking's tickets into returned ones without a person."""
    personal: list[Action] = [attribute.remove() for attribute in OF_THE_HOLDER]
    actions = [TicketItem.status.set(TicketStatus.RETURNED), *personal]
    waiting = {ticket.number: ticket for ticket in presence.touched}
    for number in booking.numbers:
        item, mine = TicketItem.keyed(booking.ref, number), TicketItem.code == booking.code
        if there := waiting.get(number):
            leaves = [*actions, *(attribute.remove() for attribute in OF_THE_DAY)]
            as_before = as_read(TicketStatus.CHECKED_IN, there.turn)
            writing.update(f"ticket {number}", item, leaves, mine & as_before)
        else:
            live = TicketItem.status == TicketStatus.LIVE
            writing.update(f"ticket {number}", item, actions, mine & live)
    if waiting and presence.lane:
        _leave_hall(writing, booking, presence.touched, presence.lane)
    for place in returns:
        put_return(writing, place)


def _leave_hall(
    writing: Transaction, booking: Booking, there: Sequence[Ticket], lane: LaneState
) -> None:
    """Have the people who are checked in wait no longer, nor count."""
    office_id, day, _, start = booking.ref
    for ticket in there:
        number = Number(booking.lane, start, ticket.number)
        waiting = Waiting(number, ticket.turn, ticket.checked_in_at or 0)
        delete_waiting(writing, office_id, day, waiting)
    walk_ins = sum(ticket.walk_in for ticket in there)
    put_lane(writing, office_id, day, lane.without_departed(len(there), walk_ins=walk_ins))


def _commit(writing: Transaction, deadline: Deadline) -> None:
    try:
        writing.commit(deadline)
    except Refused as refused:
        if "booking" not in refused.names and any(
            name.startswith("new ") for name in refused.names
        ):
            raise NumbersGone from refused
        raise ChangedMeanwhile(
            "Another request changed this booking first. Read it again, then decide."
        ) from refused
