"""Where a booking stands: what became of each of its numbers, who is ahead, when it is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from antrean.counter.board import to_come, watch
from antrean.domain.day import Board, Number, turn_of
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, BookingStatus, Ticket, TicketStatus
from antrean.domain.waiting import Ahead, Estimate, estimate, pace_of
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.ticket import booking_tickets, live, slot_tickets


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A booking's tickets in its order, and what is ahead of the first that is not called yet.

    `ahead` counts people; `there` those of them who are in the hall, on the day itself. `calls`
    says how often a called ticket's number was called. None where there is nothing to say.
    """

    tickets: tuple[Ticket, ...]
    calls: tuple[int | None, ...] = ()
    ahead: int | None = None
    there: int | None = None
    estimate: Estimate | None = None


def queue_position(booking: Booking, office: Office, deadline: Deadline) -> QueuePosition:
    """Return where a booking stands now. Raises `Unavailable`.

    Its own tickets are read each time. All else is shared by everybody who asks in the same
    seconds.
    """
    today = office.local_date(clock.now())
    if booking.status is BookingStatus.CANCELLED:
        return QueuePosition(_own(booking, ()))
    if booking.ref.day > today:
        # Ahead of the day: those with earlier numbers in the same window.
        tickets = slot_tickets(booking.ref, range(1, booking.numbers[-1] + 1), deadline)
        earlier = [ticket for ticket in live(tickets) if ticket.number < booking.numbers[0]]
        return QueuePosition(_own(booking, tickets), ahead=len(earlier))
    own = _own(booking, booking_tickets(booking, deadline))
    return (
        _on_the_day(booking, office, own, deadline)
        if booking.ref.day == today
        else QueuePosition(own)
    )


def _own(booking: Booking, tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
    """Return the booking's tickets in its order; a number it gave back is a returned one."""
    own = {ticket.number: ticket for ticket in tickets if ticket.code == booking.code}
    returned = TicketStatus.RETURNED
    return tuple(
        own.get(number) or Ticket(booking.ref, number, returned) for number in booking.numbers
    )


def _on_the_day(
    booking: Booking, office: Office, own: tuple[Ticket, ...], deadline: Deadline
) -> QueuePosition:
    board = watch(office.office_id, booking.ref.day, deadline).board
    calls = tuple(_calls(board, ticket) for ticket in own)
    first = _first_to_be_called(booking, office, own)
    if first is None:
        return QueuePosition(own, calls)
    ticket, turn = first
    has_come = ticket.status is TicketStatus.CHECKED_IN
    waiting, expected = _ahead(booking, office, turn, board, deadline)
    start = int(office.instant(booking.ref.day, booking.ref.start).timestamp())
    called_at = estimate(
        pace_of(board.lane(booking.lane).recent, clock.epoch()),
        Ahead(
            waiting=len(waiting),
            expected=len(expected),
            companions=sum(number.start == booking.ref.start for number in (*waiting, *expected)),
            not_before=0 if has_come else start,
        ),
        clock.epoch(),
    )
    ahead = len(waiting) if has_come else len(waiting) + len(expected)
    return QueuePosition(own, calls, ahead, len(waiting), called_at)


def _calls(board: Board, ticket: Ticket) -> int | None:
    """Return how often a called ticket's number was called; None for others."""
    if ticket.status is not TicketStatus.CALLED:
        return None
    counter = board.counter(ticket.counter)
    return counter.calls if counter.number == _number(ticket) else 1  # the board is older


def _first_to_be_called(
    booking: Booking, office: Office, own: Sequence[Ticket]
) -> tuple[Ticket, str] | None:
    """Return the party's ticket that is called first, and its turn; None when none will be.

    When nobody of the party is checked in, the turn is what it would be for who comes now.
    """
    checked_in = [
        (ticket.turn, ticket) for ticket in own if ticket.status is TicketStatus.CHECKED_IN
    ]
    now = f"{clock.now().astimezone(office.zone):%H%M}"
    absent = [
        (turn_of(_number(ticket), booking.end, now), ticket)
        for ticket in own
        if ticket.status is TicketStatus.LIVE
    ]
    turns = checked_in or absent
    if not turns:
        return None
    turn, ticket = min(turns, key=lambda turn_and_ticket: turn_and_ticket[0])
    return ticket, turn


def _ahead(
    booking: Booking, office: Office, turn: str, board: Board, deadline: Deadline
) -> tuple[list[Number], list[Number]]:
    """Return who is called before `turn`: those who wait, and those who may still come in time."""
    ref = booking.ref
    own = {Number(ref.lane, ref.start, number) for number in booking.numbers}
    waiting = board.waiting_in(ref.lane)
    absent = to_come(ref.office_id, ref.day, ref.lane, deadline)
    arrived = {person.number for person in waiting}
    arrived |= {counter.number for counter in board.counters if counter.number}
    begun = _window_now(office, booking, absent)
    return (
        [person.number for person in waiting if person.turn < turn and person.number not in own],
        [
            number
            for number in absent
            if number not in own | arrived and number.start >= begun and _on_time(number) < turn
        ],
    )


def _window_now(office: Office, booking: Booking, absent: Sequence[Number]) -> str:
    """Return the start (HHMM) of the lane's latest window that has begun.

    Earlier ones are over: whoever of them comes now stands behind those who came in time.
    """
    ref = booking.ref
    starts = {window.start for window in office.windows_on(ref.day, ref.lane)}
    now = f"{clock.now().astimezone(office.zone):%H%M}"
    begun = starts | {ref.start} | {number.start for number in absent}
    return max((start for start in begun if start <= now), default="")


def _on_time(number: Number) -> str:
    """Return the turn of a number whose person comes in time."""
    return turn_of(number, window_end="2400", came_at="")


def _number(ticket: Ticket) -> Number:
    return Number(ticket.ref.lane, ticket.ref.start, ticket.number)
