"""The Indonesian words of the rosters that people read."""

import textwrap
from datetime import date, datetime
from typing import Final

from antrean.domain.slots import Lane
from antrean.domain.wording import LANES, MONTHS
from antrean.domain.zones import abbreviation
from antrean.rosters.changes import RosterChange
from antrean.rosters.lines import Line
from antrean.rosters.roster import Roster, Section

GROUNDS: Final = {
    "over_60": "Usia 60 tahun ke atas",
    "under_5": "Usia di bawah 5 tahun",
    "pregnant": "Ibu hamil",
    "disability": "Penyandang disabilitas",
}

LONGEST_CLOSED: Final = 50
"""Characters of a closure in a heading; all of it stands with each person."""

ERASED: Final = "(data dihapus)"
"""In place of the name of a person whose data was erased at their request."""


def window(section: Section) -> str:
    """Return the hours of a section: '08:00-09:00', or its beginning alone."""
    return f"{section.start}\N{EN DASH}{section.end}" if section.end else section.start


def in_heading(closed: str) -> str:
    """Return what is said of a closed window in the room of a heading."""
    return textwrap.shorten(closed, LONGEST_CLOSED, placeholder=" …")


def lane_of(line: Line) -> str:
    """Return the name of a person's lane."""
    return lane_name(Lane(line.lane))


def lane_name(lane: Lane) -> str:
    """Return the Indonesian name of a lane."""
    indonesian, _ = LANES[lane]
    return indonesian


def remarks(roster: Roster, line: Line) -> list[str]:
    """Return what the officer should know of a person, what changed first."""
    changes = roster.changes
    match changes and changes.of(line):
        case RosterChange.ADDED:
            changed = "BARU"
        case RosterChange.MOVED:
            changed = f"PINDAH dari {changes.moved[line.label]}" if changes else ""
        case _:
            changed = ""
    ground = GROUNDS.get(line.priority_ground or "", line.priority_ground)
    guardian = f"Pendamping: {line.guardian_name}" if line.guardian_name else None
    return [remark for remark in (line.closed, changed, ground, guardian, line.note) if remark]


def short_date(iso: str) -> str:
    """Return an ISO date as forms have it: 15-05-1990."""
    return "-".join(reversed(iso.split("-")))


def moment(at: datetime) -> str:
    """Return an aware local instant: '23 November 2026 18.00 WIB'."""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year} {at:%H.%M} {abbreviation(at)}"


def file_title(roster: Roster) -> str:
    """Return a title for a document's properties."""
    return f"Daftar antrean {roster.office.name}, {roster.day.isoformat()}"


def midnight(day: date) -> datetime:
    """Return the date that the files of `day` bear, whenever they are made."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the formats store it without
