"""Changing quotas: the counters move with what admins decide, never against what is taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from antrean.domain.slots import Slot
from antrean.store.audit import Change, put_on_record
from antrean.store.calls import Budget, Refused, Transaction
from antrean.store.slots import SlotItem


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A slot as the admin saw it, and its quota to be."""

    seen: Slot
    quota: int


class QuotaRefused(Exception):
    """Some slots changed since they were read, or have more taken than their new quota."""


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
        more = wanted.quota - wanted.seen.quota
        condition = SlotItem.quota == wanted.seen.quota
        if more < 0 and not force:
            condition &= SlotItem.remaining >= -more
        writing.update(
            str(wanted.seen.ref),
            SlotItem.keyed(wanted.seen.ref),
            [SlotItem.quota.set(wanted.quota), SlotItem.remaining.set(SlotItem.remaining + more)],
            condition,
        )
    put_on_record(writing, change)
    try:
        writing.commit(budget)
    except Refused as refused:
        raise QuotaRefused from refused
