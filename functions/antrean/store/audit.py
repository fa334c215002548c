"""Audit items: who changed what, from what, to what. Written once, never changed.

Partition `AUDIT#{office_id}`, sort key `{utc time}#{id}`. No function's policy allows an update
or a delete of them.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from antrean import clock
from antrean.store.attributes import JsonAttribute
from antrean.store.calls import Budget, Transaction, call
from antrean.store.table import Item

PAGE = 50
"""Records in one answer."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks for a change: the user's stable id, and the request's id for the record."""

    user: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `who` is a user's stable id, `what` a verb phrase, the rest small facts."""

    office_id: str
    who: str
    what: str
    before: Any
    after: Any
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A change as it stands on the record, with its instant (aware, UTC) and its place in it."""

    change: Change
    at: datetime
    cursor: str


class AuditItem(Item):
    """One change on the record."""

    who = UnicodeAttribute()
    what = UnicodeAttribute()
    before = JsonAttribute(null=True)
    after = JsonAttribute(null=True)
    request_id = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, change: Change) -> "AuditItem":
        """Return a new item of `change`, made now."""
        at = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return cls(
            pk=f"AUDIT#{change.office_id}",
            sk=f"{at}#{uuid.uuid4().hex[:12]}",
            who=change.who,
            what=change.what,
            before=change.before,
            after=change.after,
            request_id=change.request_id or None,
        )

    def record(self) -> Record:
        """Return the record that this item holds."""
        change = Change(
            office_id=self.pk.partition("#")[2],
            who=self.who,
            what=self.what,
            before=self.before,
            after=self.after,
            request_id=self.request_id or "",
        )
        return Record(change, datetime.fromisoformat(self.sk.partition("#")[0]), self.sk)


def put_on_record(writing: Transaction, change: Change) -> None:
    """Make `change` part of a transaction, so that there is no change without its record."""
    item = AuditItem.of(change)
    writing.put(f"audit {item.sk}", item, AuditItem.pk.does_not_exist())


def record(change: Change, budget: Budget) -> None:
    """Put on record what no write of ours goes with, such as a download."""
    item = AuditItem.of(change)
    call(lambda: item.save(AuditItem.pk.does_not_exist()), budget)


def records(office_id: str, before: str | None, budget: Budget) -> list[Record]:
    """Return up to `PAGE` records of an office, newest first, older than the cursor `before`."""
    older = AuditItem.sk < before if before else None
    found = call(
        lambda: list(
            AuditItem.query(
                f"AUDIT#{office_id}",
                range_key_condition=older,
                scan_index_forward=False,
                limit=PAGE,
            )
        ),
        budget,
    )
    return [item.record() for item in found]
