"""The file of an import: a table of offices as CSV, read and checked row by row."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from pydantic import ValidationError

from antrean.domain.day import DayRules
from antrean.domain.errors import FieldProblem
from antrean.domain.imports import ImportRow, RowProblem, RowState
from antrean.domain.offices import (
    LONGEST_OFFICE_ID,
    OFFICE_ID,
    Office,
    OfficeFacts,
    Position,
    Service,
)
from antrean.imports.office_row import OfficeIn
from antrean.offices.profile import problems, with_facts

MOST_BYTES = 1_000_000

MOST_ROWS = 2_000
"""About three times the country's offices and service points."""

PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "office_class": ("office_class",),
    "city": ("city",),
    "province": ("province",),
    "timezone": ("timezone",),
    "daily_quota": ("daily_quota",),
    "quota_basis": ("quota_basis",),
    "parent_office_id": ("parent_office_id",),
    "services": ("services",),
    "latitude": ("position", "latitude"),
    "longitude": ("position", "longitude"),
    "horizon_days": ("limits", "horizon_days"),
    "reoffer_at_least": ("limits", "reoffer_after", "at_least"),
    "reoffer_at_most": ("limits", "reoffer_after", "at_most"),
    "closes_at": ("limits", "closes_at"),
}
"""The path of a column's value in an office's JSON (`OfficeIn`)."""

REQUIRED = ("office_id", "name", "city", "province", "timezone", "daily_quota")

PAIRS = (("latitude", "longitude"), ("reoffer_at_least", "reoffer_at_most"))
"""Columns that make one fact: a file has both or none."""

NOT_KEPT = frozenset({"quota_as_of", "quota_source"})
"""Columns of the seed file that say where a figure is from: allowed, and not read."""

WHOLE_NUMBERS = frozenset({"daily_quota", "horizon_days", "reoffer_at_least", "reoffer_at_most"})

FACTS: Final[Mapping[str, str]] = {
    **{column: path[-1] for column, path in PATHS.items()},
    "latitude": "position",
    "longitude": "position",
    "reoffer_at_least": "reoffer_after",
    "reoffer_at_most": "reoffer_after",
}
"""The field of `OfficeFacts` that a column speaks of."""


class Unreadable(Exception):
    """The file is no table of offices; the text says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Record:
    """A row's cells by column, without the empty ones; None when their number is wrong."""

    number: int
    cells: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class File:
    """The rows of a file, and the facts that its columns speak of."""

    given: frozenset[str]
    records: Sequence[Record]


def read(data: bytes) -> File:
    """Read a file: UTF-8, with commas, or with semicolons as spreadsheets write them here.

    Raises `Unreadable`.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file has more than {MOST_BYTES:,} bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is not in UTF-8. Save it as 'CSV UTF-8'.") from None
    lines = list(_lines(text))
    if not lines:
        raise Unreadable("The file is empty.")
    columns = [cell.strip() for cell in lines[0]]
    _check_columns(columns)
    filled = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(cells)]
    if not filled:
        raise Unreadable("The file has no rows below its header.")
    if len(filled) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
    given = frozenset(FACTS[column] for column in columns if column in FACTS)
    return File(given, [Record(number, _cells(columns, cells)) for number, cells in filled])


def _lines(text: str) -> Iterator[list[str]]:
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    # Strict: with a quotation mark that is never closed, nobody knows where rows end.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        detail = f"Near line {reader.line_num}, a quotation mark is out of place."
        raise Unreadable(detail) from None


def _check_columns(columns: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise Unreadable(f"The first row is the header; these columns are missing: {missing}.")
    unknown = [
        index
        for index, column in enumerate(columns, 1)
        if column not in PATHS and column not in NOT_KEPT and column != "office_id"
    ]
    if unknown:
        raise Unreadable(
            f"The columns with these numbers have names that are not known: {unknown}."
        )
    if len(set(columns)) != len(columns):
        raise Unreadable("A column stands there twice.")
    for first, second in PAIRS:
        if (first in columns) != (second in columns):
            raise Unreadable(f"{first} and {second} go together: send both columns or none.")


def _cells(columns: Sequence[str], cells: Sequence[str]) -> Mapping[str, str] | None:
    if len(cells) != len(columns):
        return None
    return {
        column: cell.strip() for column, cell in zip(columns, cells, strict=True) if cell.strip()
    }


def check(file: File, offices: Mapping[str, Office], *, dry_run: bool) -> list[ImportRow]:
    """Check every row by itself, against the other rows and against the present offices.

    Good rows are waiting; in a dry run their state is what would become of them.
    """
    described: dict[str, tuple[int, OfficeFacts]] = {}
    rows: list[ImportRow] = []
    for record in file.records:
        office_id, facts, wrong = _read_record(record)
        if office_id in described:
            first = described[office_id][0]
            wrong = [RowProblem("office_id", f"The office stands in row {first} already.")]
        if wrong or facts is None:
            rows.append(ImportRow(record.number, office_id, RowState.INVALID, tuple(wrong)))
        else:
            described[office_id] = (record.number, facts)
    after = {
        office_id: with_facts(office_id, offices.get(office_id), facts, file.given)
        for office_id, (_, facts) in described.items()
    }
    for office_id, (number, facts) in described.items():
        office, before = after[office_id], offices.get(office_id)
        wrong = as_columns(problems(before, office, {**offices, **after}))
        state = RowState.WAITING
        if wrong:
            state = RowState.INVALID
        elif dry_run:
            state = RowState.UNCHANGED if office == before else RowState.WOULD_APPLY
        parent = described.get(office.parent_office_id or "")
        stored = None if wrong else as_stored(facts)
        rows.append(
            ImportRow(number, office_id, state, tuple(wrong), stored, parent[0] if parent else None)
        )
    return sorted(rows, key=lambda row: row.number)


def _read_record(record: Record) -> tuple[str, OfficeFacts | None, list[RowProblem]]:
    """Return a record's office id (empty if it is none), its facts and what is wrong."""
    if record.cells is None:
        return "", None, [RowProblem(None, "The row has more or fewer cells than the header.")]
    office_id = record.cells.get("office_id", "")
    wrong = []
    if not re.fullmatch(OFFICE_ID, office_id) or len(office_id) > LONGEST_OFFICE_ID:
        detail = "Small letters, digits and single hyphens, such as jakarta-barat."
        wrong.append(RowProblem("office_id", detail))
        office_id = ""
    try:
        facts = OfficeIn.model_validate(_as_json(record.cells)).facts()
    except ValidationError as error:
        return office_id, None, wrong + [_problem(finding) for finding in error.errors()]
    return office_id, facts, wrong


def _as_json(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON that says of an office what the cells say."""
    office: dict[str, Any] = {}
    for column, path in PATHS.items():
        if column in cells:
            parent = office
            for name in path[:-1]:
                parent = parent.setdefault(name, {})
            parent[path[-1]] = _value(column, cells[column])
    return office


def _value(column: str, cell: str) -> object:
    if column in WHOLE_NUMBERS and re.fullmatch(r"-?[0-9]{1,9}", cell):
        return int(cell)
    return cell.split() if column == "services" else cell


def _problem(finding: Mapping[str, Any]) -> RowProblem:
    # pydantic's messages quote no input.
    message = str(finding["msg"]).removeprefix("Value error, ").rstrip(".")
    return RowProblem(_column(tuple(map(str, finding["loc"]))), f"{message}.")


def as_columns(found: Sequence[FieldProblem]) -> list[RowProblem]:
    """Return what is wrong with an office by the columns of a file, not by JSON pointers."""
    return [
        RowProblem(_column(tuple(problem.pointer.strip("/").split("/"))), problem.detail)
        for problem in found
    ]


def _column(path: tuple[str, ...]) -> str | None:
    """Return the column of a path in an office's JSON; of several, the first."""
    for column, own_path in PATHS.items():
        shared = min(len(path), len(own_path))
        if shared and path[:shared] == own_path[:shared]:
            return column
    return None


def as_stored(facts: OfficeFacts) -> dict[str, Any]:
    """Return facts as JSON can hold it."""
    return facts.by_name()  # tuples become lists


def from_stored(stored: Mapping[str, Any]) -> OfficeFacts:
    """Return the facts that were stored."""
    position = stored["position"]
    return OfficeFacts(
        **{
            **stored,
            "services": tuple(Service(name) for name in stored["services"]),
            "position": Position(*position) if position else None,
            "reoffer_after": tuple(stored["reoffer_after"]),
            "day_rules": DayRules(*stored["day_rules"]),
        }
    )
