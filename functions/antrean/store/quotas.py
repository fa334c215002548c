"""Changing quotas: the counters move with what admins decide, never against what is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.slots import Held, HeldFor, Slot, SlotState
from antrean.store.audit import Change, put_on_record
from antrean.store.calls import Budget, Refused, Transaction
from antrean.store.slots import SlotItem, held_as_stored


@dataclass(frozen=True, slots=True)
class Reserve:
    """Places kept for walk-ins until an instant (seconds, UTC); then they go to the public."""

    places: int
    until: int


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether a slot is closed, and the public reason."""

    closed: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A slot as the admin saw it, and what it is to be; None leaves a thing as it is."""

    seen: Slot
    quota: int
    reserve: Reserve | None = None
    closure: Closure | None = None

    def split(self) -> tuple[int, tuple[Held, ...]]:
        """Return by how much `remaining` grows, and the places held then.

        A raise goes to `remaining`. A lowering, and a reserve, take what remains first, then
        places that wait for their release, the last to be released before the others; only then
        does `remaining` fall below zero.
        """
        kept = [held for held in self.seen.held if not self._replaces(held)]
        if self.reserve and self.reserve.places:
            walk_in = Held(self.reserve.until, self.reserve.places, HeldFor.WALK_IN)
            kept = sorted([*kept, walk_in])
        more = self._growth(kept)
        lack = max(0, -more - max(0, self.seen.remaining))
        for index in reversed(range(len(kept))):
            if kept[index].kept_for is HeldFor.RELEASE:
                taken = min(lack, kept[index].places)
                kept[index] = kept[index]._replace(places=kept[index].places - taken)
                lack -= taken
        held = tuple(one for one in kept if one.places)
        return self._growth(held), held

    def _replaces(self, held: Held) -> bool:
        return self.reserve is not None and held.kept_for is HeldFor.WALK_IN

    def _growth(self, held: Iterable[Held]) -> int:
        now_held = sum(one.places for one in held)
        return self.quota - self.seen.quota - now_held + self.seen.held_places


class QuotaRefused(Exception):
    """Some slots changed since they were read, or have more taken than their new quota."""


def unchanged(seen: Slot) -> Condition:
    """Return the condition that what an admin saw of a slot and may change is still so."""
    held = held_as_stored(seen.held)
    same_held = SlotItem.held == held if held else SlotItem.held.does_not_exist()
    same: Condition = (SlotItem.quota == seen.quota) & same_held & (SlotItem.state == seen.state)
    return same


def _closure(closure: Closure | None) -> list[Action]:
    if closure is None:
        return []
    state = SlotState.CLOSED if closure.closed else SlotState.OPEN
    reason = closure.reason if closure.closed else None
    return [
        SlotItem.state.set(state),
        SlotItem.reason.set(reason) if reason else SlotItem.reason.remove(),
    ]


def change_quotas(
    changes: Sequence[QuotaChange], change: Change, budget: Budget, *, force: bool
) -> None:
    """Set quotas, reserves and closures of some slots, all or none, with the audit record.

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
            *_closure(wanted.closure),
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
