"""Audit items: who changed what, from what, to what. Written once, never changed.

Partition `AUDIT#{office_id}`, sort key `{utc time}#{id}`. No function's policy allows an update
or a delete of them.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.domain.audit import AuditEntry, Record
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
    """One change on the record."""

    who = UnicodeAttribute()
    what = UnicodeAttribute()
    before = JsonAttribute(null=True)
    after = JsonAttribute(null=True)
    request_id = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, change: AuditEntry) -> "AuditItem":
        """Return a new item of `change`, made now."""
        return cls(
            pk=f"AUDIT#{change.office_id}",
            sk=f"{_stamp(clock.now())}#{uuid.uuid4().hex[:12]}",
            who=change.who,
            what=change.what,
            before=change.before,
            after=change.after,
            request_id=change.request_id or None,
        )

    def record(self) -> Record:
        """Return the record that this item holds."""
        change = AuditEntry(
            office_id=self.pk.partition("#")[2],
            who=self.who,
            what=self.what,
            before=self.before,
            after=self.after,
            request_id=self.request_id or "",
        )
        return Record(change, datetime.fromisoformat(self.sk.partition("#")[0]), self.sk)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def put_on_record(writing: Transaction, change: AuditEntry) -> None:
    """Make `change` part of a transaction, so that there is no change without its record."""
    item = AuditItem.of(change)
    writing.put(f"audit {item.sk}", item, AuditItem.pk.does_not_exist())


def record(change: AuditEntry, deadline: Deadline) -> None:
    """Put on record what no write of ours goes with, such as a download."""
    item = AuditItem.of(change)
    call(lambda: item.save(AuditItem.pk.does_not_exist()), deadline)


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Which records: of which offices; and where it is not None, by whom (a user's id), with
    which words in `what`, from when on, and before when (aware).
    """

    office_ids: Sequence[str]
    who: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def filter(self) -> Condition | None:
        """Return what DynamoDB is to compare; None when it is nothing."""
        conditions: list[Condition] = []
        if self.who is not None:
            conditions.append(AuditItem.who == self.who)
        if self.what is not None:
            conditions.append(AuditItem.what.contains(self.what))
        return reduce(and_, conditions) if conditions else None


class Page(NamedTuple):
    """Some records, newest first; the rest is older than `following` (None: there is none)."""

    records: list[Record]
    following: str | None


def search(sought: AuditSearch, before: str | None, deadline: Deadline) -> Page:
    """Return up to `PAGE` records, newest first, older than the cursor `before`.

    A page may be shorter, even empty, when few of many records fit; `following` then says where
    the search goes on. Costs at least one Query for each office. Raises `Unavailable`.
    """
    found: list[Record] = []
    reads = 0
    while True:
        some, floor = _read(sought, before, deadline)
        found += some
        reads += len(sought.office_ids)
        if len(found) > PAGE:
            return Page(found[:PAGE], found[PAGE - 1].cursor)
        if floor is None or len(found) == PAGE or reads >= MOST_READS:
            return Page(found, floor)
        before = floor


def _read(
    sought: AuditSearch, before: str | None, deadline: Deadline
) -> tuple[list[Record], str | None]:
    """Query every office once; return what was found, and down to where all of it is known."""
    low = _stamp(sought.since) if sought.since else "0"
    high = min(before or "~", _stamp(sought.until) if sought.until else "~")
    if low > high:
        return [], None
    condition = sought.filter()
    one_filtered = condition is not None and len(sought.office_ids) == 1
    items: list[AuditItem] = []
    floors: list[str] = []
    for office_id in sought.office_ids:
        answer = call(
            lambda: table().query(
                f"AUDIT#{office_id}",  # noqa: B023
                range_key_condition=AuditItem.sk.between(low, high),
                filter_condition=condition,
                limit=LOOKED_AT if one_filtered else PAGE + 1,
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


def records(office_id: str, before: str | None, deadline: Deadline) -> list[Record]:
    """Return up to `PAGE` records of an office, newest first, older than the cursor `before`."""
    return search(AuditSearch((office_id,)), before, deadline).records
