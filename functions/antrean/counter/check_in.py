"""Check-in: a party, or some of it, says at the office that it is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from antrean.counter.persons import bound_again
from antrean.domain.audit import AuditEntry, Author
from antrean.domain.codes import normalise_code
from antrean.domain.day import LaneState, Number, Waiting, turn_of
from antrean.domain.errors import (
    BookingCancelled,
    FieldProblem,
    InvalidRequest,
    NotFound,
    TooEarly,
    TooLate,
    WrongDay,
    WrongOffice,
)
from antrean.domain.hours import written_hour
from antrean.domain.labels import parse_label
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, BookingStatus, Ticket, TicketStatus
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import get_booking
from antrean.store.items.lane_state import read_lane
from antrean.store.items.ticket import booking_tickets
from antrean.store.writes.day_step import Step, take, until_taken


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who says they are there: a booking's code, as typed or scanned, and who of the party.

    Without `labels` all of the party who can be checked in. `late` lets those in whose time is
    over.
    """

    text: str
    labels: Sequence[str] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """A booking and those of its tickets that were asked for, as they stand now."""

    booking: Booking
    tickets: tuple[Ticket, ...]


def check_in(office: Office, arrival: Arrival, author: Author, deadline: Deadline) -> Present:
    """Check people in; whoever is checked in already, or was called, stays as they are.

    A no-show who is let in late holds the number again, and may not book again. Raises
    `AlreadyBooked` for one who has. Raises `NotFound` for an unknown code, `BookingCancelled`,
    `WrongOffice`, `WrongDay`,
    `TooEarly`, `TooLate` (unless `late`), `InvalidRequest` for a label that is not the booking's,
    `Unavailable`.
    """

    def decide() -> Present:
        booking = _booking(office, arrival.text, deadline)
        _refuse_by_time(office, booking)
        tickets = _chosen(office, booking, arrival, deadline)
        coming = [ticket for ticket in tickets if _not_here(ticket)]
        if not coming:
            return Present(booking, tuple(tickets))
        lane = read_lane(office.office_id, booking.ref.day, booking.lane, deadline)
        no_shows = [ticket for ticket in coming if ticket.status is TicketStatus.NO_SHOW]
        step = replace(
            _step(office, booking, coming, lane, author),
            binds=bound_again(office, booking, no_shows, deadline),
        )
        take(step, deadline)
        changed = {after.number: after for _, after in step.tickets}
        return Present(booking, tuple(changed.get(ticket.number, ticket) for ticket in tickets))

    return until_taken(decide, deadline)


def _booking(office: Office, text: str, deadline: Deadline) -> Booking:
    """Return the booking of a code, if it stands at this office."""
    try:
        booking = get_booking(normalise_code(text), deadline)
    except ValueError as wrong:
        raise NotFound(f"This is not a booking code: {wrong}") from None
    if booking is None:
        raise NotFound("There is no booking with this code.")
    if booking.status is BookingStatus.CANCELLED:
        raise BookingCancelled("The booking was cancelled: it holds no number any more.")
    if booking.ref.office_id != office.office_id:
        other = recent_office(booking.ref.office_id, deadline)
        raise WrongOffice(
            f"The booking is at another office: {other.name}.",
            office_id=other.office_id,
            name=other.name,
        )
    return booking


def _refuse_by_time(office: Office, booking: Booking) -> None:
    day, now = booking.ref.day, clock.now()
    if day != office.local_date(now):
        raise WrongDay("The booking is for another day.", date=day.isoformat())
    opens = office.instant(day, booking.ref.start) - timedelta(
        seconds=office.day_rules.opens_before
    )
    if now < opens:
        raise TooEarly(
            "Check-in for this window is not open yet.",
            opens_at=opens.isoformat(),
            window=written_hour(booking.ref.start),
        )


def _chosen(office: Office, booking: Booking, arrival: Arrival, deadline: Deadline) -> list[Ticket]:
    """Return those tickets of the booking that are to be checked in, or are already."""
    numbers = _chosen_numbers(booking, arrival.labels)
    tickets = [ticket for ticket in booking_tickets(booking, deadline) if ticket.number in numbers]
    late = [ticket for ticket in tickets if _is_late(office, booking, ticket)]
    if late and not arrival.late:
        others = [ticket for ticket in tickets if ticket not in late]
        if arrival.labels or not others:
            raise TooLate(
                "The window ended too long ago, or the number was called in vain. "
                "Send `late` to let them in all the same.",
                labels=[ticket.label for ticket in late],
            )
        return others
    return tickets


def _chosen_numbers(booking: Booking, labels: Sequence[str]) -> set[int]:
    if not labels:
        return set(booking.numbers)
    numbers = set()
    for index, text in enumerate(labels):
        try:
            lane, start, number = parse_label(text)
        except ValueError as wrong:
            raise InvalidRequest([FieldProblem(f"/labels/{index}", str(wrong))]) from None
        if (lane, start) != (booking.lane, booking.ref.start) or number not in booking.numbers:
            problem = FieldProblem(f"/labels/{index}", "This number is not of this booking.")
            raise InvalidRequest([problem])
        numbers.add(number)
    return numbers


def _not_here(ticket: Ticket) -> bool:
    return ticket.status in (TicketStatus.LIVE, TicketStatus.NO_SHOW)


def _is_late(office: Office, booking: Booking, ticket: Ticket) -> bool:
    """Return whether a person comes after the grace, be it noted as a no-show yet or not."""
    if ticket.status is TicketStatus.LIVE:
        over = office.instant(booking.ref.day, booking.end).timestamp()
        return over + office.day_rules.no_show_after <= clock.now().timestamp()
    return ticket.status is TicketStatus.NO_SHOW


def _step(
    office: Office, booking: Booking, coming: Sequence[Ticket], lane: LaneState, author: Author
) -> Step:
    now = clock.epoch()
    came_at = clock.now().astimezone(office.zone).strftime("%H%M")
    tickets: list[tuple[Ticket, Ticket]] = []
    begins: list[Waiting] = []
    for ticket in coming:
        number = Number(booking.lane, booking.ref.start, ticket.number)
        turn = turn_of(number, booking.end, came_at)
        if ticket.status is TicketStatus.NO_SHOW:
            lane = lane.without_no_show(ticket.checked_in_at, ticket.called_at)
        after = replace(
            ticket,
            status=TicketStatus.CHECKED_IN,
            checked_in_at=now,
            turn=turn,
            called_at=None,
            counter="",
            finished_at=None,
        )
        tickets.append((ticket, after))
        begins.append(Waiting(number, turn, now))
    return Step(
        office_id=office.office_id,
        day=booking.ref.day,
        tickets=tickets,
        begins=begins,
        lanes=[lane.with_arrivals(len(coming))],
        record=_late_entry(office, booking, coming, author),
    )


def _late_entry(
    office: Office, booking: Booking, coming: Sequence[Ticket], author: Author
) -> AuditEntry | None:
    """Return what goes on the record: only what the rules alone would have refused."""
    late = [ticket for ticket in coming if _is_late(office, booking, ticket)]
    if not late:
        return None
    return AuditEntry(
        office_id=office.office_id,
        who=author.user,
        what=f"let in late {booking.ref.day.isoformat()}",
        before={ticket.label: ticket.status for ticket in late},
        after={ticket.label: TicketStatus.CHECKED_IN for ticket in late},
        request_id=author.request_id,
    )
