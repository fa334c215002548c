"""A roster: an office day's people, in the order in which they are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from antrean.domain.offices import Office
from antrean.domain.slots import Lane, Slot
from antrean.domain.tickets import Ticket, TicketStatus

_ORDER = {lane: place for place, lane in enumerate(Lane)}


@dataclass(frozen=True, slots=True)
class Section:
    """The people of one lane in one arrival window (each end HHMM, local time), by number.

    `end` is the empty text when the office has no such window any more.
    """

    lane: Lane
    start: str
    end: str
    tickets: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """An office's people of one local date, by lane, window and number."""

    office: Office
    day: date
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """How many people the office expects."""
        return sum(len(section.tickets) for section in self.sections)


def roster_of(
    office: Office, day: date, tickets: Iterable[Ticket], slots: Iterable[Slot]
) -> Roster:
    """Return the roster of those tickets that hold a place; `slots` say when windows end."""
    ends = {(slot.ref.lane, slot.ref.start): slot.end for slot in slots if slot.ref.day == day}
    expected = sorted(
        (ticket for ticket in tickets if ticket.status is not TicketStatus.RETURNED),
        key=lambda ticket: (_ORDER[ticket.ref.lane], ticket.ref.start, ticket.number),
    )
    return Roster(office, day, tuple(_sections(expected, ends)))


def _sections(expected: list[Ticket], ends: Mapping[tuple[Lane, str], str]) -> Iterable[Section]:
    for (lane, start), same in groupby(expected, lambda each: (each.ref.lane, each.ref.start)):
        yield Section(lane, start, ends.get((lane, start), ""), tuple(same))
