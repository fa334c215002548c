"""Bulk upload: offices set up from a file, checked row by row and applied through a queue.

In 2017 everybody uploaded to the centre at once and the centre broke. Here an upload goes to S3,
its rows wait in a queue, and a bounded number of functions applies them. Every step may be done
twice, or be cut off at any point and done again: the first content of a file is kept, a row is
put only if absent, and a row is settled in the transaction that writes its office.
"""

import hashlib
import uuid

from antrean import clock
from antrean.domain.errors import ChangedMeanwhile, InvalidRequest, Unavailable
from antrean.offices.import_files import UPLOAD_SECONDS
from antrean.offices.import_queue import ask_to_apply
from antrean.offices.import_rows import File, Unreadable, as_columns, check, from_stored, read
from antrean.offices.setup import set_up
from antrean.store.audit import Author
from antrean.store.calls import Budget, Transaction
from antrean.store.imports import (
    Import,
    ImportState,
    Row,
    RowState,
    add_import,
    add_row,
    begin_applying,
    begin_check,
    get_import,
    get_row,
    refuse_import,
    rows_of,
    settle,
    settle_alone,
)
from antrean.store.offices import all_offices

ATTEMPTS = 5
"""How often a row begins anew because somebody else changed its office at the same moment."""


class NotYet(Exception):
    """The row of the office's parent is not settled; this one comes again."""


def begin(author: Author, budget: Budget, *, dry_run: bool) -> Import:
    """Make an import that waits for its file. Raises `Unavailable`."""
    now = clock.epoch()
    import_ = Import(str(uuid.uuid4()), dry_run, author, now, now + UPLOAD_SECONDS)
    add_import(import_, budget)
    return import_


def start(import_id: str, data: bytes, budget: Budget) -> Import:
    """Check an import's file and have its good rows applied; return how far it is.

    A second run of the same file goes on where the first ended. Raises `NotFound` when there is
    no such import, `OtherContent` when it has another file, `Unavailable`, and what the queue
    raises.
    """
    try:
        file = read(data)
    except Unreadable as fault:
        refuse_import(import_id, fault.detail, budget)
        return get_import(import_id, budget)
    begin_check(import_id, hashlib.sha256(data).hexdigest(), file.given, budget)
    import_ = get_import(import_id, budget)
    if import_.state is ImportState.CHECKING:
        _check(import_, file, budget)
        import_ = get_import(import_id, budget)
    ask_to_apply(import_id, rows_of(import_id, budget, state=RowState.WAITING))
    return import_


def _check(import_: Import, file: File, budget: Budget) -> None:
    """Put every row that is not there, then count them all as they are.

    Nobody settles a row before they are counted, since rows are asked for after that. Two runs
    put the same rows: of each the first stays.
    """
    offices = {office.office_id: office for office in all_offices(budget, consistent=True)}
    there = {row.number for row in rows_of(import_.import_id, budget)}
    for row in check(file, offices, dry_run=import_.dry_run):
        if row.number not in there:
            add_row(import_, row, budget)
    begin_applying(import_.import_id, rows_of(import_.import_id, budget), budget)


def apply_row(import_: Import, number: int, budget: Budget) -> RowState:
    """Set up the office of one row, and settle the row; return what became of it.

    A row that is settled already stays. Raises `NotYet`, `NotFound`, `Unavailable`; then it comes
    again.
    """
    for _ in range(ATTEMPTS):
        row = get_row(import_.import_id, number, budget)
        if row.state is not RowState.WAITING:
            return row.state
        _wait_for_parent(import_, row, budget)
        try:
            return _set_up(import_, row, budget)
        except ChangedMeanwhile:
            continue  # the office, or this very row by a message that came twice
    raise Unavailable("The office is changed by others all the time.")


def _wait_for_parent(import_: Import, row: Row, budget: Budget) -> None:
    if row.after is None:
        return
    if get_row(import_.import_id, row.after, budget).state is RowState.WAITING:
        raise NotYet


def _set_up(import_: Import, row: Row, budget: Budget) -> RowState:
    settled: list[RowState] = []

    def also(writing: Transaction) -> None:
        settle(writing, import_.import_id, row.number, RowState.APPLIED)
        settled.append(RowState.APPLIED)

    profile = from_stored(row.profile or {})
    try:
        set_up(row.office_id, profile, import_.author, budget, only=import_.given, also=also)
    except InvalidRequest as refusal:
        wrong = as_columns(refusal.problems)
        settle_alone(import_.import_id, row.number, RowState.FAILED, wrong, budget)
        return RowState.FAILED
    if not settled:  # nothing was to be written
        settle_alone(import_.import_id, row.number, RowState.UNCHANGED, (), budget)
        return RowState.UNCHANGED
    return RowState.APPLIED
