"""A roster's people as lines of plain fields: the same in every format."""

from dataclasses import dataclass
from datetime import date

from antrean.domain.applicants import priority_ground
from antrean.domain.closed_day import ClosedDay
from antrean.domain.codes import display_code
from antrean.domain.hours import written_hour
from antrean.domain.slots import Lane
from antrean.domain.tickets import HAD_THEIR_DAY, Ticket


@dataclass(frozen=True, slots=True)
class Line:
    """One person. Hours are HH:MM, local time; dates are ISO text; what is unknown is None.

    `nik` is given in full: the officer compares it with the card in the person's hand. A line
    whose person was erased has a label and no name. `closed` says that the office serves nobody in
    this window, and why: `TUTUP: {reason}`.
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
    closed: str | None = None

    @property
    def who(self) -> str:
        """What tells the person from others of the day."""
        return self.nik or self.label


def line(ticket: Ticket, end: str, closed: ClosedDay | None) -> Line:
    """Return one person's line; `end` (HHMM) is the window's, empty when it is not known.

    `closed` says what closed the window. Who was called, served or missed before it did is listed
    as ever.
    """
    person = ticket.applicant
    lane, day = ticket.ref.lane, ticket.ref.day
    return Line(
        label=ticket.label,
        lane=lane,
        window_start=written_hour(ticket.ref.start),
        window_end=written_hour(end) or None,
        number=ticket.number,
        name=person.name if person else "",
        nik=person.nik if person else "",
        birth_date=person.birth_date.isoformat() if person else "",
        priority_ground=_ground(person.birth_date, person.ground, lane, day) if person else None,
        guardian_name=person.guardian_name if person else None,
        note=person.note if person else None,
        code=display_code(ticket.code) if ticket.code else "",
        closed=_closed(closed) if closed and ticket.status not in HAD_THEIR_DAY else None,
    )


def _ground(born: date, stated: str | None, lane: Lane, day: date) -> str | None:
    """Return why a person stands in the priority lane, as the officer checks it."""
    return priority_ground(born, stated, day) if lane is Lane.PRIORITY else None


def _closed(closed: ClosedDay) -> str:
    return f"TUTUP: {closed.reason}" if closed.reason else "TUTUP"


def grouped(nik: str) -> str:
    """Return a NIK as region, birth date and sequence: `180301 550590 0001`.

    Easier to compare by eye; and a spreadsheet, which keeps 15 digits of a number, takes it for
    the text it is.
    """
    return f"{nik[:6]} {nik[6:12]} {nik[12:]}".strip()
