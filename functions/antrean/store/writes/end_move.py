"""End a run through a whole move, on the record."""

from contextlib import suppress

from antrean.domain.audit import AuditEntry
from antrean.domain.moves import DONE, WAITING, MoveProgress
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.move import MoveItem, get_move
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def end_move(
    move: MoveProgress, left: int, waiting: int, began_at: int, deadline: Deadline
) -> MoveProgress:
    """Say that a run went through the whole scope, and what became of the bookings it found.

    `move` is as it was read after that; `left` and `waiting` count bookings; the run began at
    `began_at` (seconds, UTC). On the record unless nothing changed. When another run counts
    meanwhile, the move is left as it is: that run ends it. Raises `Unavailable`.
    """
    state = WAITING if waiting else DONE
    figures = {"state": state, "moved": move.moved, "left": left, "waiting": waiting}
    if (move.state, move.left, move.without_place) == (state, left, waiting):
        return move
    writing = Transaction()
    actions = [
        MoveItem.state.set(state),
        MoveItem.left.set(left),
        MoveItem.without_place.set(waiting),
        MoveItem.through_at.set(began_at),
    ]
    as_read = (MoveItem.state == move.state) & (MoveItem.moved == move.moved)
    writing.update("move", MoveItem.keyed(move.office_id, move.scope), actions, as_read)
    entry = AuditEntry(
        office_id=move.office_id,
        who=move.asked_by,
        what=f"moved {move.scope}",
        before=None,
        after=figures,
    )
    put_on_record(writing, entry)
    with suppress(Refused):  # counted by another run meanwhile, or asked for again
        writing.commit(deadline)
    return get_move(move.office_id, move.scope, deadline)
