"""Changing quotas: the counters move with what admins decide, never against what is taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.slots import Held, Slot
from antrean.store.audit import Change, put_on_record
from antrean.store.calls import Budget, Refused, Transaction
from antrean.store.slots import SlotItem, held_as_stored


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A slot as the admin saw it, and its quota to be."""

    seen: Slot
    quota: int

    def split(self) -> tuple[int, tuple[Held, ...]]:
        """Return by how much `remaining` grows, and the places held then.

        A raise goes to `remaining`. A lowering takes what remains first, then held places, the
        last to be released before the others; only then does `remaining` fall below zero.
        """
        lack = max(0, self.seen.quota - self.quota - max(0, self.seen.remaining))
        held = list(self.seen.held)
        kept: list[Held] = []
        while held:
            last = held.pop()
            taken = min(lack, last.places)
            lack -= taken
            if last.places > taken:
                kept.insert(0, last._replace(places=last.places - taken))
        from_held = self.seen.held_places - sum(one.places for one in kept)
        return self.quota - self.seen.quota + from_held, tuple(kept)


class QuotaRefused(Exception):
    """Some slots changed since they were read, or have more taken than their new quota."""


def unchanged(seen: Slot) -> Condition:
    """Return the condition that a slot's quota and held places are what an admin saw."""
    held = held_as_stored(seen.held)
    same_held = SlotItem.held == held if held else SlotItem.held.does_not_exist()
    same: Condition = (SlotItem.quota == seen.quota) & same_held
    return same


def change_quotas(
    changes: Sequence[QuotaChange], change: Change, budget: Budget, *, force: bool
) -> None:
    """Set the quotas of some slots, all or none, with the change's audit record.

    `remaining` moves by as much as the quota does, whatever is being sold meanwhile. A quota
    below what is taken is refused unless `force`; then `remaining` falls below zero: nobody
    loses a place and nothing more is sold. Raises `QuotaRefused`, `Unavailable`.
    """
    writing = Transaction()
    for wanted in changes:
        more, held = wanted.split()
        stored = held_as_stored(held)
        actions: list[Action] = [
            SlotItem.quota.set(wanted.quota),
            SlotItem.remaining.set(SlotItem.remaining + more),
            SlotItem.held.set(stored) if stored else SlotItem.held.remove(),
            SlotItem.fixed.set(True),
        ]
        condition = unchanged(wanted.seen)
        if more < 0 and not force:
            condition &= SlotItem.remaining >= -more
        writing.update(str(wanted.seen.ref), SlotItem.keyed(wanted.seen.ref), actions, condition)
    put_on_record(writing, change)
    try:
        writing.commit(budget)
    except Refused as refused:
        raise QuotaRefused from refused
