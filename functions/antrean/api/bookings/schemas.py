"""The JSON of bookings, as their holders send and see it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from antrean.api.answers import local
from antrean.api.types import Hour, Input, IsoDate, Output, ServiceDate
from antrean.booking.book import Booked, BookingRequest
from antrean.booking.open_booking import OpenedBooking
from antrean.counter.queue_position import QueuePosition
from antrean.domain.applicants import NOTE_CODES, accept_party
from antrean.domain.codes import display_code
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.names import mask_name
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.phone import InvalidPhone, to_e164
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY, Applicant, Booking, Contact, Ticket, TicketStatus
from antrean.domain.waiting import Basis, Estimate
from antrean.runtime.settings import settings


class ApplicantIn(Input):
    """One person of the party."""

    nik: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=200)]
    birth_date: IsoDate
    priority_ground: Annotated[str, Field(max_length=20)] | None = None
    guardian_name: Annotated[str, Field(max_length=200)] | None = None

    def applicant(self) -> Applicant:
        """Return the person as sent; `accept_party` decides about it."""
        return Applicant(
            nik=self.nik,
            name=self.name,
            birth_date=self.birth_date,
            ground=self.priority_ground,
            guardian_name=self.guardian_name,
        )


class ContactIn(Input):
    """How the party is reached."""

    phone: Annotated[str, Field(max_length=40)]
    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
        | None
    ) = None

    def contact(self) -> Contact:
        """Return the contact, its phone in E.164. Raises `InvalidRequest`."""
        return Contact(phone=_phone(self.phone), email=self.email)


class BookingIn(Input):
    """A request for places."""

    office_id: Annotated[str, Field(min_length=1, max_length=64)]
    date: ServiceDate
    window: Hour | None = None
    lane: Lane = Lane.REGULAR
    overflow: Overflow = Overflow.NEXT_DATE
    applicants: Annotated[list[ApplicantIn], Field(min_length=1, max_length=LARGEST_PARTY)]
    contact: ContactIn

    def request(self, key: str) -> BookingRequest:
        """Return the use case's request. Raises `InvalidRequest` by the applicant rules."""
        party = [person.applicant() for person in self.applicants]
        return BookingRequest(
            key=key,
            office_id=self.office_id,
            day=self.date,
            start=self.window and stored_hour(self.window),
            lane=self.lane,
            overflow=self.overflow,
            party=accept_party(party, self.lane, self.date),
            contact=self.contact.contact(),
        )


def _phone(text: str) -> str:
    try:
        return to_e164(text)
    except InvalidPhone as fault:
        raise InvalidRequest([FieldProblem("/contact/phone", str(fault))]) from None


class BookedOffice(Output):
    """The office of a booking."""

    office_id: str
    name: str
    city: str
    timezone: str


class BookedWindow(Output):
    """An arrival window."""

    start: str
    end: str


class DateAndWindow(Output):
    """A date and a window; no window when any would do."""

    date: date
    window: str | None


class MoveOut(Output):
    """From where to where a booking was moved, why, and by whom."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Annotated[DateAndWindow, Field(alias="from", serialization_alias="from")]
    to: DateAndWindow
    reason: str
    by: Literal["overflow", "applicant", "office"]


class NoteOut(Output):
    """What the officer will look at: a name that stays, and the office's words."""

    code: str
    text: str


class CalledOut(Output):
    """Where a person is to go: the counter, since when, and how often they were called."""

    counter: str
    at: datetime
    times: int


class TicketOut(Output):
    """One person's number, and what the day did with it."""

    name: str
    number: int
    label: str
    state: TicketStatus
    called: CalledOut | None = None
    notes: list[NoteOut]


class PositionOut(Output):
    """How many people are before the party's first; on the day, how many of them are there.

    Before the day: those with earlier numbers in the same window. On the day, before check-in:
    those who wait and those who may still come in time; after it: those who wait.
    """

    ahead: int
    there: int | None = None


class EstimateOut(Output):
    """When the party's first is called: 8 of 10 people between `from` and `to`.

    No times without a pace: `basis` says why (`few_calls`, `stalled`), and the arrival window is
    all that is known.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Annotated[datetime | None, Field(alias="from", serialization_alias="from")]
    to: datetime | None
    likely: datetime | None
    basis: Basis


class RescheduleIn(Input):
    """Where a booking is to move: the rules of a new booking, at the same office and lane."""

    date: ServiceDate
    window: Hour | None = None
    overflow: Overflow = Overflow.NONE


class BookingOut(Output):
    """A booking as its holder sees it. `token` stands only in the answer that made it."""

    code: str
    token: str | None = None
    status: str
    office: BookedOffice
    lane: Lane
    requested_date: date
    requested_window: str | None
    date: date
    window: BookedWindow
    moved: MoveOut | None
    tickets: list[TicketOut]
    arrive_at: datetime
    proof_url: str
    calendar_url: str
    created_at: datetime
    reschedule_until: datetime | None = None
    position: PositionOut | None = None
    estimate: EstimateOut | None = None


def opened_out(opened: OpenedBooking, stands: QueuePosition) -> BookingOut:
    """Return a booking that its token opened; names stand in full in the first answer alone."""
    office = opened.office
    names = map(mask_name, opened.booking.names)
    calls = stands.calls or (None,) * len(stands.tickets)
    out = _booking_out(
        opened,
        [
            _ticket_out(office, name, ticket, times)
            for name, ticket, times in zip(names, stands.tickets, calls, strict=True)
        ],
    )
    out.position = _position_out(stands)
    out.estimate = _estimate_out(office, stands.estimate)
    return out


def made_out(booked: Booked, party: Sequence[Applicant]) -> BookingOut:
    """Return a booking as the request that made it gets it, by the `party` that it named."""
    booking = booked.booking
    tickets = [
        _ticket_out(
            booked.office,
            name,
            Ticket(booking.ref, number, TicketStatus.LIVE, applicant=applicant),
        )
        for name, number, applicant in zip(booking.names, booking.numbers, party, strict=True)
    ]
    out = _booking_out(booked.opened, tickets)
    out.token = booked.token
    return out


def _booking_out(opened: OpenedBooking, tickets: list[TicketOut]) -> BookingOut:
    booking, office = opened.booking, opened.office
    ref = booking.ref
    created_at = datetime.fromtimestamp(booking.created_at, office.zone)
    url = f"{settings().public_origin}/v1/bookings/{display_code(booking.code)}"
    return BookingOut(
        code=display_code(booking.code),
        status=booking.status,
        office=BookedOffice(
            office_id=office.office_id,
            name=office.name,
            city=office.city,
            timezone=office.timezone,
        ),
        lane=ref.lane,
        requested_date=booking.requested_date,
        requested_window=booking.requested_start and written_hour(booking.requested_start),
        date=ref.day,
        window=BookedWindow(start=written_hour(ref.start), end=written_hour(booking.end)),
        moved=_move_out(booking),
        tickets=tickets,
        arrive_at=office.instant(ref.day, ref.start),
        proof_url=f"{url}/proof.svg",
        calendar_url=f"{url}/calendar.ics",
        created_at=created_at,
        reschedule_until=opened.changeable_until,
    )


def _ticket_out(office: Office, name: str, ticket: Ticket, times: int | None = None) -> TicketOut:
    called = None
    if times is not None and ticket.called_at is not None:
        at = datetime.fromtimestamp(ticket.called_at, office.zone)
        called = CalledOut(counter=ticket.counter, at=at, times=times)
    note = ticket.applicant and ticket.applicant.note
    return TicketOut(
        name=name,
        number=ticket.number,
        label=ticket.label,
        state=ticket.status,
        called=called,
        notes=[NoteOut(code=NOTE_CODES.get(note, "other"), text=note)] if note else [],
    )


def _position_out(stands: QueuePosition) -> PositionOut | None:
    if stands.ahead is None:
        return None
    return PositionOut(ahead=stands.ahead, there=stands.there)


def _estimate_out(office: Office, told: Estimate | None) -> EstimateOut | None:
    if told is None:
        return None
    earliest, likely, latest = told.when or (None, None, None)
    return EstimateOut.model_validate(
        {
            "from": local(office, earliest),
            "to": local(office, latest),
            "likely": local(office, likely),
            "basis": told.basis,
        }
    )


def _move_out(booking: Booking) -> MoveOut | None:
    move = booking.move
    if move is None:
        return None
    return MoveOut.model_validate(
        {
            "from": {
                "date": move.from_date,
                "window": move.from_start and written_hour(move.from_start),
            },
            "to": {"date": booking.ref.day, "window": written_hour(booking.ref.start)},
            "reason": move.reason,
            "by": move.by,
        }
    )
