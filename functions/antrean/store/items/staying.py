"""Staying items: the bookings that a move found and did not put on another date.

Partition `MOVES#{office_id}`, sort key `{scope of the move}#{code}`: one Query beside the move.
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.moves import MoveProgress, Staying, Why
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.items.move import partition
from antrean.store.retention import expires_at
from antrean.store.retrying import call
from antrean.store.transaction import Transaction


class StayingItem(Item):
    """Why one booking stays; it is deleted with the day's bookings."""

    why = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, move: MoveProgress, code: str) -> "StayingItem":
        """Return an item with the keys of a booking alone."""
        return cls(pk=partition(move.office_id), sk=f"{move.scope}#{code}")


def note_staying(move: MoveProgress, staying: Staying, deadline: Deadline) -> None:
    """Note why a booking stays, in the place of what was noted before. Raises `Unavailable`."""
    item = StayingItem.keyed(move, staying.code)
    item.why, item.expires_at = staying.why, expires_at(move.day)
    call(item.save, deadline)


def forget_staying(writing: Transaction, move: MoveProgress, code: str) -> None:
    """Make it part of the transaction that moves a booking that it stays no longer."""
    writing.delete("staying", StayingItem.keyed(move, code))


def who_stays(move: MoveProgress, deadline: Deadline) -> list[Staying]:
    """Return the bookings that a move found and did not move; strongly consistent."""
    of_move = StayingItem.sk.startswith(f"{move.scope}#")
    items = call(
        lambda: list(
            StayingItem.query(
                partition(move.office_id), range_key_condition=of_move, consistent_read=True
            )
        ),
        deadline,
    )
    return [Staying(item.sk.rpartition("#")[2], Why(item.why)) for item in items]
