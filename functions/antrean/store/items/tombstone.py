"""Tombstones of bookings whose data was deleted. Partition `BOOKING#{code}`, sort key `GONE`.

Who still has the booking's token is told that the data is deleted, for a year; nothing here says
whose it was.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item, table
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.retention import is_gone
from antrean.store.retrying import call

GONE = "GONE"

KEPT = timedelta(days=365)
"""How long after the deletion somebody is told of it."""


class TombstoneItem(Item):
    """By what the holder of a deleted booking is known, and the booking's date."""

    token_digest = UnicodeAttribute()
    day = UnicodeAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, booking: BookingItem) -> "TombstoneItem":
        """Return the tombstone of a booking. Made twice, it is the same."""
        return cls(
            pk=booking.pk,
            sk=GONE,
            token_digest=booking.token_digest,
            day=booking.day,
            expires_at=int(booking.expires_at or 0) + int(KEPT.total_seconds()),
        )


@dataclass(frozen=True, slots=True)
class Deleted:
    """A booking that was deleted: its date, and the digest of its token."""

    day: date
    token_digest: str


def leave_tombstone(booking: BookingItem, deadline: Deadline) -> None:
    """Write the tombstone of a booking that DynamoDB removed. Raises `Unavailable`."""
    call(TombstoneItem.of(booking).save, deadline)


def get_deleted(code: str, deadline: Deadline) -> Deleted | None:
    """Return what is left of a booking whose retention time is over, or None.

    The booking itself tells it until DynamoDB removes it; then its tombstone does.
    """
    pk = BookingItem.keyed(code).pk
    raws = call(lambda: table().query(pk, consistent_read=True), deadline)["Items"]
    for raw in raws:
        sort_key, until = raw["sk"]["S"], float(raw.get("expires_at", {"N": "0"})["N"])
        if sort_key == (BOOKING if is_gone(until) else GONE):
            return Deleted(date.fromisoformat(raw["day"]["S"]), raw["token_digest"]["S"])
    return None
