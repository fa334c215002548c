"""Audit items: who changed what, from what, to what. Written once, never changed.

Partition `AUDIT#{office_id}`, sort key `{utc time}#{id}`. No function's policy allows an update
or a delete of them.
"""

import uuid
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.domain.audit import AuditEntry, AuditSearch, Record
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item, table
from antrean.store.retrying import call
from antrean.store.transaction import Transaction

PAGE = 50
"""Records in one answer."""

LOOKED_AT = 500
"""Records of an office that one Query compares with a filter."""

MOST_READS = 100
"""Queries after which a page is handed out shorter than it might be, with where it goes on."""


class AuditItem(Item):
    """One entry of the record."""

    who = UnicodeAttribute()
    what = UnicodeAttribute()
    before = JsonAttribute(null=True)
    after = JsonAttribute(null=True)
    request_id = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditItem":
        """Return a new item of `entry`, made now."""
        return cls(
            pk=f"AUDIT#{entry.office_id}",
            sk=f"{_stamp(clock.now())}#{uuid.uuid4().hex[:12]}",
            who=entry.who,
            what=entry.what,
            before=entry.before,
            after=entry.after,
            request_id=entry.request_id or None,
        )

    def record(self) -> Record:
        """Return the record that this item holds."""
        entry = AuditEntry(
            office_id=self.pk.partition("#")[2],
            who=self.who,
            what=self.what,
            before=self.before,
            after=self.after,
            request_id=self.request_id or "",
        )
        return Record(entry, datetime.fromisoformat(self.sk.partition("#")[0]), self.sk)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def put_on_record(writing: Transaction, entry: AuditEntry) -> None:
    """Make `entry` part of a transaction, so that there is no change without its record."""
    item = AuditItem.of(entry)
    writing.put(f"audit {item.sk}", item, AuditItem.pk.does_not_exist())


def record(entry: AuditEntry, deadline: Deadline) -> None:
    """Put on record what no write of ours goes with, such as a download."""
    item = AuditItem.of(entry)
    call(lambda: item.save(AuditItem.pk.does_not_exist()), deadline)


class Page(NamedTuple):
    """Some records, newest first; the rest is older than `following` (None: there is none)."""

    records: list[Record]
    following: str | None


def search(question: AuditSearch, before: str | None, deadline: Deadline) -> Page:
    """Return up to `PAGE` records, newest first, older than the cursor `before`.

    A page may be shorter, even empty, when few of many records fit; `following` then says where
    the search goes on. Costs at least one Query for each office. Raises `Unavailable`.
    """
    found: list[Record] = []
    reads = 0
    while True:
        records, floor = _read(question, before, deadline)
        found += records
        reads += len(question.office_ids)
        if len(found) > PAGE:
            return Page(found[:PAGE], found[PAGE - 1].cursor)
        if floor is None or len(found) == PAGE or reads >= MOST_READS:
            return Page(found, floor)
        before = floor


def _read(
    question: AuditSearch, before: str | None, deadline: Deadline
) -> tuple[list[Record], str | None]:
    """Query every office once; return what was found, and down to where all of it is known."""
    low = _stamp(question.since) if question.since else "0"
    high = min(before or "~", _stamp(question.until) if question.until else "~")
    if low > high:
        return [], None
    condition = _filter(question)
    of_one_office = len(question.office_ids) == 1
    items: list[AuditItem] = []
    floors: list[str] = []
    for office_id in question.office_ids:
        answer = call(
            lambda: table().query(
                f"AUDIT#{office_id}",  # noqa: B023
                range_key_condition=AuditItem.sk.between(low, high),
                filter_condition=condition,
                limit=LOOKED_AT if condition is not None and of_one_office else PAGE + 1,
                scan_index_forward=False,
            ),
            deadline,
        )
        items += [AuditItem.from_raw_data(raw) for raw in answer["Items"]]
        if last := answer.get("LastEvaluatedKey"):
            floors.append(last["sk"]["S"])
    # Below the highest of these, some office may have records that nobody has read yet.
    floor = max(floors, default=None)
    known = [item for item in items if item.sk != before and (floor is None or item.sk >= floor)]
    known.sort(key=lambda item: item.sk, reverse=True)
    return [item.record() for item in known], floor


def _filter(question: AuditSearch) -> Condition | None:
    """Return what DynamoDB is to compare; None when it is nothing."""
    conditions: list[Condition] = []
    if question.who is not None:
        conditions.append(AuditItem.who == question.who)
    if question.what is not None:
        conditions.append(AuditItem.what.contains(question.what))
    return reduce(and_, conditions) if conditions else None
