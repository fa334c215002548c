"""Import items: a file of offices that an admin uploads, and what became of each of its rows.

Partition `IMPORT#{import_id}`; sort key `IMPORT` for the import itself, `ROW#{number:05d}` for a
row. An import counts its rows by state in the transaction that settles a row, so the counts hold
however often a message is delivered.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from antrean.domain.errors import NotFound
from antrean.store.attributes import JsonAttribute
from antrean.store.audit import Author
from antrean.store.calls import Budget, Refused, Transaction, call
from antrean.store.table import Item

IMPORT: Final = "IMPORT"
KEPT = timedelta(days=90)
"""How long an import's report is kept. What it changed stays on the record."""


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
class Problem:
    """What is wrong with a row, and in which column (None: with the row as a whole)."""

    column: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file; `number` as a spreadsheet counts, the header being row 1.

    `profile` is what the row says of the office, `after` the row of the office's parent, which
    is applied before it.
    """

    number: int
    office_id: str
    state: RowState
    problems: tuple[Problem, ...] = ()
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
        return cls(pk=_partition(import_id), sk=IMPORT)

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


_COUNTERS = {
    RowState.WAITING: ImportItem.waiting,
    RowState.APPLIED: ImportItem.applied,
    RowState.UNCHANGED: ImportItem.unchanged,
    RowState.WOULD_APPLY: ImportItem.would_apply,
    RowState.INVALID: ImportItem.invalid,
    RowState.FAILED: ImportItem.failed,
}


class RowItem(Item):
    """One row of an import."""

    office_id = UnicodeAttribute()
    state = UnicodeAttribute()
    problems = JsonAttribute(null=True)
    profile = JsonAttribute(null=True)
    after = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, import_id: str, number: int) -> "RowItem":
        """Return an item with the keys of a row alone."""
        return cls(pk=_partition(import_id), sk=_sort_key(number))

    @classmethod
    def of(cls, import_: Import, row: Row) -> "RowItem":
        """Return the item of `row`."""
        item = cls.keyed(import_.import_id, row.number)
        item.office_id, item.state = row.office_id, row.state
        item.problems = _as_stored(row.problems)
        item.profile, item.after = row.profile, row.after
        item.expires_at = _expires_at(import_.created_at)
        return item

    def row(self) -> Row:
        """Return the row that this item holds."""
        return Row(
            number=int(self.sk.partition("#")[2]),
            office_id=self.office_id,
            state=RowState(self.state),
            problems=tuple(Problem(column, detail) for column, detail in self.problems or ()),
            profile=self.profile,
            after=int(self.after) if self.after else None,
        )


def add_import(import_: Import, budget: Budget) -> None:
    """Write an import that waits for its file."""
    item = ImportItem.keyed(import_.import_id)
    item.state, item.dry_run = import_.state, import_.dry_run
    item.user, item.request_id = import_.author.user, import_.author.request_id
    item.created_at, item.upload_until = import_.created_at, import_.upload_until
    item.expires_at = _expires_at(import_.created_at)
    call(item.save, budget)


def get_import(import_id: str, budget: Budget) -> Import:
    """Return an import as it is now. Raises `NotFound`."""
    try:
        item = call(
            lambda: ImportItem.get(_partition(import_id), IMPORT, consistent_read=True), budget
        )
    except ImportItem.DoesNotExist:
        raise NotFound("There is no such import.") from None
    return item.found()


def begin_check(import_id: str, sha256: str, given: Collection[str], budget: Budget) -> None:
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
        call(lambda: item.update(actions=actions, condition=waiting), budget)
    except Refused:
        found = get_import(import_id, budget)
        if found.sha256 != sha256:  # None for one that was refused
            raise OtherContent from None


def refuse_import(import_id: str, refusal: str, budget: Budget) -> None:
    """Say why the file is no table of offices. An import that has a file already stays."""
    item = ImportItem.keyed(import_id)
    actions: list[Action] = [
        ImportItem.state.set(ImportState.REFUSED),
        ImportItem.refusal.set(refusal),
    ]
    waiting = ImportItem.state == ImportState.WAITING
    try:
        call(lambda: item.update(actions=actions, condition=waiting), budget)
    except Refused:
        return


def add_row(import_: Import, row: Row, budget: Budget) -> None:
    """Write a row unless it is there: what became of it stays."""
    item = RowItem.of(import_, row)
    try:
        call(lambda: item.save(RowItem.pk.does_not_exist()), budget)
    except Refused:
        return


def begin_applying(import_id: str, rows: Sequence[Row], budget: Budget) -> None:
    """Begin to count, from all rows as they are before any of them is settled; once."""
    item = ImportItem.keyed(import_id)
    counted = Counter(row.state for row in rows)
    actions: list[Action] = [ImportItem.state.set(ImportState.APPLYING)]
    actions += [counter.set(counted[state]) for state, counter in _COUNTERS.items()]
    checking = ImportItem.state == ImportState.CHECKING
    try:
        call(lambda: item.update(actions=actions, condition=checking), budget)
    except Refused:
        return  # another run of the same file was quicker


def get_row(import_id: str, number: int, budget: Budget) -> Row:
    """Return a row as it is now. Raises `NotFound`."""
    key = RowItem.keyed(import_id, number)
    try:
        item = call(lambda: RowItem.get(key.pk, key.sk, consistent_read=True), budget)
    except RowItem.DoesNotExist:
        raise NotFound("There is no such row.") from None
    return item.row()


def rows_of(
    import_id: str,
    budget: Budget,
    *,
    above: int = 0,
    most: int | None = None,
    state: RowState | None = None,
) -> list[Row]:
    """Return the rows of an import above a number, in order, as they are now."""
    found = call(
        lambda: list(
            RowItem.query(
                _partition(import_id),
                range_key_condition=RowItem.sk.between(_sort_key(above + 1), "ROW#~"),
                filter_condition=None if state is None else RowItem.state == state,
                consistent_read=True,
                limit=most,
                page_size=None if state is None else 1_000,
            )
        ),
        budget,
    )
    return [item.row() for item in found]


def settle(
    writing: Transaction,
    import_id: str,
    number: int,
    state: RowState,
    problems: Sequence[Problem] = (),
) -> None:
    """Make it part of a transaction that a waiting row is settled, and counted as such.

    The transaction is refused when the row is settled already.
    """
    actions: list[Action] = [RowItem.state.set(state)]
    if problems:
        actions.append(RowItem.problems.set(_as_stored(problems)))
    row = RowItem.keyed(import_id, number)
    writing.update("row", row, actions, RowItem.state == RowState.WAITING)
    counter, waiting = _COUNTERS[state], ImportItem.waiting
    counting: list[Action] = [counter.set(counter + 1), waiting.set(waiting - 1)]
    item = ImportItem.keyed(import_id)
    writing.update("import", item, counting, ImportItem.pk.exists())


def settle_alone(
    import_id: str,
    number: int,
    state: RowState,
    problems: Sequence[Problem],
    budget: Budget,
) -> None:
    """Settle a row that writes no office; one that is settled already stays."""
    writing = Transaction()
    settle(writing, import_id, number, state, problems)
    try:
        writing.commit(budget)
    except Refused:
        return


def _partition(import_id: str) -> str:
    return f"IMPORT#{import_id}"


def _sort_key(number: int) -> str:
    return f"ROW#{number:05d}"


def _expires_at(created_at: int) -> int:
    return created_at + int(KEPT.total_seconds())


def _as_stored(problems: Sequence[Problem]) -> list[list[str | None]] | None:
    return [[problem.column, problem.detail] for problem in problems] or None
