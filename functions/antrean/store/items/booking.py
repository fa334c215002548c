"""Booking items. Partition `BOOKING#{code}`, sort key `BOOKING`."""

from datetime import date
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking, BookingStatus, Contact, Move
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.retention import expires_at, is_gone
from antrean.store.retrying import call

BOOKING = "BOOKING"


class BookingItem(Item):
    """One booking: where it stands, its numbers, the contact, and how its request hashed."""

    office_id = UnicodeAttribute()
    day = UnicodeAttribute()
    lane = UnicodeAttribute()
    start = UnicodeAttribute()
    end = UnicodeAttribute()
    numbers = JsonAttribute()
    names = JsonAttribute()
    people = JsonAttribute()
    requested_date = UnicodeAttribute()
    requested_start = UnicodeAttribute(null=True)
    phone = UnicodeAttribute()
    email = UnicodeAttribute(null=True)
    token_digest = UnicodeAttribute()
    request_hash = UnicodeAttribute()
    created_at = NumberAttribute()
    changed_at = NumberAttribute()
    status = UnicodeAttribute()
    move = JsonAttribute(null=True)
    version = NumberAttribute()
    rescheduled = NumberAttribute()
    excused = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, code: str) -> "BookingItem":
        """Return an item with the keys of a code alone."""
        return cls(pk=f"BOOKING#{code}", sk=BOOKING)

    @classmethod
    def of(cls, booking: Booking) -> "BookingItem":
        """Return the item of `booking`, to be deleted after the retention time."""
        item = cls.keyed(booking.code)
        item.office_id, item.day = booking.ref.office_id, booking.ref.day.isoformat()
        item.lane, item.start, item.end = booking.ref.lane, booking.ref.start, booking.end
        item.numbers, item.names = list(booking.numbers), list(booking.names)
        item.people = list(booking.people)
        item.requested_date = booking.requested_date.isoformat()
        item.requested_start = booking.requested_start
        item.phone, item.email = booking.contact.phone, booking.contact.email
        item.token_digest, item.request_hash = booking.token_digest, booking.request_hash
        item.created_at, item.changed_at = booking.created_at, booking.changed_at
        item.status, item.move = booking.status, _move_as_stored(booking.move)
        item.version, item.rescheduled = booking.version, booking.rescheduled
        item.excused = booking.excused or None
        item.expires_at = expires_at(booking.ref.day)
        return item

    def booking(self) -> Booking:
        """Return the booking that this item holds."""
        ref = SlotRef(self.office_id, date.fromisoformat(self.day), Lane(self.lane), self.start)
        return Booking(
            code=self.pk.partition("#")[2],
            ref=ref,
            end=self.end,
            numbers=tuple(self.numbers),
            names=tuple(self.names),
            people=tuple(self.people),
            requested_date=date.fromisoformat(self.requested_date),
            requested_start=self.requested_start,
            contact=Contact(self.phone, self.email),
            token_digest=self.token_digest,
            request_hash=self.request_hash,
            created_at=int(self.created_at),
            changed_at=int(self.changed_at),
            status=BookingStatus(self.status),
            move=_move_from(self.move),
            version=int(self.version),
            rescheduled=int(self.rescheduled),
            excused=int(self.excused or 0),
        )


def _move_as_stored(move: Move | None) -> list[Any] | None:
    if move is None:
        return None
    return [move.from_date.isoformat(), move.from_start, move.reason, move.by]


def _move_from(stored: list[Any] | None) -> Move | None:
    return None if stored is None else Move(date.fromisoformat(stored[0]), *stored[1:])


def get_booking(code: str, deadline: Deadline) -> Booking | None:
    """Return the booking as it is now, or None; strongly consistent.

    One whose retention time is over is none, even while DynamoDB has not removed it yet.
    """
    key = BookingItem.keyed(code)
    try:
        item = call(lambda: BookingItem.get(key.pk, key.sk, consistent_read=True), deadline)
    except BookingItem.DoesNotExist:
        return None
    return None if is_gone(item.expires_at) else item.booking()
