"""The outcome of a number: served, or nobody came to the counter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from antrean.counter.persons import freed_by_outcome
from antrean.domain.day import Board, Counter, Number, Waiting
from antrean.domain.errors import NotFound, WrongDay, WrongState
from antrean.domain.offices import Office
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.board import read_board
from antrean.store.items.ticket import get_ticket
from antrean.store.writes.day_step import Step, take, until_taken

FROM = {
    TicketStatus.SERVED: (TicketStatus.CALLED,),
    TicketStatus.NO_SHOW: (TicketStatus.CALLED, TicketStatus.CHECKED_IN),
}
"""From which states a number may go to each outcome."""


def note_outcome(
    office: Office, day: date, number: Number, outcome: TicketStatus, deadline: Deadline
) -> Ticket:
    """Note what became of a number of today, and free its counter; a repeat changes nothing.

    Its person may book again from then on.
    Raises `WrongDay`, `NotFound`, `WrongState`, `Unavailable`.
    """
    if day != office.local_date(clock.now()):
        raise WrongDay("Outcomes are noted on the day itself.", date=day.isoformat())
    ref = number.ref(office.office_id, day)

    def decide() -> Ticket:
        ticket = get_ticket(ref, number.number, deadline)
        if ticket is None or ticket.status is TicketStatus.RETURNED:
            raise NotFound("Nobody holds this number.")
        if ticket.status is outcome:
            return ticket
        if ticket.status not in FROM[outcome]:
            raise WrongState(
                f"The number is {ticket.status}: it cannot become {outcome}.",
                label=ticket.label,
                state=ticket.status,
            )
        board = read_board(office.office_id, day, deadline)
        step = replace(
            _step(board, ticket, number, outcome), frees=freed_by_outcome([ticket], deadline)
        )
        take(step, deadline)
        return step.tickets[0][1]

    return until_taken(decide, deadline)


def _step(board: Board, ticket: Ticket, number: Number, outcome: TicketStatus) -> Step:
    now = clock.epoch()
    after = replace(ticket, status=outcome, finished_at=now)
    lane = board.lane(number.lane)
    if outcome is TicketStatus.SERVED and ticket.called_at is not None:
        lane = lane.with_served(ticket.called_at, now)
    else:
        lane = lane.with_no_shows()
    return Step(
        ticket.ref.office_id,
        ticket.ref.day,
        [(ticket, after)],
        ends=_waits_no_longer(ticket, number),
        counter=_freed(board, ticket, number),
        lanes=[lane],
    )


def _waits_no_longer(ticket: Ticket, number: Number) -> Sequence[Waiting]:
    if ticket.status is not TicketStatus.CHECKED_IN:
        return ()
    return [Waiting(number, ticket.turn, ticket.checked_in_at or 0)]


def _freed(board: Board, ticket: Ticket, number: Number) -> Counter | None:
    """Return the counter at which the number stands, freed; None when it stands at none."""
    if ticket.status is not TicketStatus.CALLED:
        return None
    counter = board.counter(ticket.counter)
    return counter.freed() if counter.number == number else None
