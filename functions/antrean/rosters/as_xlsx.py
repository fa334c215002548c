"""A roster as XLSX: one flat table to sort and filter, that prints on A4 too."""

import io
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter

from antrean.domain.wording import indonesian_date
from antrean.rosters import wording
from antrean.rosters.lines import Line, grouped
from antrean.rosters.roster import Roster

COLUMNS: Final = (
    ("Hadir", 6),
    ("Nomor", 12),
    ("Jalur", 11),
    ("Jam", 12),
    ("Nama", 38),
    ("NIK", 20),
    ("Tanggal lahir", 12),
    ("Keterangan", 34),
    ("Kode", 13),
)
"""Titles, and widths in characters."""

HEAD: Final = 3
"""The row (from 0) of the column titles."""

WRAPPED: Final = (4, 7)
"""The columns whose texts may need several lines: name and remarks."""

LINE_HEIGHT: Final = 15
"""Points. We set the height of rows: not every program works it out when it opens a file."""

A4: Final = 9
OPTIONS: Final = {
    "in_memory": True,
    # What people typed stays text: nothing of it is run, dialled or rounded.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def as_xlsx(roster: Roster) -> bytes:
    """Return the roster as XLSX. The same roster gives the same bytes, whenever it is made."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": wording.file_title(roster),
                "author": "Antrean",
                "created": wording.midnight(roster.day),
            }
        )
        _sheet(book, "Daftar", roster, [_cells(roster, line) for line in roster.lines])
        if roster.changes and roster.changes.removed:
            _sheet(book, "Batal", roster, [_removed(line) for line in roster.changes.removed])
    return out.getvalue()


def _cells(roster: Roster, line: Line) -> Sequence[str]:
    return _row("\N{BALLOT BOX}", line, "; ".join(wording.remarks(roster, line)))


def _removed(line: Line) -> Sequence[str]:
    return _row("", line, "BATAL")


def _row(box: str, line: Line, remarks: str) -> Sequence[str]:
    hours = "\N{EN DASH}".join(filter(None, (line.window_start, line.window_end)))
    return (
        box,
        line.label,
        wording.lane_of(line),
        hours,
        line.name or wording.ERASED,
        grouped(line.nik),
        wording.short_date(line.birth_date),
        remarks,
        line.code,
    )


def _sheet(book: Any, name: str, roster: Roster, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    _page(sheet, roster)
    bold = book.add_format({"bold": True, "font_size": 13})
    titles = book.add_format({"bold": True, "bg_color": "#E8E8E8", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bottom": 4})
    sheet.write_string(0, 0, f"{roster.office.name}, {indonesian_date(roster.day)}", bold)
    sheet.write_string(1, 0, _second_line(name, roster, len(rows)))
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(HEAD, column, title, titles)
    _fill(sheet, rows, text)
    sheet.autofilter(HEAD, 0, HEAD + max(1, len(rows)), len(COLUMNS) - 1)
    sheet.freeze_panes(HEAD + 1, 0)


def _second_line(name: str, roster: Roster, count: int) -> str:
    changes = roster.changes
    since = f"; berubah sejak {wording.moment(changes.since)}" if changes else ""
    closed = f"{roster.closed}. " if roster.closed else ""
    return f"{closed}{name}: {count} orang{since}"


def _fill(sheet: Any, rows: Iterable[Sequence[str]], text: Any) -> None:
    for row, cells in enumerate(rows, start=HEAD + 1):
        sheet.set_row(row, LINE_HEIGHT * max(_lines(cells[at], COLUMNS[at][1]) for at in WRAPPED))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, text)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes at most in a column of `width` characters."""
    return len(textwrap.wrap(text, width - 2)) or 1


def _page(sheet: Any, roster: Roster) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    office = roster.office.name.replace("&", "&&")  # & begins a code of the page's foot
    sheet.set_footer(f"&L{office}, {roster.day.isoformat()}&RHalaman &P dari &N")
