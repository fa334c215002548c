"""Move items: a day (or a lane or window of it) whose people are put on the next dates.

Partition `MOVES#{office_id}`, sort key `{date}#{lane or all}#{start or all}`: one for each scope,
so that asking twice goes on with the same move.
"""

from dataclasses import dataclass
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from antrean.domain.errors import NotFound
from antrean.domain.slots import Lane, SlotRef
from antrean.store.audit import Change, put_on_record
from antrean.store.calls import Budget, Refused, Transaction, call
from antrean.store.slots import sort_key
from antrean.store.table import Item

ALL = "all"
RUNNING, DONE = "running", "done"


class MoveItem(Item):
    """How far a move is. `floor` is the sort key of the slot that the last booking went to."""

    reason = UnicodeAttribute()
    state = UnicodeAttribute()
    moved = NumberAttribute()
    without_place = NumberAttribute()
    started_at = NumberAttribute()
    floor = UnicodeAttribute()

    @classmethod
    def keyed(cls, office_id: str, scope: str) -> "MoveItem":
        """Return an item with the keys of a move alone."""
        return cls(pk=f"MOVES#{office_id}", sk=scope)

    def progress(self) -> "Progress":
        """Return how far the move is."""
        day, lane, start = self.sk.split("#")
        return Progress(
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
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """A move and how far it is; `started_at` in seconds (UTC)."""

    office_id: str
    day: date
    lane: Lane | None
    start: str | None
    reason: str
    state: str = RUNNING
    moved: int = 0
    without_place: int = 0
    started_at: int = 0
    floor: str = ""

    @property
    def scope(self) -> str:
        """The sort key: what is being moved."""
        return f"{self.day.isoformat()}#{self.lane or ALL}#{self.start or ALL}"


def start_move(progress: Progress, change: Change, budget: Budget) -> Progress:
    """Begin a move, on the record; one of the same scope goes on from where it is."""
    item = MoveItem.keyed(progress.office_id, progress.scope)
    item.reason, item.state, item.floor = progress.reason, RUNNING, progress.floor
    item.moved, item.without_place, item.started_at = 0, 0, progress.started_at
    writing = Transaction()
    writing.put("move", item, MoveItem.pk.does_not_exist())
    put_on_record(writing, change)
    try:
        writing.commit(budget)
    except Refused:
        again = MoveItem.keyed(progress.office_id, progress.scope)
        actions = [MoveItem.state.set(RUNNING), MoveItem.reason.set(progress.reason)]
        writing = Transaction()
        writing.update("move", again, actions, MoveItem.pk.exists())
        put_on_record(writing, change)
        writing.commit(budget)
    return get_move(progress.office_id, progress.scope, budget)


def get_move(office_id: str, scope: str, budget: Budget) -> Progress:
    """Return how far a move is. Raises `NotFound`."""
    key = MoveItem.keyed(office_id, scope)
    try:
        item = call(lambda: MoveItem.get(key.pk, key.sk, consistent_read=True), budget)
    except MoveItem.DoesNotExist:
        raise NotFound("Nobody of this day was moved.") from None
    return item.progress()


def count_moved(writing: Transaction, move: Progress, to: SlotRef) -> None:
    """Make the progress part of the transaction that moves one booking, so that it is exact."""
    actions = [
        MoveItem.moved.set(MoveItem.moved + 1),
        MoveItem.floor.set(sort_key(to.day, to.lane, to.start)),
    ]
    item = MoveItem.keyed(move.office_id, move.scope)
    writing.update("move", item, actions, MoveItem.pk.exists())


def end_move(move: Progress, without_place: int, budget: Budget) -> None:
    """Say that a move went through the whole day, and how many bookings found no place."""
    item = MoveItem.keyed(move.office_id, move.scope)
    actions: list[Action] = [MoveItem.state.set(DONE), MoveItem.without_place.set(without_place)]
    call(lambda: item.update(actions=actions), budget)
