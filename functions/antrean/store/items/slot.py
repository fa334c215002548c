"""Slot items: the quota counters.

Partition `SLOTS#{office_id}`, sort key `{date}#{lane}#{start}`: a month of one office is one
Query, and every claim on a slot is one conditional update of one item.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item, table
from antrean.store.retrying import call


def partition(office_id: str) -> str:
    """Return the partition key of an office's slots."""
    return f"SLOTS#{office_id}"


def sort_key(day: date, lane: str, start: str) -> str:
    """Return the sort key of a slot."""
    return f"{day.isoformat()}#{lane}#{start}"


class SlotItem(Item):
    """One quota counter.

    `settled_to`: every number below it has a ticket (live or returned). `swept_to` and
    `swept_at`: what `next_number` was when the sweeper last looked, and when.
    """

    end = UnicodeAttribute()
    quota = NumberAttribute()
    remaining = NumberAttribute()
    next_number = NumberAttribute()
    state = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    release_at = NumberAttribute()
    held = JsonAttribute(null=True)
    fixed = BooleanAttribute(null=True)
    opening_fixed = BooleanAttribute(null=True)
    last_claim_at = NumberAttribute(null=True)
    settled_to = NumberAttribute(null=True)
    swept_to = NumberAttribute(null=True)
    swept_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, ref: SlotRef) -> "SlotItem":
        """Return an item with the keys of `ref` alone."""
        return cls(pk=partition(ref.office_id), sk=sort_key(ref.day, ref.lane, ref.start))

    @classmethod
    def of(cls, slot: Slot) -> "SlotItem":
        """Return the item of a new slot."""
        item = cls.keyed(slot.ref)
        item.end = slot.end
        item.quota, item.remaining, item.next_number = slot.quota, slot.remaining, slot.next_number
        item.state, item.reason, item.release_at = slot.state, slot.reason, slot.release_at
        item.held, item.fixed = kept_back_as_stored(slot.kept_back), slot.fixed or None
        item.opening_fixed = slot.opening_fixed if slot.fixed else None
        return item

    def slot(self) -> Slot:
        """Return the slot that this item holds."""
        day, lane, start = self.sk.split("#")
        office_id = self.pk.partition("#")[2]
        slot = Slot(
            ref=SlotRef(office_id, date.fromisoformat(day), Lane(lane), start),
            end=self.end,
            quota=int(self.quota),
            remaining=int(self.remaining),
            next_number=int(self.next_number),
            state=SlotState(self.state),
            reason=self.reason,
            release_at=int(self.release_at),
            kept_back=tuple(
                KeptBack(at, n, KeptFor(kept_for)) for at, n, kept_for in self.held or ()
            ),
            fixed=bool(self.fixed),
            settled_to=int(self.settled_to or 1),
            swept_to=int(self.swept_to or 1),
            swept_at=int(self.swept_at or 0),
        )
        return replace(slot, opening_fixed=_opening_fixed(self.opening_fixed, slot))


def reads_as_opening_fixed(slot: Slot) -> bool:
    """Return how a slot like `slot` reads whose item has no `opening_fixed`.

    Such a one was written when `fixed` meant both. Closed it may have been by an admin alone, since
    the calendar closes with a flag: it stays closed. Open it may be for a mere change of a quota.
    """
    return slot.fixed and slot.state is SlotState.CLOSED


def _opening_fixed(stored: bool | None, slot: Slot) -> bool:
    return reads_as_opening_fixed(slot) if stored is None else stored


def opening_as_read(slot: Slot) -> Condition:
    """Return the condition that whose decision a slot's opening is, is as it was read.

    Exact beside the conditions that its state and `fixed` are as they were read.
    """
    same: Condition = SlotItem.opening_fixed == slot.opening_fixed
    if slot.opening_fixed is reads_as_opening_fixed(slot):
        same |= SlotItem.opening_fixed.does_not_exist()
    return same


def fixed_as_read(slot: Slot) -> Condition:
    """Return the condition that whether an admin decided about a slot is as it was read."""
    fixed: Condition = SlotItem.fixed == True  # noqa: E712 - a condition, not a comparison
    return fixed if slot.fixed else SlotItem.fixed.does_not_exist()


def slot_from(raw: Mapping[str, Any]) -> Slot:
    """Return the slot of an item as DynamoDB sends it: what `SlotItem.slot` says, sooner.

    A month has a hundred and more of them; PynamoDB's models would take a third of the time that
    showing it takes.
    """
    day, lane, start = raw["sk"]["S"].split("#")
    held = _text(raw, "held")
    slot = Slot(
        ref=SlotRef(raw["pk"]["S"].partition("#")[2], date.fromisoformat(day), Lane(lane), start),
        end=raw["end"]["S"],
        quota=int(raw["quota"]["N"]),
        remaining=int(raw["remaining"]["N"]),
        next_number=int(raw["next_number"]["N"]),
        state=SlotState(raw["state"]["S"]),
        reason=_text(raw, "reason"),
        release_at=int(raw["release_at"]["N"]),
        kept_back=tuple(KeptBack(at, n, KeptFor(kept_for)) for at, n, kept_for in json.loads(held))
        if held
        else (),
        fixed="fixed" in raw and bool(raw["fixed"].get("BOOL")),
        settled_to=_number(raw, "settled_to") or 1,
        swept_to=_number(raw, "swept_to") or 1,
        swept_at=_number(raw, "swept_at"),
    )
    decided = raw.get("opening_fixed", {}).get("BOOL")
    return replace(slot, opening_fixed=_opening_fixed(decided, slot))


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    return value.get("S") if value else None


def _number(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return int(value.get("N", 0)) if value else 0


def kept_back_as_stored(kept_back: Iterable[KeptBack]) -> list[list[object]] | None:
    """Return kept-back places as lists; None for none, so that the attribute is left out."""
    return [list(part) for part in kept_back] or None


def get_slot(ref: SlotRef, deadline: Deadline, *, consistent: bool = True) -> Slot | None:
    """Return a slot as it is now, or None when there is none. Raises `Unavailable`."""
    key = SlotItem.keyed(ref)
    try:
        item = call(lambda: SlotItem.get(key.pk, key.sk, consistent_read=consistent), deadline)
    except SlotItem.DoesNotExist:
        return None
    return item.slot()


def slots_between(
    office_id: str,
    first: date,
    last: date,
    deadline: Deadline,
    *,
    lane: Lane | None = None,
    consistent: bool = False,
) -> list[Slot]:
    """Return an office's slots from `first` to `last` (local dates, both inside), in order.

    With `lane` those of the one lane; the Query reads all, for the date comes first in the key.
    """
    items = call(lambda: list(_items_between(office_id, first, last, consistent)), deadline)
    wanted = f"#{lane}#" if lane else "#"
    return [slot_from(raw) for raw in items if wanted in raw["sk"]["S"]]


def _items_between(
    office_id: str, first: date, last: date, consistent: bool
) -> Iterator[Mapping[str, Any]]:
    between = SlotItem.sk.between(first.isoformat(), (last + timedelta(days=1)).isoformat())
    following = None
    while True:
        page = table().query(
            partition(office_id),
            range_key_condition=between,
            consistent_read=consistent,
            exclusive_start_key=following,
        )
        yield from page["Items"]
        following = page.get("LastEvaluatedKey")
        if not following:
            return
