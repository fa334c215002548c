"""Taking a person's data out (UU PDP 27/2022, article 8).

The hash by which a person is found goes last: whatever was cut off before that is found and done
again. docs/privacy.md says how this is called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import OpenedBooking
from antrean.domain.audit import PRIVACY, AuditEntry
from antrean.domain.errors import ChangedMeanwhile, NotChangeable, NotFound
from antrean.domain.tickets import Booking, BookingStatus, Ticket
from antrean.rosters import storage
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.booking import BookingItem
from antrean.store.items.office import get_office
from antrean.store.items.person import PersonItem
from antrean.store.items.ticket import PERSONAL, TicketItem, booking_tickets
from antrean.store.retrying import Refused, call
from antrean.store.transaction import Transaction
from operations.person_data import Found, find_person

NOBODY = ""
"""Stands on a booking for the name and the hash of a person whose data was erased."""
type Publish = Callable[[str, date], object]


class StillLive(Exception):
    """The person has a ticket for a day that is not over; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure found to do: bookings, tickets, and office days whose rosters it deleted."""

    bookings: int
    tickets: int
    days: int


def erase(
    person: str, who: str, deadline: Deadline, publish: Publish, *, cancel: bool = False
) -> Erased:
    """Take a person (by hash) out of tickets, bookings and rosters; the figures stay.

    The order is what makes it safe to cut off anywhere and run again: names first, then rosters,
    and the hash by which all this is found last, with the record. `who` runs it; `publish` makes
    an office day's roster again. With `cancel` a booking for a day to come is cancelled first,
    for its whole party. Raises `StillLive`, `ChangedMeanwhile`, `Unavailable`, and what the
    rosters' storage raises.
    """
    found = _without_live(find_person(person, deadline), deadline, cancel=cancel)
    for ticket in found.tickets:
        strip_ticket(ticket, deadline)
    for booking in found.bookings:
        for hashed, name in zip(booking.people, booking.names, strict=True):
            if hashed == person:
                strip_guardian(booking, name, deadline)
    for office_id, day in sorted(found.days):
        _forget_rosters(office_id, day, deadline, publish)
    _forget_person(person, found, who, deadline)
    return Erased(len(found.bookings), len(found.tickets), len(found.days))


def _without_live(found: Found, deadline: Deadline, *, cancel: bool) -> Found:
    """Return what is left to erase when no booking of a day to come is live any more."""
    bookings = list(found.bookings)
    cancelled: set[str] = set()
    for index, booking in enumerate(bookings):
        office = get_office(booking.ref.office_id, deadline)
        past = booking.ref.day < office.local_date(clock.now())
        if booking.status is BookingStatus.CANCELLED or past:
            continue
        where = (
            f"a live booking of {len(booking.people)} at {office.name} on "
            f"{booking.ref.day.isoformat()}, {booking.ref.start}"
        )
        if not cancel:
            raise StillLive(f"There is {where}. CANCEL=1 cancels it, for its whole party, first.")
        try:
            opened = cancel_booking(OpenedBooking.of(booking, office), deadline)
        except NotChangeable:
            raise StillLive(
                f"There is {where}, and it is too late to cancel. Run this when the day is over."
            ) from None
        bookings[index] = opened.booking
        cancelled.add(booking.code)
    tickets = [ticket for ticket in found.tickets if ticket.code not in cancelled]
    live = None if found.person and found.person.code in cancelled else found.person
    return replace(found, bookings=bookings, tickets=tickets, person=live)


def _forget_rosters(office_id: str, day: date, deadline: Deadline, publish: Publish) -> None:
    """Delete a day's rosters in all their versions; make those again that are still needed.

    All, since a later roster says what changed since an earlier one, with names.
    """
    storage.delete_day(office_id, day)
    if day >= get_office(office_id, deadline).local_date(clock.now()):
        try:
            publish(office_id, day)
        except NotFound:
            return  # nobody comes on that day


def _forget_person(person: str, found: Found, who: str, deadline: Deadline) -> None:
    codes = {booking.code for booking in found.bookings}
    for booking in found.bookings:
        own = [ticket for ticket in found.tickets if ticket.code == booking.code]
        entry = _entry(booking.ref.office_id, who, len(own))
        erase_from_booking(booking, person, own, entry, deadline, found.person)
    for ticket in found.tickets:
        if ticket.code not in codes:
            entry = _entry(ticket.ref.office_id, who, 1)
            erase_tickets(person, [ticket], entry, deadline)
    if found.person and found.person.code not in codes:
        free_person(found.person, deadline)


def _entry(office_id: str, who: str, tickets: int) -> AuditEntry:
    facts: dict[str, Any] = {"office_id": office_id, "tickets": tickets}
    return AuditEntry(PRIVACY, who, "erase a person's data", None, facts)


def strip_ticket(ticket: Ticket, deadline: Deadline) -> None:
    """Take off a ticket what says who its person is, but for the hash. Raises `Unavailable`."""
    _update(ticket, [attribute.remove() for attribute in PERSONAL], deadline)


def strip_guardian(booking: Booking, name: str, deadline: Deadline) -> None:
    """Take a person's name off the tickets of the children whose guardian they are."""
    for ticket in booking_tickets(booking, deadline):
        guardian = ticket.applicant and ticket.applicant.guardian_name
        if (guardian or "").casefold() == name.casefold() != "":
            _update(ticket, [TicketItem.guardian_name.remove()], deadline)


def _update(ticket: Ticket, actions: list[Action], deadline: Deadline) -> None:
    item = TicketItem.keyed(ticket.ref, ticket.number)
    same = TicketItem.person == ticket.person
    try:
        call(lambda: item.update(actions=actions, condition=same), deadline)
    except Refused:
        return  # given back meanwhile, and by that without a person


def erase_from_booking(
    booking: Booking,
    person: str,
    tickets: Sequence[Ticket],
    entry: AuditEntry,
    deadline: Deadline,
    live: PersonItem | None,
) -> None:
    """Take a person out of a booking and the hash off its tickets, on the record: all or nothing.

    The others of the booking stay, and so does the contact while there are any. Raises
    `ChangedMeanwhile` when the booking is not what it was when it was read, `Unavailable`.
    """
    writing = Transaction()
    names = [
        NOBODY if hashed == person else name
        for hashed, name in zip(booking.people, booking.names, strict=True)
    ]
    people = [NOBODY if hashed == person else hashed for hashed in booking.people]
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
    put_on_record(writing, entry)
    _commit(writing, deadline)


def erase_tickets(
    person: str, tickets: Sequence[Ticket], entry: AuditEntry, deadline: Deadline
) -> None:
    """Take the hash off tickets whose booking is not there any more, on the record."""
    writing = Transaction()
    _take_off(writing, tickets, person)
    put_on_record(writing, entry)
    _commit(writing, deadline)


def free_person(live: PersonItem, deadline: Deadline) -> None:
    """Delete the person of a booking that is not there any more."""
    item = PersonItem.keyed(live.person)
    try:
        call(lambda: item.delete(condition=_still(live.code)), deadline)
    except Refused:
        return  # booked again meanwhile: that is for the next run


def _take_off(writing: Transaction, tickets: Sequence[Ticket], person: str) -> None:
    for ticket in tickets:
        item = TicketItem.keyed(ticket.ref, ticket.number)
        mine = TicketItem.person == person
        writing.update(f"ticket {ticket.label}", item, [TicketItem.person.remove()], mine)


def _still(code: str) -> Condition:
    bound: Condition = PersonItem.code == code
    return bound


def _commit(writing: Transaction, deadline: Deadline) -> None:
    try:
        writing.commit(deadline)
    except Refused:
        raise ChangedMeanwhile(
            "It was changed at the same moment. Run the command again."
        ) from None
