"""Addresses that are not written to any more. Partition `SUPPRESSED#{hash}`, sort key `ADDRESS`.

The address itself is not kept: only its keyed hash (`antrean.domain.codes.address_hash`).
"""

from datetime import timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retrying import call

ADDRESS = "ADDRESS"

KEPT = timedelta(days=365)
"""For how long: a mailbox may be there again, or somebody else's, after that."""


class SuppressedItem(Item):
    """Why and since when (seconds, UTC) an address is not written to."""

    reason = UnicodeAttribute()
    since = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def keyed(cls, address: str) -> "SuppressedItem":
        """Return an item with the keys of an address's hash alone."""
        return cls(pk=f"SUPPRESSED#{address}", sk=ADDRESS)


def suppress(address: str, reason: str, deadline: Deadline) -> None:
    """Write no more to the address of this hash. Raises `Unavailable`."""
    item, now = SuppressedItem.keyed(address), clock.epoch()
    item.reason, item.since = reason, now
    item.expires_at = now + int(KEPT.total_seconds())
    call(item.save, deadline)


def is_suppressed(address: str, deadline: Deadline) -> bool:
    """Return whether the address of this hash is not to be written to. Raises `Unavailable`."""
    key = SuppressedItem.keyed(address)
    try:
        call(lambda: SuppressedItem.get(key.pk, key.sk, consistent_read=True), deadline)
    except SuppressedItem.DoesNotExist:
        return False
    return True


def lift(address: str, deadline: Deadline) -> None:
    """Write to the address of this hash again. Raises `Unavailable`."""
    call(SuppressedItem.keyed(address).delete, deadline)
