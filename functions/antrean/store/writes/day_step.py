"""A step of the day: everything that changes when somebody comes, is called, or goes. One write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.audit import AuditEntry
from antrean.domain.day import Counter, LaneState, Waiting
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.counter import put_counter
from antrean.store.items.lane_state import put_lane
from antrean.store.items.person import Binding, bind_again, free
from antrean.store.items.ticket import TicketItem
from antrean.store.items.waiting import delete_waiting, put_waiting
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


class Overtaken(Exception):
    """Another step changed something that this one was decided on: read again and decide again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step changes.

    `tickets` are pairs: as read, and as they are to be. `frees` are persons who may book again,
    since their ticket is finished; `binds` those whose finished ticket is live again. `begins` and
    `ends` are who begins and who ceases to wait. The versions of `counter` and `lanes` are those
    that were read.
    """

    office_id: str
    day: date
    tickets: Sequence[tuple[Ticket, Ticket]] = ()
    frees: Sequence[Binding] = ()
    binds: Sequence[Binding] = ()
    begins: Sequence[Waiting] = ()
    ends: Sequence[Waiting] = ()
    counter: Counter | None = None
    lanes: Sequence[LaneState] = ()
    record: AuditEntry | None = None


def until_taken[T](decide: Callable[[], T], deadline: Deadline) -> T:
    """Return what `decide` returns: it reads, decides on a step and takes it; overtaken, again.

    Raises `Unavailable` when the time is over, and what `decide` raises.
    """
    attempt = 0
    while True:
        try:
            return decide()
        except Overtaken:
            deadline.wait(attempt)
            attempt += 1


def take(step: Step, deadline: Deadline) -> None:
    """Write a step, all or nothing.

    A ticket must be in the state in which it was read: so a number is called once. A person must
    still be the booking's: so nobody who booked again is freed or bound again. A counter must
    be of the version read: so it has one number. A lane too: so its figures are exact.
    Raises `Overtaken` with nothing written, `Unavailable` when it is not known.
    """
    writing = Transaction()
    for before, after in step.tickets:
        change_ticket(writing, before, after)
    for binding in step.frees:
        free(writing, binding)
    for binding in step.binds:
        bind_again(writing, binding)
    for waiting in step.begins:
        put_waiting(writing, step.office_id, step.day, waiting)
    for waiting in step.ends:
        delete_waiting(writing, step.office_id, step.day, waiting)
    if step.counter:
        put_counter(writing, step.office_id, step.day, step.counter)
    for lane in step.lanes:
        put_lane(writing, step.office_id, step.day, lane)
    if step.record:
        put_on_record(writing, step.record)
    try:
        writing.commit(deadline)
    except Refused as refused:
        raise Overtaken from refused


def change_ticket(writing: Transaction, before: Ticket, after: Ticket) -> None:
    """Make what the day does with a ticket part of a transaction."""
    changes: list[tuple[Attribute[Any], int | str | None, int | str | None]] = [
        (TicketItem.checked_in_at, before.checked_in_at, after.checked_in_at),
        (TicketItem.turn, before.turn, after.turn),
        (TicketItem.called_at, before.called_at, after.called_at),
        (TicketItem.counter, before.counter, after.counter),
        (TicketItem.finished_at, before.finished_at, after.finished_at),
    ]
    actions: list[Action] = [TicketItem.status.set(after.status)]
    for attribute, old, new in changes:
        if new != old:
            actions.append(attribute.remove() if new in (None, "") else attribute.set(new))
    item = TicketItem.keyed(before.ref, before.number)
    writing.update(f"ticket {before.label}", item, actions, as_read(before.status, before.turn))


def as_read(status: TicketStatus, turn: str) -> Condition:
    """Return the condition that a ticket is in a state; who waits, at the same point of the order.

    Somebody let in late waits a second time: at another point.
    """
    same: Condition = TicketItem.status == status
    if status is TicketStatus.CHECKED_IN:
        same &= TicketItem.turn == turn
    return same
