"""Whom an outcome frees to book again, and whom a late check-in binds to their number again."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from antrean.domain.errors import AlreadyBooked
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, Ticket
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.person import Binding
from antrean.store.writes.look import read_persons


def freed_by_outcome(tickets: Iterable[Ticket], deadline: Deadline) -> list[Binding]:
    """Return the persons of tickets that get their outcome now: they are free from now on.

    Not those who are free already, as their date has passed or their data was erased, nor those
    who have booked again since: theirs is another ticket.
    """
    code_of = {ticket.person: ticket.code for ticket in tickets if ticket.person}
    now = clock.epoch()
    return [
        Binding(person, held.code, now)
        for person, held in read_persons(code_of, deadline).items()
        if held.code == code_of[person] and held.live_until > now
    ]


def bound_again(
    office: Office, booking: Booking, no_shows: Sequence[Ticket], deadline: Deadline
) -> list[Binding]:
    """Return the persons of no-shows of today who are let in after all: they are free no longer.

    Raises `AlreadyBooked`, with the labels, for those who have booked again since.
    """
    persons = read_persons([ticket.person for ticket in no_shows if ticket.person], deadline)
    elsewhere = [
        ticket.label
        for ticket in no_shows
        if (held := persons.get(ticket.person)) and held.code != booking.code
    ]
    if elsewhere:
        raise AlreadyBooked(
            "Who was noted as a no-show has booked again since, and keeps that booking. Check in "
            "the others by their labels.",
            labels=elsewhere,
        )
    live_until = int(office.instant(booking.ref.day + timedelta(days=1), "0000").timestamp())
    return [
        Binding(ticket.person, booking.code, live_until) for ticket in no_shows if ticket.person
    ]
