"""Begin a move, on the record."""

from antrean.domain.audit import AuditEntry
from antrean.domain.moves import RUNNING, MoveProgress
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.move import MoveItem, get_move
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def start_move(progress: MoveProgress, entry: AuditEntry, deadline: Deadline) -> MoveProgress:
    """Begin a move, on the record; one of the same scope goes on from where it is."""
    item = MoveItem.keyed(progress.office_id, progress.scope)
    item.reason, item.state, item.floor = progress.reason, RUNNING, progress.floor
    item.moved, item.without_place, item.started_at = 0, 0, progress.started_at
    item.asked_by = progress.asked_by or None
    writing = Transaction()
    writing.put("move", item, MoveItem.pk.does_not_exist())
    put_on_record(writing, entry)
    try:
        writing.commit(deadline)
    except Refused:
        again = MoveItem.keyed(progress.office_id, progress.scope)
        actions = [
            MoveItem.state.set(RUNNING),
            MoveItem.reason.set(progress.reason),
            MoveItem.asked_by.set(progress.asked_by),
        ]
        writing = Transaction()
        writing.update("move", again, actions, MoveItem.pk.exists())
        put_on_record(writing, entry)
        writing.commit(deadline)
    return get_move(progress.office_id, progress.scope, deadline)
