"""The sweeper's writes: find numbers that were claimed and never filed, and give them back."""

from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.slots import Slot
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import SlotItem
from antrean.store.items.ticket import slot_tickets
from antrean.store.retrying import Refused, call
from antrean.store.writes.give_back import give_back

GRACE = 60
"""Seconds after which a claimed number without a ticket counts as left behind.

Ten times what a request may take. A file that comes later still is refused and claims again, so
this is a matter of effort, not of safety.
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one visit did: places given back, and whether all numbers have tickets now."""

    given_back: int
    settled: bool


def needs_visit(slot: Slot) -> bool:
    """Return whether the slot has numbers that no visit has found a ticket for yet."""
    return slot.next_number > slot.settled_to


def sweep_slot(slot: Slot, deadline: Deadline) -> Swept:
    """Visit a slot: settle the numbers older than the grace time, mark how far numbers go now.

    A number below the mark of a visit at least `GRACE` seconds ago is older than that. Two
    sweepers at once do no harm: a place comes back with its number's ticket, which can be put
    once. Raises `Unavailable`; the next visit then takes up where this one was.
    """
    now = clock.epoch()
    given_back, settled_to, swept_to, swept_at = (
        0,
        slot.settled_to,
        slot.swept_to,
        slot.swept_at,
    )
    if swept_to > settled_to and swept_at + GRACE <= now:
        given_back = give_back(slot.ref, _without_ticket(slot, deadline), deadline)
        settled_to = swept_to
    if swept_to <= settled_to < slot.next_number:
        swept_to, swept_at = slot.next_number, now
    if (settled_to, swept_to) != (slot.settled_to, slot.swept_to):
        _mark(slot, settled_to, swept_to, swept_at, deadline)
    return Swept(given_back, settled=settled_to == slot.next_number)


def _without_ticket(slot: Slot, deadline: Deadline) -> list[int]:
    claimed = range(slot.settled_to, slot.swept_to)
    there = {ticket.number for ticket in slot_tickets(slot.ref, claimed, deadline)}
    return [number for number in claimed if number not in there]


def _mark(slot: Slot, settled_to: int, swept_to: int, swept_at: int, deadline: Deadline) -> None:
    unchanged: Condition = SlotItem.swept_at.does_not_exist()
    if slot.swept_at:
        unchanged = SlotItem.swept_at == slot.swept_at
    item = SlotItem.keyed(slot.ref)
    actions: list[Action] = [
        SlotItem.settled_to.set(settled_to),
        SlotItem.swept_to.set(swept_to),
        SlotItem.swept_at.set(swept_at),
    ]
    try:
        call(lambda: item.update(actions=actions, condition=unchanged), deadline)
    except Refused:
        return  # another sweeper was here meanwhile and left a mark of its own
