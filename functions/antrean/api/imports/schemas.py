"""The JSON of imports: files of offices that admins upload."""

import datetime as dt
from typing import Self

from antrean.api.types import Output
from antrean.domain.imports import Import, ImportRow, ImportState, RowProblem, RowState
from antrean.imports.files import MEDIA_TYPE
from antrean.runtime.field_types import Flag, Input

PAGE = 200
"""Rows in one answer."""


class ImportIn(Input):
    """Whether the file is only to be checked."""

    dry_run: Flag = False


class ImportBegunOut(Output):
    """Where to PUT the file, with these headers, until when."""

    import_id: str
    dry_run: bool
    state: ImportState
    upload_url: str
    upload_headers: dict[str, str]
    expires_at: dt.datetime

    @classmethod
    def of(cls, import_: Import, link: str) -> Self:
        return cls(
            import_id=import_.import_id,
            dry_run=import_.dry_run,
            state=import_.state,
            upload_url=link,
            upload_headers={"Content-Type": MEDIA_TYPE},
            expires_at=dt.datetime.fromtimestamp(import_.upload_until, dt.UTC),
        )


class CountsOut(Output):
    """Rows by what became of them."""

    rows: int
    waiting: int
    applied: int
    unchanged: int
    would_apply: int
    invalid: int
    failed: int

    @classmethod
    def of(cls, import_: Import) -> Self:
        counts = {state.value: import_.counts.get(state, 0) for state in RowState}
        return cls(rows=sum(counts.values()), **counts)


class ProblemOut(Output):
    """What is wrong with a row, and in which column; null: with the row as a whole."""

    column: str | None
    detail: str

    @classmethod
    def of(cls, problem: RowProblem) -> Self:
        return cls(column=problem.column, detail=problem.detail)


class RowOut(Output):
    """A row as a spreadsheet counts, the header being row 1; `office_id` null if it has none."""

    row: int
    office_id: str | None
    state: RowState
    problems: list[ProblemOut]

    @classmethod
    def of(cls, row: ImportRow) -> Self:
        return cls(
            row=row.number,
            office_id=row.office_id or None,
            state=row.state,
            problems=[ProblemOut.of(problem) for problem in row.problems],
        )


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

    @classmethod
    def of(cls, import_: Import, rows: list[ImportRow]) -> Self:
        """Return an import with a page of its rows."""
        return cls(
            import_id=import_.import_id,
            dry_run=import_.dry_run,
            state=import_.state,
            created_at=dt.datetime.fromtimestamp(import_.created_at, dt.UTC),
            sha256=import_.sha256,
            refusal=import_.refusal,
            counts=CountsOut.of(import_),
            rows=[RowOut.of(row) for row in rows],
            next=rows[-1].number if len(rows) == PAGE else None,
        )
