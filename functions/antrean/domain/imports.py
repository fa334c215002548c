"""Imports: a file of offices that an admin uploads, and what became of each of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from antrean.domain.audit import Author


class ImportState(StrEnum):
    """How far an import is. `done` is never stored: it is `applying` with no row waiting."""

    WAITING = "waiting"
    """For the file."""
    CHECKING = "checking"
    APPLYING = "applying"
    DONE = "done"
    REFUSED = "refused"
    """The file is no table of offices; nothing of it was applied."""


class RowState(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    """Its office is not written yet."""
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    """The office was like this already; nothing was written."""
    WOULD_APPLY = "would_apply"
    """Of a dry run: it would be `applied`."""
    INVALID = "invalid"
    """The check found something wrong with it."""
    FAILED = "failed"
    """It passed the check and was refused when it was its turn: something else had changed."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row, and in which column (None: with the row as a whole)."""

    column: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of the file; `number` as a spreadsheet counts, the header being row 1.

    `profile` is what the row says of the office, `after` the row of the office's parent, which
    is applied before it.
    """

    number: int
    office_id: str
    state: RowState
    problems: tuple[RowProblem, ...] = ()
    profile: Mapping[str, Any] | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """An import; instants in seconds (UTC). `given` names the profile's fields the file has."""

    import_id: str
    dry_run: bool
    author: Author
    created_at: int
    upload_until: int
    state: ImportState = ImportState.WAITING
    sha256: str | None = None
    given: frozenset[str] = frozenset()
    refusal: str | None = None
    counts: Mapping[RowState, int] = field(default_factory=dict)


class OtherContent(Exception):
    """The import has a file already, of another content, or was refused."""
