"""Changing quotas: the counters move with what admins decide, never against what is taken."""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.audit import AuditEntry
from antrean.domain.quotas import Closure, QuotaChange
from antrean.domain.slots import Slot, SlotState
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.slot import SlotItem, kept_back_as_stored
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


class QuotaRefused(Exception):
    """Some slots changed since they were read, or have more taken than their new quota."""


def unchanged(seen: Slot) -> Condition:
    """Return the condition that what an admin saw of a slot and may change is still so."""
    held = kept_back_as_stored(seen.kept_back)
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
    changes: Sequence[QuotaChange], change: AuditEntry, deadline: Deadline, *, force: bool
) -> None:
    """Set quotas, reserves and closures of some slots, all or none, with the audit record.

    `remaining` moves by as much as the quota does, whatever is being sold meanwhile. A quota
    below what is taken is refused unless `force`; then `remaining` falls below zero: nobody
    loses a place and nothing more is sold. Raises `QuotaRefused`, `Unavailable`.
    """
    writing = Transaction()
    for wanted in changes:
        more, held = wanted.split()
        stored = kept_back_as_stored(held)
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
        writing.commit(deadline)
    except Refused as refused:
        raise QuotaRefused from refused
