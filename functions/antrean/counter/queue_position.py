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

    Its own tickets are read anew; all others are shared by everybody who asks in the same seconds.
    """
    today = office.local_date(clock.now())
    if booking.status is BookingStatus.CANCELLED:
        return QueuePosition(_own(booking, ()))
    if booking.ref.day > today:
        # Ahead of the day: those with earlier numbers in the same window.
        tickets = slot_tickets(booking.ref, range(1, booking.numbers[-1] + 1), deadline)
        earlier = [one for one in live(tickets) if one.number < booking.numbers[0]]
        return QueuePosition(_own(booking, tickets), ahead=len(earlier))
    own = _own(booking, booking_tickets(booking, deadline))
    return (
        _on_the_day(booking, office, own, deadline)
        if booking.ref.day == today
        else QueuePosition(own)
    )


def _own(booking: Booking, tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
    found = {one.number: one for one in tickets if one.code == booking.code}
    gone = TicketStatus.RETURNED
    return tuple(
        found.get(number) or Ticket(booking.ref, number, gone) for number in booking.numbers
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
    is_there = ticket.status is TicketStatus.CHECKED_IN
    there, expected = _ahead(booking, office, turn, board, deadline)
    start = int(office.instant(booking.ref.day, booking.ref.start).timestamp())
    told = estimate(
        pace_of(board.lane(booking.lane).recent, clock.epoch()),
        Ahead(
            waiting=len(there),
            expected=len(expected),
            companions=sum(one.start == booking.ref.start for one in (*there, *expected)),
            not_before=0 if is_there else start,
        ),
        clock.epoch(),
    )
    ahead = len(there) if is_there else len(there) + len(expected)
    return QueuePosition(own, calls, ahead, len(there), told)


def _calls(board: Board, ticket: Ticket) -> int | None:
    if ticket.status is not TicketStatus.CALLED:
        return None
    counter = board.counter(ticket.counter)
    return counter.calls if counter.number == _number(ticket) else 1  # the board is older


def _first_to_be_called(
    booking: Booking, office: Office, own: Sequence[Ticket]
) -> tuple[Ticket, str] | None:
    """Return the party's ticket that is called next and its turn, or what it would be now."""
    there = [(one.turn, one) for one in own if one.status is TicketStatus.CHECKED_IN]
    now = f"{clock.now().astimezone(office.zone):%H%M}"
    absent = [
        (turn_of(_number(one), booking.end, now), one)
        for one in own
        if one.status is TicketStatus.LIVE
    ]
    turns = there or absent
    if not turns:
        return None
    turn, ticket = min(turns, key=lambda each: each[0])
    return ticket, turn


def _ahead(
    booking: Booking, office: Office, turn: str, board: Board, deadline: Deadline
) -> tuple[list[Number], list[Number]]:
    """Return who is called before `turn`: those who wait, and those who may still come in time."""
    ref = booking.ref
    own = {Number(ref.lane, ref.start, number) for number in booking.numbers}
    waiting = board.waiting_in(ref.lane)
    absent = to_come(ref.office_id, ref.day, ref.lane, deadline)
    arrived = {one.number for one in waiting} | {one.number for one in board.counters}
    begun = _window_now(office, booking, absent)
    return (
        [one.number for one in waiting if one.turn < turn and one.number not in own],
        [
            one
            for one in absent
            if one not in own and one not in arrived and one.start >= begun and _on_time(one) < turn
        ],
    )


def _window_now(office: Office, booking: Booking, absent: Sequence[Number]) -> str:
    """Return the start (HHMM) of the lane's latest window that has begun.

    Earlier ones are over: whoever of them comes now stands behind those who came in time.
    """
    ref = booking.ref
    starts = {window.start for window in office.windows_on(ref.day, ref.lane)}
    now = f"{clock.now().astimezone(office.zone):%H%M}"
    begun = starts | {ref.start} | {one.start for one in absent}
    return max((start for start in begun if start <= now), default="")


def _on_time(number: Number) -> str:
    return turn_of(number, window_end="2400", came_at="")


def _number(ticket: Ticket) -> Number:
    return Number(ticket.ref.lane, ticket.ref.start, ticket.number)
