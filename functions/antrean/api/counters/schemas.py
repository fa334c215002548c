"""The JSON of the working day: check-in, counters, outcomes, walk-ins."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints

from antrean.api.bookings.schemas import ApplicantIn, BookedWindow, ContactIn
from antrean.api.pointers import found_at
from antrean.api.types import Output
from antrean.counter.call import CallResult
from antrean.counter.check_in import Arrival, Present
from antrean.counter.walk_in import Admitted, WalkIn
from antrean.domain.applicants import accept_party
from antrean.domain.codes import display_code
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY, Ticket, TicketStatus
from antrean.runtime.field_types import Input

CounterName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,9}$")]
"""A counter as it is written over the desk: up to ten letters, digits and hyphens."""
LabelText = Annotated[str, Field(max_length=20)]


def _each_once(lanes: list[Lane]) -> list[Lane]:
    if len(set(lanes)) != len(lanes):
        raise ValueError("Name each lane once.")
    return lanes


class CheckInIn(Input):
    """Who is there: a booking's code, or the text of its QR. Without `labels` the whole party."""

    code: Annotated[str, Field(max_length=60)]
    labels: Annotated[list[LabelText], Field(max_length=LARGEST_PARTY, default_factory=list)]
    late: bool = False

    def arrival(self) -> Arrival:
        return Arrival(self.code, tuple(self.labels), self.late)


class CallNextIn(Input):
    """Which counter asks for the next, and of which lanes: the first that has anybody."""

    counter: CounterName
    lanes: Annotated[
        list[Lane],
        Field(min_length=1, max_length=len(Lane)),
        AfterValidator(_each_once),
    ]


class RecallIn(Input):
    """Which counter calls its number once more."""

    counter: CounterName


class Outcome(StrEnum):
    """What can become of a number at the counter."""

    SERVED = "served"
    NO_SHOW = "no_show"

    @property
    def status(self) -> TicketStatus:
        """The ticket's status for it."""
        return TicketStatus(self.value)


class OutcomeIn(Input):
    """What became of a number."""

    outcome: Outcome


class WalkInIn(Input):
    """A person without a booking."""

    lane: Lane = Lane.REGULAR
    applicant: ApplicantIn
    contact: ContactIn

    def walk_in(self, key: str, day: dt.date) -> WalkIn:
        """Return the walk-in of a day. Raises `InvalidRequest` by the applicant rules."""
        with found_at("/applicant", instead_of="/0"):
            (person,) = accept_party([self.applicant.applicant()], self.lane, day)
        with found_at("/contact"):
            contact = self.contact.contact()
        return WalkIn(key, self.lane, person, contact)


class NumberOut(Output):
    """A number and its person as the counter needs them, and what the day did with it."""

    label: str
    state: TicketStatus
    name: str | None
    note: str | None
    priority_ground: str | None
    walk_in: bool
    counter: str | None
    checked_in_at: dt.datetime | None
    called_at: dt.datetime | None
    finished_at: dt.datetime | None

    @classmethod
    def of(cls, ticket: Ticket, office: Office) -> Self:
        person = ticket.applicant
        return cls(
            label=ticket.label,
            state=ticket.status,
            name=person.name if person else None,
            note=person.note if person else None,
            priority_ground=person.ground if person else None,
            walk_in=ticket.walk_in,
            counter=ticket.counter or None,
            checked_in_at=office.local_time(ticket.checked_in_at),
            called_at=office.local_time(ticket.called_at),
            finished_at=office.local_time(ticket.finished_at),
        )


class PresentOut(Output):
    """A booking that is checked in, and those of its numbers that it is about."""

    code: str
    lane: Lane
    window: BookedWindow
    tickets: list[NumberOut]

    @classmethod
    def of(cls, present: Present, office: Office) -> Self:
        return cls(
            code=display_code(present.booking.code),
            lane=present.booking.lane,
            window=BookedWindow.of(present.booking),
            tickets=[NumberOut.of(ticket, office) for ticket in present.tickets],
        )


class CallOut(Output):
    """What a press at a counter came to: no ticket when nobody waits."""

    counter: str
    calls: int
    ticket: NumberOut | None

    @classmethod
    def of(cls, result: CallResult, office: Office) -> Self:
        ticket = result.ticket
        return cls(
            counter=result.counter,
            calls=result.calls,
            ticket=NumberOut.of(ticket, office) if ticket else None,
        )


class WalkInOut(Output):
    """The number that a walk-in was given; `code` and `token` let the person watch it."""

    code: str
    token: str
    lane: Lane
    window: BookedWindow
    ticket: NumberOut

    @classmethod
    def of(cls, admitted: Admitted, office: Office) -> Self:
        return cls(
            code=display_code(admitted.booking.code),
            token=admitted.token,
            lane=admitted.booking.lane,
            window=BookedWindow.of(admitted.booking),
            ticket=NumberOut.of(admitted.ticket, office),
        )
