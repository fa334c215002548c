"""Import items: a file of offices that an admin uploads, and what became of each of its rows.

Partition `IMPORT#{import_id}`; sort key `IMPORT` for the import itself, `ROW#{number:05d}` for a
row. An import counts its rows by state in the transaction that settles a row, so the counts hold
however often a message is delivered.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from antrean.domain.audit import Author
from antrean.domain.errors import NotFound
from antrean.domain.imports import Import, ImportRow, ImportState, OtherContent, RowState
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.retrying import Refused, call

IMPORT: Final = "IMPORT"

KEPT = timedelta(days=90)
"""How long an import's report is kept. What it changed stays on the record."""


class ImportItem(Item):
    """One import."""

    state = UnicodeAttribute()
    dry_run = BooleanAttribute()
    user = UnicodeAttribute()
    request_id = UnicodeAttribute()
    created_at = NumberAttribute()
    upload_until = NumberAttribute()
    expires_at = NumberAttribute()
    sha256 = UnicodeAttribute(null=True)
    given = JsonAttribute(null=True)
    refusal = UnicodeAttribute(null=True)
    waiting = NumberAttribute(null=True)
    applied = NumberAttribute(null=True)
    unchanged = NumberAttribute(null=True)
    would_apply = NumberAttribute(null=True)
    invalid = NumberAttribute(null=True)
    failed = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, import_id: str) -> "ImportItem":
        """Return an item with the keys of an import alone."""
        return cls(pk=partition(import_id), sk=IMPORT)

    def found(self) -> Import:
        """Return the import that this item holds."""
        counts = {state: int(getattr(self, state) or 0) for state in RowState}
        state = ImportState(self.state)
        if state is ImportState.APPLYING and not counts[RowState.WAITING]:
            state = ImportState.DONE
        return Import(
            import_id=self.pk.partition("#")[2],
            dry_run=self.dry_run,
            author=Author(self.user, self.request_id),
            created_at=int(self.created_at),
            upload_until=int(self.upload_until),
            state=state,
            sha256=self.sha256,
            given=frozenset(self.given or ()),
            refusal=self.refusal,
            counts=counts,
        )


COUNTERS = {
    RowState.WAITING: ImportItem.waiting,
    RowState.APPLIED: ImportItem.applied,
    RowState.UNCHANGED: ImportItem.unchanged,
    RowState.WOULD_APPLY: ImportItem.would_apply,
    RowState.INVALID: ImportItem.invalid,
    RowState.FAILED: ImportItem.failed,
}


def add_import(import_: Import, deadline: Deadline) -> None:
    """Write an import that waits for its file."""
    item = ImportItem.keyed(import_.import_id)
    item.state, item.dry_run = import_.state, import_.dry_run
    item.user, item.request_id = import_.author.user, import_.author.request_id
    item.created_at, item.upload_until = import_.created_at, import_.upload_until
    item.expires_at = report_expires_at(import_.created_at)
    call(item.save, deadline)


def get_import(import_id: str, deadline: Deadline) -> Import:
    """Return an import as it is now. Raises `NotFound`."""
    try:
        item = call(
            lambda: ImportItem.get(partition(import_id), IMPORT, consistent_read=True), deadline
        )
    except ImportItem.DoesNotExist:
        raise NotFound("There is no such import.") from None
    return item.found()


def begin_check(import_id: str, sha256: str, given: Collection[str], deadline: Deadline) -> None:
    """Bind an import to the content of its file; the first content there is stays.

    Raises `OtherContent`, `Unavailable`.
    """
    item = ImportItem.keyed(import_id)
    actions: list[Action] = [
        ImportItem.state.set(ImportState.CHECKING),
        ImportItem.sha256.set(sha256),
        ImportItem.given.set(sorted(given)),
    ]
    waiting = ImportItem.state == ImportState.WAITING
    try:
        call(lambda: item.update(actions=actions, condition=waiting), deadline)
    except Refused:
        found = get_import(import_id, deadline)
        if found.sha256 != sha256:  # None for one that was refused
            raise OtherContent from None


def refuse_import(import_id: str, refusal: str, deadline: Deadline) -> None:
    """Say why the file is no table of offices. An import that has a file already stays."""
    item = ImportItem.keyed(import_id)
    actions: list[Action] = [
        ImportItem.state.set(ImportState.REFUSED),
        ImportItem.refusal.set(refusal),
    ]
    waiting = ImportItem.state == ImportState.WAITING
    try:
        call(lambda: item.update(actions=actions, condition=waiting), deadline)
    except Refused:
        return


def begin_applying(import_id: str, rows: Sequence[ImportRow], deadline: Deadline) -> None:
    """Begin to count, from all rows as they are before any of them is settled; once."""
    item = ImportItem.keyed(import_id)
    counted = Counter(row.state for row in rows)
    actions: list[Action] = [ImportItem.state.set(ImportState.APPLYING)]
    actions += [counter.set(counted[state]) for state, counter in COUNTERS.items()]
    checking = ImportItem.state == ImportState.CHECKING
    try:
        call(lambda: item.update(actions=actions, condition=checking), deadline)
    except Refused:
        return  # another run of the same file was quicker


def partition(import_id: str) -> str:
    """Return the partition key of an import and its rows."""
    return f"IMPORT#{import_id}"


def report_expires_at(created_at: int) -> int:
    """Return when the report of an import is deleted; both in seconds (UTC)."""
    return created_at + int(KEPT.total_seconds())
