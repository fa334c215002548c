"""A roster's people as lines of plain fields: the same in every format."""

from collections.abc import Iterator
from dataclasses import dataclass

from antrean.domain.codes import display_code
from antrean.domain.tickets import Ticket
from antrean.rosters.roster import Roster, Section


@dataclass(frozen=True, slots=True)
class Line:
    """One person. Hours are HH:MM, local time; dates are ISO text; what is unknown is None.

    `nik` is given in full: the officer compares it with the card in the person's hand.
    """

    label: str
    lane: str
    window_start: str
    window_end: str | None
    number: int
    name: str
    nik: str
    birth_date: str
    priority_ground: str | None
    guardian_name: str | None
    note: str | None
    code: str


def lines(roster: Roster) -> Iterator[Line]:
    """Yield a roster's people in their order."""
    for section in roster.sections:
        for ticket in section.tickets:
            yield line(section, ticket)


def line(section: Section, ticket: Ticket) -> Line:
    """Return one person's line. A ticket whose person was erased keeps its number."""
    person = ticket.applicant
    return Line(
        label=ticket.label,
        lane=section.lane,
        window_start=hour(section.start),
        window_end=hour(section.end) or None,
        number=ticket.number,
        name=person.name if person else "",
        nik=person.nik if person else "",
        birth_date=person.birth_date.isoformat() if person else "",
        priority_ground=person.ground if person else None,
        guardian_name=person.guardian_name if person else None,
        note=person.note if person else None,
        code=display_code(ticket.code) if ticket.code else "",
    )


def hour(start: str) -> str:
    """Return an HHMM as people write it, 08:00; the empty text stays empty."""
    return f"{start[:2]}:{start[2:]}" if start else ""
