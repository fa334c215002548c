"""Slot items: the quota counters.

Partition `SLOTS#{office_id}`, sort key `{date}#{lane}#{start}`: a month of one office is one
Query, and every claim on a slot is one conditional update of one item.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import batched
from typing import NamedTuple

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.update import Action

from antrean.domain.errors import NotFound
from antrean.domain.labels import HIGHEST
from antrean.domain.slots import Held, HeldFor, Lane, Slot, SlotRef, SlotState
from antrean.store.attributes import JsonAttribute
from antrean.store.calls import Budget, Refused, Transaction, call
from antrean.store.table import Item

TOGETHER = 100
"""Writes of one transaction at the most."""


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
        item.held, item.fixed = held_as_stored(slot.held), slot.fixed or None
        return item

    def slot(self) -> Slot:
        """Return the slot that this item holds."""
        day, lane, start = self.sk.split("#")
        office_id = self.pk.partition("#")[2]
        return Slot(
            ref=SlotRef(office_id, date.fromisoformat(day), Lane(lane), start),
            end=self.end,
            quota=int(self.quota),
            remaining=int(self.remaining),
            next_number=int(self.next_number),
            state=SlotState(self.state),
            reason=self.reason,
            release_at=int(self.release_at),
            held=tuple(Held(at, n, HeldFor(kept_for)) for at, n, kept_for in self.held or ()),
            fixed=bool(self.fixed),
            settled_to=int(self.settled_to or 1),
            swept_to=int(self.swept_to or 1),
            swept_at=int(self.swept_at or 0),
        )


def held_as_stored(held: Iterable[Held]) -> list[list[object]] | None:
    """Return held places as lists; None for none, so that the attribute is left out."""
    return [list(one) for one in held] or None


class Claim(NamedTuple):
    """Numbers taken from a slot for a party, not filed yet."""

    ref: SlotRef
    end: str
    numbers: range


def claim(ref: SlotRef, places: int, now: int, budget: Budget) -> Claim | None:
    """Take `places` consecutive numbers of a slot; None when it cannot give them now.

    One conditional update, no transaction: claims on one slot never abort each other. An answer
    that gets lost may leave numbers that nobody files; the sweeper gives those back. A slot whose
    places came back so often that its numbers are used up gives no more.
    `now` is seconds since 1970 (UTC). Raises `Unavailable`.
    """
    item = SlotItem.keyed(ref)
    condition = (
        (SlotItem.remaining >= places)
        & (SlotItem.state == SlotState.OPEN)
        & (SlotItem.release_at <= now)
        & (SlotItem.next_number <= HIGHEST + 1 - places)
    )
    actions: list[Action] = [
        SlotItem.remaining.set(SlotItem.remaining - places),
        SlotItem.next_number.set(SlotItem.next_number + places),
        SlotItem.last_claim_at.set(now),
    ]
    try:
        call(lambda: item.update(actions=actions, condition=condition), budget)
    except Refused:
        return None
    after = int(item.next_number)
    return Claim(ref, item.end, range(after - places, after))


def claim_held(slot: Slot, held: Held, now: int, budget: Budget) -> Claim | None:
    """Take one of a slot's held places and its number; None when they are not as they were read.

    Else as `claim`; a number that nobody files comes back to what remains, not to the held ones.
    """
    left = list(slot.held)
    left[left.index(held)] = held._replace(places=held.places - 1)
    stored = held_as_stored(other for other in left if other.places)
    item = SlotItem.keyed(slot.ref)
    condition = (
        (SlotItem.held == held_as_stored(slot.held))
        & (SlotItem.state == SlotState.OPEN)
        & (SlotItem.next_number <= HIGHEST)
    )
    actions: list[Action] = [
        SlotItem.held.set(stored) if stored else SlotItem.held.remove(),
        SlotItem.next_number.set(SlotItem.next_number + 1),
        SlotItem.last_claim_at.set(now),
    ]
    try:
        call(lambda: item.update(actions=actions, condition=condition), budget)
    except Refused:
        return None
    after = int(item.next_number)
    return Claim(slot.ref, item.end, range(after - 1, after))


def release_due(slot: Slot, now: int, budget: Budget) -> bool:
    """Put those held places on offer whose instant has come; False if there was nothing to do.

    Whoever meets them first does it: a claim, or the sweeper. Each comes free once, for the
    update wants the held places just as they were read. Raises `Unavailable`.
    """
    due = slot.due(now)
    if not due:
        return False
    left = held_as_stored(held for held in slot.held if held not in due)
    places = sum(held.places for held in due)
    actions: list[Action] = [
        SlotItem.remaining.set(SlotItem.remaining + places),
        SlotItem.held.set(left) if left else SlotItem.held.remove(),
    ]
    item = SlotItem.keyed(slot.ref)
    unchanged = SlotItem.held == held_as_stored(slot.held)
    try:
        call(lambda: item.update(actions=actions, condition=unchanged), budget)
    except Refused:
        return False
    return True


def slots_between(
    office_id: str, first: date, last: date, budget: Budget, *, consistent: bool = False
) -> list[Slot]:
    """Return an office's slots from `first` to `last` (local dates, both inside), in order."""
    between = SlotItem.sk.between(first.isoformat(), (last + timedelta(days=1)).isoformat())
    items = call(
        lambda: list(
            SlotItem.query(
                partition(office_id), range_key_condition=between, consistent_read=consistent
            )
        ),
        budget,
    )
    return [item.slot() for item in items]


def get_slot(ref: SlotRef, budget: Budget) -> Slot:
    """Return a slot as it is now. Raises `NotFound`."""
    key = SlotItem.keyed(ref)
    try:
        return call(lambda: SlotItem.get(key.pk, key.sk, consistent_read=True), budget).slot()
    except DoesNotExist:
        raise NotFound("The office has no such window on that date.") from None


def open_slots(slots: Iterable[Slot], budget: Budget) -> int:
    """Write the slots that do not exist yet and return how many there were.

    What exists stays as it is: opening a day twice never undoes an admin's change.
    """
    return sum(_open_together(batch, budget) for batch in batched(slots, TOGETHER, strict=False))


def _open_together(slots: Sequence[Slot], budget: Budget) -> int:
    """Write new slots in one call instead of one each; one by one when some were opened meanwhile.

    Twice the write units of single writes, a tenth of their time. Each slot is written once in
    its life.
    """
    writing = Transaction()
    for slot in slots:
        item = SlotItem.of(slot)
        writing.put(item.sk, item, SlotItem.pk.does_not_exist())
    try:
        writing.commit(budget)
    except Refused:
        return sum(_open_together([slot], budget) for slot in slots) if len(slots) > 1 else 0
    return len(slots)
