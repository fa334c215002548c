"""A roster as PDF: A4 sheets that an office prints and works from with a pen."""

import hashlib
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

from antrean.domain.wording import indonesian_date
from antrean.rosters import wording
from antrean.rosters.as_json import as_json
from antrean.rosters.roster import Roster
from antrean.rosters.sheets import (
    BORN,
    BOX,
    CODE_SIZE,
    COLUMNS,
    HEADING_HEIGHT,
    HEIGHT,
    LINE_HEIGHT,
    MARGIN,
    NAME,
    NIK,
    NUMBER,
    PADDING,
    REMARKS,
    TOP,
    WIDTH,
    Column,
    Heading,
    Measure,
    Row,
    Sheet,
    sheets,
)

FONTS: Final = Path(__file__).with_name("fonts")
FAMILY: Final = "dejavu"
RIGHT: Final = WIDTH - MARGIN
BLACK, GREY, PALE = 0, 100, 232
"""Of 255: text, small text, the ground of headings. A copier keeps them apart."""

UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
"""In place of a letter that the font does not have, so that it is seen that one is missing."""

HAIR: Final = 0.15
"""Millimetres."""

UNITS: Final = 1000
"""What fpdf counts the em in."""


def as_pdf(roster: Roster) -> bytes:
    """Return the roster as PDF. The same roster gives the same bytes, whenever it is made."""
    paper = _paper(roster)
    pages = sheets(roster, _measures(paper))
    mark = fingerprint(roster)
    for number, page in enumerate(pages, start=1):
        paper.add_page()
        _head(paper, roster)
        _foot(paper, f"Halaman {number} dari {len(pages)}", mark)
        _body(paper, page)
    return bytes(paper.output())


def fingerprint(roster: Roster) -> str:
    """Return what a sheet is compared by: the beginning of roster.json's SHA-256."""
    digest = hashlib.sha256(as_json(roster)).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _paper(roster: Roster) -> FPDF:
    paper = FPDF(format="A4")
    paper.set_auto_page_break(auto=False)
    paper.add_font(FAMILY, fname=FONTS / "DejaVuSansCondensed.ttf")
    paper.add_font(FAMILY, style="B", fname=FONTS / "DejaVuSansCondensed-Bold.ttf")
    paper.set_creation_date(wording.midnight(roster.day))
    paper.set_title(wording.file_title(roster))
    paper.set_producer("Antrean")
    paper.set_lang("id")
    paper.set_line_width(HAIR)
    return paper


def _type(paper: FPDF, size: float, *, bold: bool = False, grey: int = BLACK) -> None:
    paper.set_font(FAMILY, style="B" if bold else "", size=size)
    paper.set_text_color(grey)


def _measures(paper: FPDF) -> Measure:
    """Return a function that gives the width (millimetres) of a text in a column's type.

    It reads the fonts' own tables: `FPDF.get_string_width` takes fifty times as long.
    """
    plain, bold = _face(paper, "").cw, _face(paper, "B").cw

    def measure(text: str, column: Column) -> float:
        widths = bold if column.bold else plain
        missing = widths[ord(UNKNOWN)]
        units = sum(widths.get(ord(letter), missing) for letter in text)
        return units * column.size / UNITS / paper.k

    return measure


def _face(paper: FPDF, style: str) -> TTFFont:
    face = paper.fonts[FAMILY + style]
    assert isinstance(face, TTFFont)  # noqa: S101 - what add_font made of our files
    return face


def _known(paper: FPDF, text: str) -> str:
    letters = _face(paper, "").cmap  # both faces have the same
    return "".join(letter if ord(letter) in letters else UNKNOWN for letter in text)


def _write(paper: FPDF, x: float, y: float, text: str) -> None:
    paper.text(x, y, _known(paper, text))


def _write_to(paper: FPDF, x: float, y: float, text: str) -> None:
    """Write a text that ends at `x`."""
    paper.text(x - paper.get_string_width(_known(paper, text)), y, _known(paper, text))


def _head(paper: FPDF, roster: Roster) -> None:
    _type(paper, 12, bold=True)
    _write(paper, MARGIN, 15, roster.office.name)
    _write_to(paper, RIGHT, 15, indonesian_date(roster.day))
    _type(paper, 8, grey=GREY)
    _write(paper, MARGIN, 20, "Daftar antrean paspor")
    _write_to(paper, RIGHT, 20, f"{roster.count} orang seluruhnya")
    if roster.closed:
        _type(paper, 12, bold=True)
        _write_to(paper, RIGHT, 10, wording.in_heading(roster.closed))
    if roster.changes:
        _type(paper, 8, bold=True)
        since = wording.moment(roster.changes.since)
        text = f"DAFTAR BERUBAH sejak {since}"
        _write(paper, (WIDTH - paper.get_string_width(text)) / 2, 20, text)
    paper.set_draw_color(BLACK)
    paper.line(MARGIN, 22.5, RIGHT, 22.5)


def _foot(paper: FPDF, page: str, mark: str) -> None:
    _type(paper, 7.5, grey=GREY)
    _write(paper, MARGIN, HEIGHT - 8, f"Sidik daftar {mark}")
    _write_to(paper, RIGHT, HEIGHT - 8, page)


def _body(paper: FPDF, page: Sheet) -> None:
    if not page:
        _type(paper, 11)
        _write(paper, MARGIN, TOP + 8, "Tidak ada pendaftar.")
    y = TOP
    for block in page:
        if isinstance(block, Heading):
            _heading(paper, y, block)
            y += HEADING_HEIGHT
        else:
            _row(paper, y, block)
            y += block.height


def _heading(paper: FPDF, y: float, heading: Heading) -> None:
    paper.set_fill_color(PALE)
    paper.rect(MARGIN, y + 1, RIGHT - MARGIN, 6.4, style="F")
    _type(paper, 10.5, bold=True)
    _write(paper, MARGIN + 2, y + 5.6, heading.title)
    _write_to(paper, RIGHT - 2, y + 5.6, heading.count)
    _type(paper, 7, grey=GREY)
    for column in COLUMNS:
        _write(paper, column.left, y + 11, column.title)
    paper.set_draw_color(BLACK)
    paper.line(MARGIN, y + HEADING_HEIGHT - 0.8, RIGHT, y + HEADING_HEIGHT - 0.8)


def _row(paper: FPDF, y: float, row: Row) -> None:
    first = y + PADDING / 2 + 2.8
    paper.set_draw_color(BLACK)
    if row.box:
        paper.rect(BOX.left + 0.8, y + PADDING / 2 + 0.4, 4.4, 4.4)
    _type(paper, NUMBER.size, bold=True)
    _write(paper, NUMBER.left, first, row.number)
    _type(paper, CODE_SIZE, grey=GREY)
    _write(paper, NUMBER.left, first + LINE_HEIGHT, row.code)
    for column, texts in (
        (NAME, row.name),
        (NIK, (row.nik,)),
        (BORN, (row.born,)),
        (REMARKS, row.remarks),
    ):
        _type(paper, column.size)
        for index, text in enumerate(texts):
            _write(paper, column.left, first + index * LINE_HEIGHT, text)
    paper.set_draw_color(GREY + 80)
    paper.line(MARGIN, y + row.height, RIGHT, y + row.height)
