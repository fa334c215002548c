"""The guards of the code, each switched off: what the negative controls run with.

A race that finds nothing wrong proves something only if it finds what goes wrong without the
guard. Each of these takes one guard away where the code has it, in the playing processes alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.booking import find_place
from antrean.days import change_days
from antrean.domain.audit import AuditEntry
from antrean.domain.quotas import QuotaChange
from antrean.domain.slots import Claim, SlotRef
from antrean.runtime.deadline import Deadline
from antrean.store import retrying
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.slot import SlotItem
from antrean.store.retrying import call
from antrean.store.transaction import Transaction
from antrean.store.writes.claim import claim
from tests.support.stored import slot_now


def claims_read_then_write(patch: pytest.MonkeyPatch) -> None:
    """A claim looks whether there is room, and then takes it without a condition."""

    def unguarded(ref: SlotRef, count: int, now: int, deadline: Deadline) -> Claim | None:
        if slot_now(ref).remaining < count:
            return None
        item = SlotItem.keyed(ref)
        actions: list[Action] = [
            SlotItem.remaining.set(SlotItem.remaining - count),
            SlotItem.next_number.set(SlotItem.next_number + count),
            SlotItem.last_claim_at.set(now),
        ]
        call(lambda: item.update(actions=actions), deadline)
        after = int(item.next_number)
        return Claim(ref, item.end, range(after - count, after))

    patch.setattr(find_place, "claim", unguarded)


def claims_ask_for_one(patch: pytest.MonkeyPatch) -> None:
    """A claim for a family asks for room for one, and takes the others' places after it."""

    def unguarded(ref: SlotRef, count: int, now: int, deadline: Deadline) -> Claim | None:
        first = claim(ref, 1, now, deadline)
        if first is None or count == 1:
            return first
        item = SlotItem.keyed(ref)
        actions: list[Action] = [
            SlotItem.remaining.set(SlotItem.remaining - (count - 1)),
            SlotItem.next_number.set(SlotItem.next_number + (count - 1)),
        ]
        call(lambda: item.update(actions=actions), deadline)
        after = int(item.next_number)
        numbers = [first.numbers[0], *range(after - (count - 1), after)]
        return Claim(ref, first.end, numbers)  # type: ignore[arg-type]

    patch.setattr(find_place, "claim", unguarded)


@dataclass(frozen=True, slots=True)
class Unconditional:
    """Transactions write the parts whose names begin so without their conditions."""

    prefixes: tuple[str, ...]

    def __call__(self, patch: pytest.MonkeyPatch) -> None:
        put, update, delete = Transaction.put, Transaction.update, Transaction.delete

        def kept(name: str, condition: Condition | None) -> Condition | None:
            return None if name.startswith(self.prefixes) else condition

        def unguarded_put(
            self: Transaction, name: str, item: Any, condition: Condition | None = None
        ) -> None:
            put(self, name, item, kept(name, condition))

        def unguarded_update(
            self: Transaction,
            name: str,
            item: Any,
            actions: Sequence[Action],
            condition: Condition | None = None,
        ) -> None:
            update(self, name, item, actions, kept(name, condition))

        def unguarded_delete(
            self: Transaction, name: str, item: Any, condition: Condition | None = None
        ) -> None:
            delete(self, name, item, kept(name, condition))

        patch.setattr(Transaction, "put", unguarded_put)
        patch.setattr(Transaction, "update", unguarded_update)
        patch.setattr(Transaction, "delete", unguarded_delete)


def unconditional(*prefixes: str) -> Unconditional:
    """Return the guard that takes away the conditions of these parts."""
    return Unconditional(prefixes)


def quotas_as_read(patch: pytest.MonkeyPatch) -> None:
    """A change of quota writes what remains as the admin saw it, whatever was sold meanwhile."""

    def unguarded(
        changes: Sequence[QuotaChange], change: AuditEntry, deadline: Deadline, *, force: bool
    ) -> None:
        writing = Transaction()
        for wanted in changes:
            actions: list[Action] = [
                SlotItem.quota.set(wanted.quota),
                SlotItem.remaining.set(wanted.quota - wanted.before.taken),
            ]
            writing.update(str(wanted.before.ref), SlotItem.keyed(wanted.before.ref), actions)
        put_on_record(writing, change)
        writing.commit(deadline)

    patch.setattr(change_days, "change_quotas", unguarded)


def conflicts_not_retried(patch: pytest.MonkeyPatch) -> None:
    """A refusal for a conflict with another request counts as a refusal."""
    patch.setattr(retrying, "BUSY", frozenset[str]())
