"""Bulk upload: offices are set up from a file, checked row by row and applied through a queue.

In 2017 everybody uploaded to the centre at once and the centre broke. Here an upload goes to S3,
its rows wait in a queue, and a bounded number of functions applies them (`imports/apply.py`).
Every step may be done twice, or be cut off at any point and done again. The first content of a
file is kept, a row is put only if absent, and a row is settled in the transaction that writes its
office.
"""

import hashlib
import uuid

from antrean.domain.audit import Author
from antrean.domain.imports import Import, ImportState, RowState
from antrean.imports.files import UPLOAD_SECONDS
from antrean.imports.queue import enqueue_rows
from antrean.imports.rows import File, Unreadable, check, read
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.import_row import add_row, rows_of
from antrean.store.items.office import all_offices
from antrean.store.items.office_import import (
    add_import,
    begin_applying,
    begin_check,
    get_import,
    refuse_import,
)


def begin_import(author: Author, deadline: Deadline, *, dry_run: bool) -> Import:
    """Make an import that waits for its file; a dry run only checks it. Raises `Unavailable`."""
    now = clock.epoch()
    import_ = Import(str(uuid.uuid4()), dry_run, author, now, now + UPLOAD_SECONDS)
    add_import(import_, deadline)
    return import_


def start_import(import_id: str, data: bytes, deadline: Deadline) -> Import:
    """Check an import's file and have its good rows applied; return the import as it is then.

    A second run of the same file goes on where the first ended. Raises `NotFound` when there is
    no such import, `OtherContent` when it has another file already, `Unavailable`, `NotEnqueued`.
    """
    try:
        file = read(data)
    except Unreadable as unreadable:
        refuse_import(import_id, unreadable.detail, deadline)
        return get_import(import_id, deadline)
    begin_check(import_id, hashlib.sha256(data).hexdigest(), file.given, deadline)
    import_ = get_import(import_id, deadline)
    if import_.state is ImportState.CHECKING:
        _check(import_, file, deadline)
        import_ = get_import(import_id, deadline)
    enqueue_rows(import_id, rows_of(import_id, deadline, state=RowState.WAITING))
    return import_


def _check(import_: Import, file: File, deadline: Deadline) -> None:
    """Put every row that is not stored yet, then count them all as they are.

    Nobody settles a row before they are counted, since rows go to the queue after that. Two runs
    put the same rows: of each row the first stays.
    """
    offices = {office.office_id: office for office in all_offices(deadline, consistent=True)}
    stored = {row.number for row in rows_of(import_.import_id, deadline)}
    for row in check(file, offices, dry_run=import_.dry_run):
        if row.number not in stored:
            add_row(import_, row, deadline)
    begin_applying(import_.import_id, rows_of(import_.import_id, deadline), deadline)
