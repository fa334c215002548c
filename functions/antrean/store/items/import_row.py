"""Items of an import's rows.

Partition `IMPORT#{import_id}`, sort key `ROW#{number:05d}`.
"""

from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.errors import NotFound
from antrean.domain.imports import Import, ImportRow, RowProblem, RowState
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.items.office_import import partition, report_expires_at
from antrean.store.retrying import Refused, call


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
        return cls(pk=partition(import_id), sk=_sort_key(number))

    @classmethod
    def of(cls, import_: Import, row: ImportRow) -> "RowItem":
        """Return the item of `row`."""
        item = cls.keyed(import_.import_id, row.number)
        item.office_id, item.state = row.office_id, row.state
        item.problems = problems_as_stored(row.problems)
        item.profile, item.after = row.profile, row.after
        item.expires_at = report_expires_at(import_.created_at)
        return item

    def row(self) -> ImportRow:
        """Return the row that this item holds."""
        return ImportRow(
            number=int(self.sk.partition("#")[2]),
            office_id=self.office_id,
            state=RowState(self.state),
            problems=tuple(RowProblem(column, detail) for column, detail in self.problems or ()),
            profile=self.profile,
            after=int(self.after) if self.after else None,
        )


def add_row(import_: Import, row: ImportRow, deadline: Deadline) -> None:
    """Write a row unless it is there: what became of it stays."""
    item = RowItem.of(import_, row)
    try:
        call(lambda: item.save(RowItem.pk.does_not_exist()), deadline)
    except Refused:
        return


def get_row(import_id: str, number: int, deadline: Deadline) -> ImportRow:
    """Return a row as it is now. Raises `NotFound`."""
    key = RowItem.keyed(import_id, number)
    try:
        item = call(lambda: RowItem.get(key.pk, key.sk, consistent_read=True), deadline)
    except RowItem.DoesNotExist:
        raise NotFound("There is no such row.") from None
    return item.row()


def rows_of(
    import_id: str,
    deadline: Deadline,
    *,
    above: int = 0,
    most: int | None = None,
    state: RowState | None = None,
) -> list[ImportRow]:
    """Return the rows of an import above a number, in order, as they are now."""
    found = call(
        lambda: list(
            RowItem.query(
                partition(import_id),
                range_key_condition=RowItem.sk.between(_sort_key(above + 1), "ROW#~"),
                filter_condition=None if state is None else RowItem.state == state,
                consistent_read=True,
                limit=most,
                page_size=None if state is None else 1_000,
            )
        ),
        deadline,
    )
    return [item.row() for item in found]


def _sort_key(number: int) -> str:
    return f"ROW#{number:05d}"


def problems_as_stored(problems: Sequence[RowProblem]) -> list[list[str | None]] | None:
    """Return problems as lists; None for none, so that the attribute is left out."""
    return [[problem.column, problem.detail] for problem in problems] or None
