"""The JSON of bookings, as their holders send and see it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from antrean.api.pointers import found_at
from antrean.api.types import IsoDate, Output, ServiceDate
from antrean.booking.book import Booked, BookingRequest
from antrean.booking.open_booking import OpenedBooking
from antrean.domain.applicants import NOTE_CODES, accept_party
from antrean.domain.closed_day import ClosedBy
from antrean.domain.codes import display_code
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.names import mask_name
from antrean.domain.offices import LONGEST_OFFICE_ID, Office
from antrean.domain.overflow import Overflow
from antrean.domain.phone import InvalidPhone, to_e164
from antrean.domain.slots import Lane
from antrean.domain.tickets import (
    HAD_THEIR_DAY,
    LARGEST_PARTY,
    Applicant,
    Booking,
    Contact,
    Ticket,
    TicketStatus,
)
from antrean.domain.waiting import Basis, Estimate
from antrean.runtime.field_types import Hour, Input
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from antrean.counter.queue_position import QueuePosition


class ApplicantIn(Input):
    """One person of the party."""

    nik: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=200)]
    birth_date: IsoDate
    priority_ground: Annotated[str, Field(max_length=20)] | None = None
    guardian_name: Annotated[str, Field(max_length=200)] | None = None

    def applicant(self) -> Applicant:
        """Return the person as sent; `accept_party` decides about them."""
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
        """Return the contact, its phone in E.164. Raises `InvalidRequest`, seen from here."""
        try:
            return Contact(phone=to_e164(self.phone), email=self.email)
        except InvalidPhone as fault:
            raise InvalidRequest([FieldProblem("/phone", str(fault))]) from None


class BookingIn(Input):
    """A request for places."""

    office_id: Annotated[str, Field(min_length=1, max_length=LONGEST_OFFICE_ID)]
    date: ServiceDate
    window: Hour | None = None
    lane: Lane = Lane.REGULAR
    overflow: Overflow = Overflow.NEXT_DATE
    applicants: Annotated[list[ApplicantIn], Field(min_length=1, max_length=LARGEST_PARTY)]
    contact: ContactIn

    def request(self, key: str) -> BookingRequest:
        """Return the use case's request. Raises `InvalidRequest` by the applicant rules."""
        with found_at("/applicants"):
            party = accept_party(
                [person.applicant() for person in self.applicants], self.lane, self.date
            )
        with found_at("/contact"):
            contact = self.contact.contact()
        return BookingRequest(
            key=key,
            office_id=self.office_id,
            day=self.date,
            start=self.window and stored_hour(self.window),
            lane=self.lane,
            overflow=self.overflow,
            party=party,
            contact=contact,
        )


class BookedOffice(Output):
    """The office of a booking."""

    office_id: str
    name: str
    city: str
    timezone: str

    @classmethod
    def of(cls, office: Office) -> Self:
        return cls(
            office_id=office.office_id,
            name=office.name,
            city=office.city,
            timezone=office.timezone,
        )


class BookedWindow(Output):
    """An arrival window."""

    start: str
    end: str

    @classmethod
    def of(cls, booking: Booking) -> Self:
        return cls(start=written_hour(booking.ref.start), end=written_hour(booking.end))


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

    @classmethod
    def of(cls, booking: Booking) -> Self | None:
        """Return a booking's move; None for one that stands where it was asked for."""
        move = booking.move
        if move is None:
            return None
        return cls.model_validate(
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


class NoteOut(Output):
    """What the officer will look at: a name that stays, and the office's words."""

    code: str
    text: str

    @classmethod
    def of(cls, note: str) -> Self:
        return cls(code=NOTE_CODES.get(note, "other"), text=note)


class CalledOut(Output):
    """Where a person is to go: the counter, since when, and how often they were called."""

    counter: str
    at: datetime
    times: int

    @classmethod
    def of(cls, ticket: Ticket, office: Office, times: int | None) -> Self | None:
        """Return a ticket's last call; None when it was not called."""
        if times is None or ticket.called_at is None:
            return None
        return cls(counter=ticket.counter, at=office.local_time(ticket.called_at), times=times)


class TicketOut(Output):
    """One person's number, and what the day did with it."""

    name: str
    number: int
    label: str
    state: TicketStatus
    called: CalledOut | None = None
    notes: list[NoteOut]

    @classmethod
    def of(cls, ticket: Ticket, office: Office, name: str, times: int | None = None) -> Self:
        """Return a person's ticket, by `name`; `times` is how often its number was called."""
        note = ticket.applicant and ticket.applicant.note
        return cls(
            name=name,
            number=ticket.number,
            label=ticket.label,
            state=ticket.status,
            called=CalledOut.of(ticket, office, times),
            notes=[NoteOut.of(note)] if note else [],
        )


class PositionOut(Output):
    """How many people are before the party's first; on the day, how many of them are there.

    Before the day: those with earlier numbers in the same window. On the day, before check-in:
    those who wait and those who may still come in time; after it: those who wait.
    """

    ahead: int
    there: int | None = None

    @classmethod
    def of(cls, position: "QueuePosition") -> Self | None:
        """Return how many are ahead; None when nobody of the party is still to be called."""
        if position.ahead is None:
            return None
        return cls(ahead=position.ahead, there=position.there)


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

    @classmethod
    def of(cls, estimate: Estimate, office: Office) -> Self:
        earliest, likely, latest = estimate.when or (None, None, None)
        return cls.model_validate(
            {
                "from": office.local_time(earliest),
                "to": office.local_time(latest),
                "likely": office.local_time(likely),
                "basis": estimate.basis,
            }
        )


class ClosedOut(Output):
    """That nobody is to come on the booking's day: what closed it, why, what the holder may do."""

    by: ClosedBy
    reason: str | None
    may: list[Literal["reschedule", "cancel"]]

    @classmethod
    def of(cls, opened: OpenedBooking) -> Self | None:
        """Return what closed an opened booking's day; None when it stands."""
        closed = opened.closed
        if closed is None:
            return None
        may: list[Literal["reschedule", "cancel"]] = []
        if opened.changeable_until:
            may.append("reschedule")
        if opened.may_be_cancelled:
            may.append("cancel")
        return cls(by=closed.by, reason=closed.reason, may=may)


class RescheduleIn(Input):
    """Where a booking is to move: the rules of a new booking, at the same office and lane."""

    date: ServiceDate
    window: Hour | None = None
    overflow: Overflow = Overflow.NONE

    def start(self) -> str | None:
        """Return the window's hour as it is stored."""
        return self.window and stored_hour(self.window)


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
    closed: ClosedOut | None = None

    @classmethod
    def of(cls, opened: OpenedBooking, position: "QueuePosition") -> Self:
        """Return a booking that its token opened; names stand in full in the first answer alone."""
        if any(ticket.status in HAD_THEIR_DAY for ticket in position.tickets):
            opened = OpenedBooking.of(opened.booking, opened.office)
        names = map(mask_name, opened.booking.names)
        calls = position.calls or (None,) * len(position.tickets)
        out = cls._with(
            opened,
            [
                TicketOut.of(ticket, opened.office, name, times)
                for name, ticket, times in zip(names, position.tickets, calls, strict=True)
            ],
        )
        if opened.closed:
            return out  # nobody will be called, so nobody is told when
        out.position = PositionOut.of(position)
        out.estimate = (
            EstimateOut.of(position.estimate, opened.office) if position.estimate else None
        )
        return out

    @classmethod
    def of_new(cls, booked: Booked, party: Sequence[Applicant]) -> Self:
        """Return a booking as the request that made it gets it, by the `party` that it named."""
        booking = booked.booking
        tickets = (
            Ticket(booking.ref, number, TicketStatus.LIVE, applicant=applicant)
            for number, applicant in zip(booking.numbers, party, strict=True)
        )
        out = cls._with(
            booked.opened,
            [
                TicketOut.of(ticket, booked.office, name)
                for name, ticket in zip(booking.names, tickets, strict=True)
            ],
        )
        out.token = booked.token
        return out

    @classmethod
    def _with(cls, opened: OpenedBooking, tickets: list[TicketOut]) -> Self:
        booking, office = opened.booking, opened.office
        ref, code = booking.ref, display_code(booking.code)
        url = f"{settings().public_origin}/v1/bookings/{code}"
        return cls(
            code=code,
            status=booking.status,
            office=BookedOffice.of(office),
            lane=ref.lane,
            requested_date=booking.requested_date,
            requested_window=booking.requested_start and written_hour(booking.requested_start),
            date=ref.day,
            window=BookedWindow.of(booking),
            moved=MoveOut.of(booking),
            tickets=tickets,
            arrive_at=office.instant(ref.day, ref.start),
            proof_url=f"{url}/proof.svg",
            calendar_url=f"{url}/calendar.ics",
            created_at=office.local_time(booking.created_at),
            reschedule_until=opened.changeable_until,
            closed=ClosedOut.of(opened),
        )
