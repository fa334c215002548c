"""Put a returned place on offer again, once."""

from antrean.runtime.deadline import Deadline
from antrean.store.items.returned_place import RETURNS, Return, ReturnItem
from antrean.store.items.slot import SlotItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def offer_again(place: Return, deadline: Deadline) -> bool:
    """Put a returned place back on offer; False when somebody else did it. `Unavailable`."""
    writing = Transaction()
    item = ReturnItem(pk=RETURNS, sk=place.sort_key)
    writing.delete("return", item, ReturnItem.pk.exists())
    add = [SlotItem.remaining.set(SlotItem.remaining + 1)]
    writing.update("slot", SlotItem.keyed(place.ref), add, SlotItem.pk.exists())
    try:
        writing.commit(deadline)
    except Refused as refused:
        if "slot" in refused.names:
            raise
        return False
    return True
