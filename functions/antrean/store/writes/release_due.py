"""Put on offer those places that were kept back until an instant."""

from pynamodb.expressions.update import Action

from antrean.domain.slots import Slot
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import SlotItem, kept_back_as_stored
from antrean.store.retrying import Refused, call


def release_due(slot: Slot, now: int, deadline: Deadline) -> bool:
    """Put those kept-back places on offer whose instant has come; False if there was nothing to do.

    Whoever meets them first does it: a claim, or the sweeper. Each comes free once, for the
    update requires the kept-back places to be just as they were read. Raises `Unavailable`.
    """
    due = slot.due(now)
    if not due:
        return False
    left = kept_back_as_stored(part for part in slot.kept_back if part not in due)
    places = sum(part.places for part in due)
    actions: list[Action] = [
        SlotItem.remaining.set(SlotItem.remaining + places),
        SlotItem.held.set(left) if left else SlotItem.held.remove(),
    ]
    item = SlotItem.keyed(slot.ref)
    unchanged = SlotItem.held == kept_back_as_stored(slot.kept_back)
    try:
        call(lambda: item.update(actions=actions, condition=unchanged), deadline)
    except Refused:
        return False
    return True
