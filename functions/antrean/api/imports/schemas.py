"""The JSON of imports: files of offices that admins upload."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from antrean.api.types import Input, Output
from antrean.domain.imports import Import, ImportRow, ImportState, RowState
from antrean.imports.files import MEDIA_TYPE

PAGE = 200
"""Rows in one answer."""


class ImportIn(Input):
    """Whether the file is only to be checked."""

    dry_run: Annotated[bool, Field(strict=True)] = False


class ImportBegunOut(Output):
    """Where to PUT the file, with these headers, until when."""

    import_id: str
    dry_run: bool
    state: ImportState
    upload_url: str
    upload_headers: dict[str, str]
    expires_at: dt.datetime


class CountsOut(Output):
    """Rows by what became of them."""

    rows: int
    waiting: int
    applied: int
    unchanged: int
    would_apply: int
    invalid: int
    failed: int


class ProblemOut(Output):
    """What is wrong with a row, and in which column; null: with the row as a whole."""

    column: str | None
    detail: str


class RowOut(Output):
    """A row as a spreadsheet counts, the header being row 1; `office_id` null if it has none."""

    row: int
    office_id: str | None
    state: RowState
    problems: list[ProblemOut]


class ImportOut(Output):
    """How far an import is, and a page of its report. `refusal` is what is wrong with the file."""

    import_id: str
    dry_run: bool
    state: ImportState
    created_at: dt.datetime
    sha256: str | None
    refusal: str | None
    counts: CountsOut
    rows: list[RowOut]
    next: int | None


def begun_out(import_: Import, link: str) -> ImportBegunOut:
    """Return an import that waits for its file."""
    return ImportBegunOut(
        import_id=import_.import_id,
        dry_run=import_.dry_run,
        state=import_.state,
        upload_url=link,
        upload_headers={"Content-Type": MEDIA_TYPE},
        expires_at=dt.datetime.fromtimestamp(import_.upload_until, dt.UTC),
    )


def import_out(import_: Import, rows: list[ImportRow]) -> ImportOut:
    """Return an import with a page of its rows."""
    counts = {state.value: import_.counts.get(state, 0) for state in RowState}
    return ImportOut(
        import_id=import_.import_id,
        dry_run=import_.dry_run,
        state=import_.state,
        created_at=dt.datetime.fromtimestamp(import_.created_at, dt.UTC),
        sha256=import_.sha256,
        refusal=import_.refusal,
        counts=CountsOut(rows=sum(counts.values()), **counts),
        rows=[_row_out(row) for row in rows],
        next=rows[-1].number if len(rows) == PAGE else None,
    )


def _row_out(row: ImportRow) -> RowOut:
    return RowOut(
        row=row.number,
        office_id=row.office_id or None,
        state=row.state,
        problems=[
            ProblemOut(column=problem.column, detail=problem.detail) for problem in row.problems
        ],
    )
