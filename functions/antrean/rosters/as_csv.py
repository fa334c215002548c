"""A roster as CSV that a spreadsheet opens with a double click."""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

from antrean.rosters.lines import Line, grouped
from antrean.rosters.roster import Roster

CLOSED: Final = "closed"
"""The last column, since who reads columns by their place found the others where they are."""

OF_THE_LINE: Final = tuple(field.name for field in fields(Line) if field.name != CLOSED)
COLUMNS: Final = (*OF_THE_LINE, "change", "previous_label", CLOSED)
BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old code page."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(roster: Roster) -> bytes:
    """Return the roster as CSV: UTF-8 with BOM, RFC 4180 with CRLF, a header of field names.

    One row for each person who is expected. The same roster gives the same bytes.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in roster.lines:
        writer.writerow([guarded(value) for value in _row(roster, line)])
    return (BOM + out.getvalue()).encode()


def _row(roster: Roster, line: Line) -> Iterator[str | int | None]:
    shown = replace(line, nik=grouped(line.nik))
    for name in OF_THE_LINE:
        yield getattr(shown, name)
    changes = roster.changes
    yield changes.of(line) if changes else None
    yield changes.moved.get(line.label) if changes else None
    yield line.closed


def guarded(value: str | int | None) -> str | int:
    """Return a cell that no spreadsheet runs as a formula (OWASP, "CSV Injection")."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
