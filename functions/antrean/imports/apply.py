"""Applying one row of an import: its office is set up, and the row settled, in one transaction."""

from antrean.domain.errors import ChangedMeanwhile, InvalidRequest, Unavailable
from antrean.domain.imports import Import, ImportRow, RowState
from antrean.imports.rows import as_columns, from_stored
from antrean.offices.profile import set_up
from antrean.runtime.deadline import Deadline
from antrean.store.items.import_row import get_row
from antrean.store.transaction import Transaction
from antrean.store.writes.settle_row import settle, settle_alone

ATTEMPTS = 5
"""How often a row is tried when somebody else changes its office at the same moment."""


class NotYet(Exception):
    """The row of the office's parent is not settled: this row has to be tried later."""


def apply_row(import_: Import, number: int, deadline: Deadline) -> RowState:
    """Set up the office of one row, and settle the row; return what became of it.

    A row that is settled already stays as it is. After `NotYet`, `NotFound` and `Unavailable` it is
    not settled, and may be applied again.
    """
    for _ in range(ATTEMPTS):
        row = get_row(import_.import_id, number, deadline)
        if row.state is not RowState.WAITING:
            return row.state
        _wait_for_parent(import_, row, deadline)
        try:
            return _set_up(import_, row, deadline)
        except ChangedMeanwhile:
            continue  # the office, or this very row by a message that came twice
    raise Unavailable("The office is changed by others all the time.")


def _wait_for_parent(import_: Import, row: ImportRow, deadline: Deadline) -> None:
    if row.after is None:
        return
    if get_row(import_.import_id, row.after, deadline).state is RowState.WAITING:
        raise NotYet


def _set_up(import_: Import, row: ImportRow, deadline: Deadline) -> RowState:
    settled: list[RowState] = []

    def settle_too(writing: Transaction) -> None:
        settle(writing, import_.import_id, row.number, RowState.APPLIED)
        settled.append(RowState.APPLIED)

    profile = from_stored(row.profile or {})
    try:
        set_up(
            row.office_id, profile, import_.author, deadline, only=import_.given, also=settle_too
        )
    except InvalidRequest as refusal:
        problems = as_columns(refusal.problems)
        settle_alone(import_.import_id, row.number, RowState.FAILED, problems, deadline)
        return RowState.FAILED
    if not settled:  # nothing was to be written
        settle_alone(import_.import_id, row.number, RowState.UNCHANGED, (), deadline)
        return RowState.UNCHANGED
    return RowState.APPLIED
