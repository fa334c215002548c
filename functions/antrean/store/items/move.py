"""Move items: a day (or a lane or window of it) whose people are put on the next dates.

Partition `MOVES#{office_id}`, sort key `{date}#{lane or all}#{start or all}`: one for each scope,
so that asking twice goes on with the same move.
"""

from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.errors import NotFound
from antrean.domain.moves import ALL, MoveProgress
from antrean.domain.slots import Lane, SlotRef
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.items.slot import sort_key
from antrean.store.retrying import call
from antrean.store.transaction import Transaction


def partition(office_id: str) -> str:
    """Return the partition key of an office's moves."""
    return f"MOVES#{office_id}"


class MoveItem(Item):
    """How far a move is. `floor` is the sort key of the slot that the last booking went to.

    A move of before they were kept has no `left`, `asked_by`, `through_at` and `again_at`.
    """

    reason = UnicodeAttribute()
    state = UnicodeAttribute()
    moved = NumberAttribute()
    without_place = NumberAttribute()
    started_at = NumberAttribute()
    floor = UnicodeAttribute()
    left = NumberAttribute(null=True)
    asked_by = UnicodeAttribute(null=True)
    through_at = NumberAttribute(null=True)
    again_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, office_id: str, scope: str) -> "MoveItem":
        """Return an item with the keys of a move alone."""
        return cls(pk=partition(office_id), sk=scope)

    def progress(self) -> "MoveProgress":
        """Return how far the move is."""
        day, lane, start = self.sk.split("#")
        return MoveProgress(
            office_id=self.pk.partition("#")[2],
            day=date.fromisoformat(day),
            lane=None if lane == ALL else Lane(lane),
            start=None if start == ALL else start,
            reason=self.reason,
            state=self.state,
            moved=int(self.moved),
            without_place=int(self.without_place),
            started_at=int(self.started_at),
            floor=self.floor,
            left=int(self.left or 0),
            asked_by=self.asked_by or "",
            through_at=int(self.through_at or 0) or None,
            again_at=int(self.again_at or 0),
        )


def get_move(office_id: str, scope: str, deadline: Deadline) -> MoveProgress:
    """Return how far a move is. Raises `NotFound`."""
    key = MoveItem.keyed(office_id, scope)
    try:
        item = call(lambda: MoveItem.get(key.pk, key.sk, consistent_read=True), deadline)
    except MoveItem.DoesNotExist:
        raise NotFound("Nobody of this day was moved.") from None
    return item.progress()


def count_moved(writing: Transaction, move: MoveProgress, to: SlotRef) -> None:
    """Make the progress part of the transaction that moves one booking, so that it is exact."""
    actions = [
        MoveItem.moved.set(MoveItem.moved + 1),
        MoveItem.floor.set(sort_key(to.day, to.lane, to.start)),
    ]
    item = MoveItem.keyed(move.office_id, move.scope)
    writing.update("move", item, actions, MoveItem.pk.exists())


def note_next_run(move: MoveProgress, at: int, deadline: Deadline) -> None:
    """Note when (seconds, UTC) the run is due that goes on with who waits. Raises `Unavailable`."""
    item = MoveItem.keyed(move.office_id, move.scope)
    call(lambda: item.update(actions=[MoveItem.again_at.set(at)]), deadline)
