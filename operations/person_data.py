"""A person's data: finding it, and all that is kept of it as JSON (UU PDP 27/2022, Art. 6 to 8).

A person is found by the keyed hash of the NIK. docs/privacy.md says what is kept and why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from antrean.domain.codes import display_code
from antrean.domain.tickets import Applicant, Booking, Ticket
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import table
from antrean.store.items.booking import BOOKING, BookingItem, get_booking
from antrean.store.items.message import MessageItem
from antrean.store.items.person import LIVE, PersonItem
from antrean.store.items.ticket import TicketItem, get_ticket
from antrean.store.retrying import call

_OF_AN_APPLICANT = [field.name for field in fields(Applicant)]


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


def find_person(person: str, deadline: Deadline) -> Found:
    """Return what the table has of a person, by hash; strongly consistent. Raises `Unavailable`.

    Reads the whole table (one read unit for each 4 KB of it): bookings are kept by code and
    tickets by office day, and an index of persons for some requests a year would cost each
    booking a write.
    """
    bookings, tickets = [], []
    for raw in _mentioning(person, deadline):
        kind, sort_key = raw["pk"]["S"].partition("#")[0], raw["sk"]["S"]
        if kind == "BOOKING" and sort_key == BOOKING:
            bookings.append(BookingItem.from_raw_data(raw).booking())
        elif kind == "DAY":
            tickets.append(TicketItem.from_raw_data(raw).ticket())
    bookings.sort(key=lambda booking: (booking.ref.day, booking.code))
    tickets.sort(key=lambda ticket: (ticket.ref, ticket.number))
    return Found(bookings, tickets, _live_ticket(person, deadline))


def _mentioning(person: str, deadline: Deadline) -> Iterator[dict[str, Any]]:
    mentions = (TicketItem.person == person) | BookingItem.people.contains(person)
    start: Any = None
    while True:
        page = call(
            lambda: table().scan(
                filter_condition=mentions,
                exclusive_start_key=start,  # noqa: B023
                consistent_read=True,
            ),
            deadline,
        )
        yield from page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return


def _live_ticket(person: str, deadline: Deadline) -> PersonItem | None:
    key = PersonItem.keyed(person)
    try:
        return call(lambda: PersonItem.get(key.pk, LIVE, consistent_read=True), deadline)
    except PersonItem.DoesNotExist:
        return None


def messages_of(code: str, deadline: Deadline) -> list[MessageItem]:
    """Return the messages that a booking's holder was sent. Raises `Unavailable`."""
    return call(lambda: list(MessageItem.query(f"MESSAGE#{code}", consistent_read=True)), deadline)


def export(person: str, deadline: Deadline) -> dict[str, Any]:
    """Return what is kept of a person (by hash), of nobody else, as JSON can hold it.

    What is past its retention time and only not removed yet is left out, as everywhere. Raises
    `Unavailable`.
    """
    found = find_person(person, deadline)
    kept = [booking for booking in found.bookings if get_booking(booking.code, deadline)]
    return {
        "exported_at": _instant(clock.epoch()),
        "live_until": _instant(found.person.live_until) if found.person else None,
        "bookings": [_booking_facts(booking, person, deadline) for booking in kept],
        "tickets": [
            _ticket_facts(ticket)
            for ticket in found.tickets
            if get_ticket(ticket.ref, ticket.number, deadline)
        ],
    }


def _instant(instant: float | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).isoformat()


def _booking_facts(booking: Booking, person: str, deadline: Deadline) -> dict[str, Any]:
    ref, move = booking.ref, booking.move
    own = [index for index, hashed in enumerate(booking.people) if hashed == person]
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
        "created_at": _instant(booking.created_at),
        "changed_at": _instant(booking.changed_at),
        "messages": [
            {"message": item.sk, "state": item.state, "changed_at": _instant(item.changed_at)}
            for item in messages_of(booking.code, deadline)
        ],
    }


def _applicant_facts(applicant: Applicant | None) -> dict[str, str | None]:
    """Return all that says who a ticket's person is, whatever that comes to be."""
    facts: dict[str, Any] = asdict(applicant) if applicant else dict.fromkeys(_OF_AN_APPLICANT)
    facts["priority_ground"] = facts.pop("ground")
    if applicant:
        facts["birth_date"] = applicant.birth_date.isoformat()
    return facts


def _ticket_facts(ticket: Ticket) -> dict[str, Any]:
    return {
        "office_id": ticket.ref.office_id,
        "date": ticket.ref.day.isoformat(),
        "number": ticket.label,
        "status": ticket.status,
        "code": display_code(ticket.code) if ticket.code else None,
        **_applicant_facts(ticket.applicant),
        "walk_in": ticket.walk_in,
        "checked_in_at": _instant(ticket.checked_in_at),
        "called_at": _instant(ticket.called_at),
        "finished_at": _instant(ticket.finished_at),
    }
