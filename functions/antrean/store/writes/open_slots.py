"""Write the slots of a day that is opened."""

from collections.abc import Iterable, Sequence
from itertools import batched

from antrean.domain.slots import Slot
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import SlotItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction

TOGETHER = 100
"""Writes of one transaction at most."""


def open_slots(slots: Iterable[Slot], deadline: Deadline) -> int:
    """Write the slots that do not exist yet and return how many there were.

    What exists stays as it is: opening a day twice never undoes an admin's change.
    """
    return sum(_open_together(batch, deadline) for batch in batched(slots, TOGETHER, strict=False))


def _open_together(slots: Sequence[Slot], deadline: Deadline) -> int:
    """Write new slots in one call instead of one each; one by one when some were opened meanwhile.

    Twice the write units of single writes, a tenth of their time. Each slot is written once in
    its life.
    """
    writing = Transaction()
    for slot in slots:
        item = SlotItem.of(slot)
        writing.put(item.sk, item, SlotItem.pk.does_not_exist())
    try:
        writing.commit(deadline)
    except Refused:
        return sum(_open_together([slot], deadline) for slot in slots) if len(slots) > 1 else 0
    return len(slots)
