"""The sheets of a printed roster: which rows are on which page, before anything is drawn.

Lengths are millimetres on A4.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from antrean.rosters import wording
from antrean.rosters.lines import Line, grouped
from antrean.rosters.roster import Roster, Section

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 12.0
TOP, BOTTOM = 27.0, HEIGHT - 15.0
"""Rows are between these; above is the page's head, below its foot."""

HEADING_HEIGHT: Final = 13.0
"""A window's heading with the names of the columns."""

PADDING: Final = 2.0
"""Above and below the text of a row, together."""

LINE_HEIGHT: Final = 3.5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it begins, how wide its text may be, and its type size (points)."""

    title: str
    left: float
    width: float
    size: float
    bold: bool = False


BOX: Final = Column("", MARGIN, 6.0, 0)
NUMBER: Final = Column("Nomor / kode", 19.5, 22.0, 9, bold=True)
NAME: Final = Column("Nama", 42.5, 59.0, 9)
NIK: Final = Column("NIK", 103.0, 33.0, 8.5)
BORN: Final = Column("Lahir", 137.5, 17.0, 8)
REMARKS: Final = Column("Keterangan", 156.0, 42.0, 7.5)
COLUMNS: Final = (NUMBER, NAME, NIK, BORN, REMARKS)
CODE_SIZE: Final = 7.0

type Measure = Callable[[str, Column], float]
"""Gives the width of a text set in a column's type."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person: the lines of text of each column. `box`: there is one to tick."""

    number: str
    code: str
    name: Sequence[str]
    nik: str
    born: str
    remarks: Sequence[str]
    box: bool = True

    @property
    def height(self) -> float:
        """The row's height."""
        return PADDING + LINE_HEIGHT * max(2, len(self.name), len(self.remarks))


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over rows: what they are, and how many there are in all."""

    title: str
    count: str


type Sheet = list[Heading | Row]


def sheets(roster: Roster, measure: Measure) -> list[Sheet]:
    """Return the pages of a roster. A heading is repeated on every page its rows run on to."""
    pages: list[Sheet] = [[]]
    left = BOTTOM - TOP
    for heading, rows in _blocks(roster, measure):
        shown = heading
        begun = False
        for row in rows:
            needed = row.height + (0 if begun else HEADING_HEIGHT)
            if needed > left and pages[-1]:
                pages.append([])
                left = BOTTOM - TOP
                begun = False
            if not begun:
                pages[-1].append(shown)
                left -= HEADING_HEIGHT
                begun, shown = True, Heading(f"{heading.title} (lanjutan)", heading.count)
            pages[-1].append(row)
            left -= row.height
    return pages


def _blocks(roster: Roster, measure: Measure) -> Iterator[tuple[Heading, Iterable[Row]]]:
    for section in roster.sections:
        yield _heading(section), [_row(roster, line, measure) for line in section.lines]
    if roster.changes and roster.changes.removed:
        removed = roster.changes.removed
        title = f"BATAL sejak {wording.moment(roster.changes.since)}"
        yield (
            Heading(title, f"{len(removed)} orang"),
            [_removed(line, measure) for line in removed],
        )


def _heading(section: Section) -> Heading:
    lane = wording.lane_name(section.lane)
    title = f"{lane}  {wording.window(section)}"
    if section.closed:
        title = f"{title}  {wording.in_heading(section.closed)}"
    return Heading(title, f"{len(section.lines)} orang")


def _row(roster: Roster, line: Line, measure: Measure) -> Row:
    remarks = wording.remarks(roster, line)
    return Row(
        number=line.label,
        code=line.code,
        name=wrapped(line.name or wording.ERASED, NAME, measure),
        nik=grouped(line.nik),
        born=wording.short_date(line.birth_date),
        remarks=[text for remark in remarks for text in wrapped(remark, REMARKS, measure)],
    )


def _removed(line: Line, measure: Measure) -> Row:
    return Row(
        number=line.label,
        code=line.code,
        name=wrapped(line.name or wording.ERASED, NAME, measure),
        nik=grouped(line.nik),
        born=wording.short_date(line.birth_date),
        remarks=["BATAL"],
        box=False,
    )


def wrapped(text: str, column: Column, measure: Measure) -> list[str]:
    """Return a text in lines that fit a column; a word that is too long by itself is broken."""
    lines: list[str] = []
    line = ""
    for word in _fitting(text, column, measure):
        longer = f"{line} {word}" if line else word
        if measure(longer, column) <= column.width:
            line = longer
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def _fitting(text: str, column: Column, measure: Measure) -> Iterator[str]:
    for word in text.split():
        if measure(word, column) <= column.width:
            yield word
            continue
        part = ""
        for character in word:
            if part and measure(part + character, column) > column.width:
                yield part
                part = ""
            part += character
        yield part
