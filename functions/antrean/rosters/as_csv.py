"""A roster as CSV that a spreadsheet opens with a double click."""

import csv
import io
from dataclasses import fields, replace
from typing import Final

from antrean.rosters.lines import Line, lines
from antrean.rosters.roster import Roster

COLUMNS: Final = tuple(field.name for field in fields(Line))
BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old code page."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(roster: Roster) -> bytes:
    """Return the roster as CSV: UTF-8 with BOM, RFC 4180 with CRLF, a header of field names.

    The same roster gives the same bytes.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines(roster):
        shown = replace(line, nik=grouped(line.nik))
        writer.writerow([_cell(getattr(shown, column)) for column in COLUMNS])
    return (BOM + out.getvalue()).encode()


def grouped(nik: str) -> str:
    """Return a NIK as region, birth date and sequence: `180301 550590 0001`.

    Easier to compare by eye; and a spreadsheet, which keeps 15 digits of a number, takes it for
    the text it is.
    """
    return f"{nik[:6]} {nik[6:12]} {nik[12:]}".strip()


def _cell(value: str | int | None) -> str | int:
    """Return a cell that no spreadsheet runs as a formula (OWASP, "CSV Injection")."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
