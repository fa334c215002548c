"""Changing quotas: the counters move with what admins decide, never against what is taken."""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.audit import AuditEntry
from antrean.domain.quotas import Closure, QuotaChange
from antrean.domain.slots import Slot, SlotState
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.slot import (
    SlotItem,
    fixed_as_read,
    kept_back_as_stored,
    opening_as_read,
)
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


class QuotaRefused(Exception):
    """Some slots changed since they were read, or have more taken than their new quota."""


def unchanged(before: Slot) -> Condition:
    """Return the condition that what an admin read of a slot and may change is still so."""
    stored = kept_back_as_stored(before.kept_back)
    same_kept = SlotItem.held == stored if stored else SlotItem.held.does_not_exist()
    same: Condition = (
        (SlotItem.quota == before.quota) & same_kept & (SlotItem.state == before.state)
    )
    same &= fixed_as_read(before)
    same &= opening_as_read(before)
    return same


def _opening(before: Slot, closure: Closure | None) -> list[Action]:
    """Return what becomes of the slot's opening: the calendar's, until an admin decides on it."""
    if closure is None:
        return [SlotItem.opening_fixed.set(before.opening_fixed)]
    state = SlotState.CLOSED if closure.closed else SlotState.OPEN
    reason = closure.reason if closure.closed else None
    return [
        SlotItem.opening_fixed.set(True),
        SlotItem.state.set(state),
        SlotItem.reason.set(reason) if reason else SlotItem.reason.remove(),
    ]


def change_quotas(
    changes: Sequence[QuotaChange], entry: AuditEntry, deadline: Deadline, *, force: bool
) -> None:
    """Set quotas, reserves and closures of some slots, all or none, with the audit record.

    `remaining` moves by as much as the quota does, whatever is being sold meanwhile. A quota
    below what is taken is refused unless `force`; then `remaining` falls below zero: nobody
    loses a place and nothing more is sold. Raises `QuotaRefused`, `Unavailable`.
    """
    writing = Transaction()
    for change in changes:
        more, kept_back = change.split()
        stored = kept_back_as_stored(kept_back)
        actions: list[Action] = [
            SlotItem.quota.set(change.quota),
            SlotItem.remaining.set(SlotItem.remaining + more),
            SlotItem.held.set(stored) if stored else SlotItem.held.remove(),
            SlotItem.fixed.set(True),
            *_opening(change.before, change.closure),
        ]
        condition = unchanged(change.before)
        if more < 0 and not force:
            condition &= SlotItem.remaining >= -more
        writing.update(
            str(change.before.ref), SlotItem.keyed(change.before.ref), actions, condition
        )
    put_on_record(writing, entry)
    try:
        writing.commit(deadline)
    except Refused as refused:
        raise QuotaRefused from refused
