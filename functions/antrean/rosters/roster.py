"""A roster: an office day's people, in the order in which they are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from antrean.domain.closed_day import closed_day
from antrean.domain.offices import Office
from antrean.domain.slots import Lane, Slot
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.rosters.changes import Changes, Earlier, changes
from antrean.rosters.lines import Line, line

_ORDER = {lane: index for index, lane in enumerate(Lane)}


@dataclass(frozen=True, slots=True)
class Section:
    """The people of one lane in one arrival window (each end HH:MM, local time), by number.

    `end` is None when the office has no such window any more. `closed` is that of its lines.
    """

    lane: Lane
    start: str
    end: str | None
    lines: tuple[Line, ...]
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """An office's people of one local date, by lane, window and number."""

    office: Office
    day: date
    sections: tuple[Section, ...]
    changes: Changes | None = None

    @property
    def lines(self) -> Iterator[Line]:
        """The people, in their order."""
        for section in self.sections:
            yield from section.lines

    @property
    def count(self) -> int:
        """How many people the office expects."""
        return sum(len(section.lines) for section in self.sections)

    @property
    def closed(self) -> str | None:
        """What all of its people find closed, if it is the same for all; else None."""
        closures = {section.closed for section in self.sections}
        return closures.pop() if len(closures) == 1 else None

    def since(self, earlier: Earlier | None) -> "Roster":
        """Return the roster with what changed since an earlier one."""
        return replace(self, changes=changes(earlier, self.lines)) if earlier else self


def roster_of(
    office: Office, day: date, tickets: Iterable[Ticket], slots: Iterable[Slot], now: datetime
) -> Roster:
    """Return the roster of those tickets that hold a place, as it is at `now` (aware).

    `slots` say when windows end, and whether they are closed.
    """
    windows = {(slot.ref.lane, slot.ref.start): slot for slot in slots if slot.ref.day == day}
    expected = sorted(
        (ticket for ticket in tickets if ticket.status is not TicketStatus.RETURNED),
        key=lambda ticket: (_ORDER[ticket.ref.lane], ticket.ref.start, ticket.number),
    )
    lines = []
    for ticket in expected:
        slot = windows.get((ticket.ref.lane, ticket.ref.start))
        closed = closed_day(office, day, slot, now)
        lines.append(line(ticket, slot.end if slot else "", closed))
    return Roster(office, day, tuple(_sections(lines)))


def _sections(lines: Iterable[Line]) -> Iterator[Section]:
    for (lane, start, end, closed), together in groupby(
        lines,
        lambda person: (person.lane, person.window_start, person.window_end, person.closed),
    ):
        yield Section(Lane(lane), start, end, tuple(together), closed)
