"""What clients send and get: the API's JSON, as pydantic models."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from antrean.bookings.book import BookingRequest
from antrean.domain.applicants import accept_party
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.overflow import Overflow
from antrean.domain.phone import InvalidPhone, to_e164
from antrean.domain.slots import Availability, Lane
from antrean.domain.tickets import LARGEST_PARTY, Applicant, Contact, TicketStatus
from antrean.domain.waiting import Basis

FIRST_YEAR, LAST_YEAR = 2017, 2099

Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""An hour of the office's day, such as 08:00."""


def _written_as_iso(value: object) -> object:
    # pydantic also takes seconds since 1970 and instants at midnight for a date.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise ValueError("A date is written as 2026-11-24.")


IsoDate = Annotated[date, BeforeValidator(_written_as_iso)]
"""A date as RFC 3339 writes it."""


def _of_service(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"A date of service lies in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return day


ServiceDate = Annotated[IsoDate, AfterValidator(_of_service)]
"""A local date of an office, past or to come; so far from the calendar's ends that any sum of
days has a date."""


class Input(BaseModel):
    """What a client sends: unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)


class Output(BaseModel):
    """What a client gets.

    Like an input it is built when it is first used: a cold function's first request needs a few
    of its API's models, and should not wait for all of them.
    """

    model_config = ConfigDict(defer_build=True)


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
            start=self.window and self.window.replace(":", ""),
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


class DegreesOut(Output):
    """Where an office stands: degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


class OfficeOut(Output):
    """An office as everybody may see it; a unit names the office that it belongs to."""

    office_id: str
    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    status: str
    status_reason: str | None
    daily_quota: int
    quota_basis: str
    next_release: datetime | None
    parent_office_id: str | None
    services: list[str]
    position: DegreesOut | None


class OfficesOut(Output):
    """A page of offices."""

    offices: list[OfficeOut]
    next: str | None = None


class WindowOut(Output):
    """An arrival window of a day and what is left of it."""

    start: str
    end: str
    state: Availability
    quota: int
    remaining: int
    release_at: datetime | None


class DayOut(Output):
    """A day at an office: its one state and why, and its windows."""

    date: date
    state: Availability
    reason: str | None
    quota: int
    remaining: int
    release_at: datetime | None
    windows: list[WindowOut]


class AvailabilityOut(Output):
    """The days of an office in one lane, for a party."""

    office_id: str
    timezone: str
    lane: Lane
    party: int
    days: list[DayOut]


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


class Place(Output):
    """A date and a window; no window when any would do."""

    date: date
    window: str | None


class MoveOut(Output):
    """From where to where a booking was moved, why, and by whom."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Annotated[Place, Field(alias="from", serialization_alias="from")]
    to: Place
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
