"""Finding a person's data, and taking it out (UU PDP 27/2022, articles 6 to 8).

A person is found by the keyed hash of the NIK, which goes last: whatever was cut off before that
is found and done again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.audit import Change
from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.tickets import Booking, Ticket
from antrean.runtime import clock
from antrean.runtime.deadline import Budget
from antrean.store.dynamodb import table
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.items.message import MessageItem
from antrean.store.items.person import LIVE, PersonItem
from antrean.store.items.ticket import TicketItem, slot_tickets
from antrean.store.retrying import Refused, call
from antrean.store.transaction import Transaction

NOBODY = ""
"""Stands on a booking for the name and the hash of a person whose data was erased."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the table has of a person: bookings (cancelled ones too), tickets, the live ticket."""

    bookings: Sequence[Booking]
    tickets: Sequence[Ticket]
    person: PersonItem | None

    @property
    def days(self) -> set[tuple[str, date]]:
        """The office days whose rosters may name the person: those of now and of before a move."""
        days = {(ticket.ref.office_id, ticket.ref.day) for ticket in self.tickets}
        for booking in self.bookings:
            dates = {booking.ref.day, booking.requested_date}
            if booking.move:
                dates.add(booking.move.from_date)
            days |= {(booking.ref.office_id, day) for day in dates}
        return days


def find_person(person: str, budget: Budget) -> Found:
    """Return what the table has of a person, by hash; strongly consistent. Raises `Unavailable`.

    Reads the whole table (one read unit for each 4 KB of it): bookings are kept by code and
    tickets by office day, and an index of persons for some requests a year would cost each
    booking a write.
    """
    bookings, tickets = [], []
    for raw in _mentioning(person, budget):
        kind, sort_key = raw["pk"]["S"].partition("#")[0], raw["sk"]["S"]
        if kind == "BOOKING" and sort_key == BOOKING:
            bookings.append(BookingItem.from_raw_data(raw).booking())
        elif kind == "DAY":
            tickets.append(TicketItem.from_raw_data(raw).ticket())
    bookings.sort(key=lambda booking: (booking.ref.day, booking.code))
    tickets.sort(key=lambda ticket: (ticket.ref, ticket.number))
    return Found(bookings, tickets, _live_ticket(person, budget))


def _mentioning(person: str, budget: Budget) -> Iterator[dict[str, Any]]:
    mentions = (TicketItem.person == person) | BookingItem.people.contains(person)
    start: Any = None
    while True:
        page = call(
            lambda: table().scan(
                filter_condition=mentions,
                exclusive_start_key=start,  # noqa: B023
                consistent_read=True,
            ),
            budget,
        )
        yield from page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return


def _live_ticket(person: str, budget: Budget) -> PersonItem | None:
    key = PersonItem.keyed(person)
    try:
        return call(lambda: PersonItem.get(key.pk, LIVE, consistent_read=True), budget)
    except PersonItem.DoesNotExist:
        return None


def messages_of(code: str, budget: Budget) -> list[MessageItem]:
    """Return the messages that a booking's holder was sent. Raises `Unavailable`."""
    return call(lambda: list(MessageItem.query(f"MESSAGE#{code}", consistent_read=True)), budget)


def strip_ticket(ticket: Ticket, budget: Budget) -> None:
    """Take off a ticket what says who its person is, but for the hash. Raises `Unavailable`."""
    personal = (
        TicketItem.nik,
        TicketItem.name,
        TicketItem.birth_date,
        TicketItem.ground,
        TicketItem.guardian_name,
        TicketItem.note,
    )
    _update(ticket, [attribute.remove() for attribute in personal], budget)


def strip_guardian(booking: Booking, name: str, budget: Budget) -> None:
    """Take a person's name off the tickets of the children whose guardian they are."""
    numbers = range(booking.numbers[0], booking.numbers[-1] + 1)
    for ticket in slot_tickets(booking.ref, numbers, budget):
        guardian = ticket.applicant and ticket.applicant.guardian_name
        if ticket.code == booking.code and (guardian or "").casefold() == name.casefold() != "":
            _update(ticket, [TicketItem.guardian_name.remove()], budget)


def _update(ticket: Ticket, actions: list[Action], budget: Budget) -> None:
    item = TicketItem.keyed(ticket.ref, ticket.number)
    same = TicketItem.person == ticket.person
    try:
        call(lambda: item.update(actions=actions, condition=same), budget)
    except Refused:
        return  # given back meanwhile, and by that without a person


def erase_from_booking(
    booking: Booking,
    person: str,
    tickets: Sequence[Ticket],
    change: Change,
    budget: Budget,
    live: PersonItem | None,
) -> None:
    """Take a person out of a booking and the hash off its tickets, on the record: all or nothing.

    The others of the booking stay, and so does the contact while there are any. Raises
    `ChangedMeanwhile` when the booking is not what it was when it was read, `Unavailable`.
    """
    writing = Transaction()
    names = [
        NOBODY if its == person else name
        for its, name in zip(booking.people, booking.names, strict=True)
    ]
    people = [NOBODY if its == person else its for its in booking.people]
    actions: list[Action] = [
        BookingItem.names.set(names),
        BookingItem.people.set(people),
        BookingItem.request_hash.set(NOBODY),
        BookingItem.version.set(booking.version + 1),
        BookingItem.changed_at.set(clock.epoch()),
    ]
    if not any(people):
        actions += [BookingItem.phone.set(NOBODY), BookingItem.email.remove()]
    same = BookingItem.version == booking.version
    writing.update("booking", BookingItem.keyed(booking.code), actions, same)
    _take_off(writing, tickets, person)
    if live and live.code == booking.code:
        writing.delete("person", PersonItem.keyed(person), _still(booking.code))
    put_on_record(writing, change)
    _commit(writing, budget)


def erase_tickets(person: str, tickets: Sequence[Ticket], change: Change, budget: Budget) -> None:
    """Take the hash off tickets whose booking is not there any more, on the record."""
    writing = Transaction()
    _take_off(writing, tickets, person)
    put_on_record(writing, change)
    _commit(writing, budget)


def free_person(live: PersonItem, budget: Budget) -> None:
    """Delete the person of a booking that is not there any more."""
    item = PersonItem.keyed(live.person)
    try:
        call(lambda: item.delete(condition=_still(live.code)), budget)
    except Refused:
        return  # booked anew meanwhile: that is for the next run


def _take_off(writing: Transaction, tickets: Sequence[Ticket], person: str) -> None:
    for ticket in tickets:
        item = TicketItem.keyed(ticket.ref, ticket.number)
        mine = TicketItem.person == person
        writing.update(f"ticket {ticket.label}", item, [TicketItem.person.remove()], mine)


def _still(code: str) -> Condition:
    bound: Condition = PersonItem.code == code
    return bound


def _commit(writing: Transaction, budget: Budget) -> None:
    try:
        writing.commit(budget)
    except Refused:
        raise ChangedMeanwhile(
            "It was changed at the same moment. Run the command again."
        ) from None
