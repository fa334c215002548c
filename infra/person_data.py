"""A person's data: everything that is kept of them as JSON, and taking it out.

What an operator does for a person who asks for it (UU PDP 27/2022). docs/privacy.md says what is
kept, why, and how these are called.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import Held
from antrean.domain.audit import PRIVACY, Change
from antrean.domain.codes import display_code
from antrean.domain.errors import NotChangeable, NotFound
from antrean.domain.tickets import Booking, BookingStatus, Ticket
from antrean.rosters import storage
from antrean.runtime import clock
from antrean.runtime.deadline import Budget
from antrean.store.erasing import (
    Found,
    erase_from_booking,
    erase_tickets,
    find_person,
    free_person,
    messages_of,
    strip_guardian,
    strip_ticket,
)
from antrean.store.items.booking import get_booking
from antrean.store.items.office import get_office
from antrean.store.items.ticket import get_ticket

type Publish = Callable[[str, date], object]


class StillLive(Exception):
    """The person has a ticket for a day that is not over; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure found to do: bookings, tickets, and office days whose rosters it deleted."""

    bookings: int
    tickets: int
    days: int


def export(person: str, budget: Budget) -> dict[str, Any]:
    """Return what is kept of a person (by hash), of nobody else, as JSON can hold it.

    What is past its retention time and only not removed yet is left out, as everywhere. Raises
    `Unavailable`.
    """
    found = find_person(person, budget)
    kept = [one for one in found.bookings if get_booking(one.code, budget)]
    return {
        "exported_at": _told(clock.epoch()),
        "live_until": _told(found.person.live_until) if found.person else None,
        "bookings": [_booking_told(booking, person, budget) for booking in kept],
        "tickets": [
            _ticket_told(ticket)
            for ticket in found.tickets
            if get_ticket(ticket.ref, ticket.number, budget)
        ],
    }


def _told(instant: float | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).isoformat()


def _booking_told(booking: Booking, person: str, budget: Budget) -> dict[str, Any]:
    ref, move = booking.ref, booking.move
    own = [index for index, its in enumerate(booking.people) if its == person]
    return {
        "code": display_code(booking.code),
        "status": booking.status,
        "office_id": ref.office_id,
        "date": ref.day.isoformat(),
        "lane": ref.lane,
        "window": [ref.start, booking.end],
        "numbers": [booking.numbers[index] for index in own],
        "names": [booking.names[index] for index in own],
        "party": len(booking.people),
        "contact": {"phone": booking.contact.phone, "email": booking.contact.email},
        "requested": [booking.requested_date.isoformat(), booking.requested_start],
        "moved": move and [move.from_date.isoformat(), move.from_start, move.reason, move.by],
        "created_at": _told(booking.created_at),
        "changed_at": _told(booking.changed_at),
        "messages": [
            {"message": item.sk, "state": item.state, "changed_at": _told(item.changed_at)}
            for item in messages_of(booking.code, budget)
        ],
    }


def _ticket_told(ticket: Ticket) -> dict[str, Any]:
    who = ticket.applicant
    return {
        "office_id": ticket.ref.office_id,
        "date": ticket.ref.day.isoformat(),
        "number": ticket.label,
        "status": ticket.status,
        "code": display_code(ticket.code) if ticket.code else None,
        "nik": who and who.nik,
        "name": who and who.name,
        "birth_date": who and who.birth_date.isoformat(),
        "priority_ground": who and who.ground,
        "guardian_name": who and who.guardian_name,
        "note": who and who.note,
        "walk_in": ticket.walk_in,
        "checked_in_at": _told(ticket.checked_in_at),
        "called_at": _told(ticket.called_at),
        "finished_at": _told(ticket.finished_at),
    }


def erase(
    person: str, who: str, budget: Budget, publish: Publish, *, cancel: bool = False
) -> Erased:
    """Take a person (by hash) out of tickets, bookings and rosters; the figures stay.

    The order is what makes it safe to cut off anywhere and run again: names first, then rosters,
    and the hash by which all this is found last, with the record. `who` runs it; `publish` makes
    an office day's roster anew. With `cancel` a booking for a day to come is cancelled first,
    for its whole party. Raises `StillLive`, `ChangedMeanwhile`, `Unavailable`, and what the
    rosters' storage raises.
    """
    found = _without_live(find_person(person, budget), budget, cancel=cancel)
    for ticket in found.tickets:
        strip_ticket(ticket, budget)
    for booking in found.bookings:
        for its, name in zip(booking.people, booking.names, strict=True):
            if its == person:
                strip_guardian(booking, name, budget)
    for office_id, day in sorted(found.days):
        _forget_rosters(office_id, day, budget, publish)
    _forget_person(person, found, who, budget)
    return Erased(len(found.bookings), len(found.tickets), len(found.days))


def _without_live(found: Found, budget: Budget, *, cancel: bool) -> Found:
    """Return what is left to erase when no booking of a day to come is live any more."""
    bookings = list(found.bookings)
    cancelled: set[str] = set()
    for index, booking in enumerate(bookings):
        office = get_office(booking.ref.office_id, budget)
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
            held = cancel_booking(Held(booking, office), budget)
        except NotChangeable:
            raise StillLive(
                f"There is {where}, and it is too late to cancel. Run this when the day is over."
            ) from None
        bookings[index] = held.booking
        cancelled.add(booking.code)
    tickets = [ticket for ticket in found.tickets if ticket.code not in cancelled]
    live = None if found.person and found.person.code in cancelled else found.person
    return replace(found, bookings=bookings, tickets=tickets, person=live)


def _forget_rosters(office_id: str, day: date, budget: Budget, publish: Publish) -> None:
    """Delete a day's rosters in all their versions; make those anew that are still needed.

    All, since a later roster tells what changed since an earlier one, with names.
    """
    storage.delete_day(office_id, day)
    if day >= get_office(office_id, budget).local_date(clock.now()):
        try:
            publish(office_id, day)
        except NotFound:
            return  # nobody comes on that day


def _forget_person(person: str, found: Found, who: str, budget: Budget) -> None:
    codes = {booking.code for booking in found.bookings}
    for booking in found.bookings:
        own = [ticket for ticket in found.tickets if ticket.code == booking.code]
        change = _change(booking.ref.office_id, who, len(own))
        erase_from_booking(booking, person, own, change, budget, found.person)
    for ticket in found.tickets:
        if ticket.code not in codes:
            change = _change(ticket.ref.office_id, who, 1)
            erase_tickets(person, [ticket], change, budget)
    if found.person and found.person.code not in codes:
        free_person(found.person, budget)


def _change(office_id: str, who: str, tickets: int) -> Change:
    facts: dict[str, Any] = {"office_id": office_id, "tickets": tickets}
    return Change(PRIVACY, who, "erase a person's data", None, facts)
