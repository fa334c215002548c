"""Giving places back: each exactly once, and none while its number may still be filed.

A number that nobody holds gets a `returned` ticket, put only if the number has none. Whoever
puts it gives the place back in the same transaction, so a place comes back once; a file that
comes late fails on that ticket, so it is never sold twice.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress

from antrean.domain.slots import SlotRef
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import SlotItem
from antrean.store.items.ticket import TicketItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction

MOST_AT_ONCE = 50
"""Numbers in one transaction: far below DynamoDB's 100 parts."""


def give_back(ref: SlotRef, numbers: Iterable[int], deadline: Deadline) -> int:
    """Return claimed numbers that nobody filed; says how many places came back.

    Numbers that have a ticket, live or returned, are left as they are. Raises `Unavailable`.
    """
    left = list(numbers)
    given = 0
    while left:
        batch = left[:MOST_AT_ONCE]
        try:
            _give_back_all(ref, batch, deadline)
        except Refused as refused:
            filed = {number for number in batch if _name(number) in refused.names}
            if not filed:
                raise
            left = [number for number in left if number not in filed]
        else:
            given += len(batch)
            left = left[len(batch) :]
    return given


def give_back_quietly(ref: SlotRef, numbers: Iterable[int]) -> None:
    """Try once to return claimed numbers after a failure; else the sweeper does it.

    Safe even when the write went through and only its answer was lost: filed numbers have
    tickets, and those are left alone. Whatever fails here does not take the place of the failure
    that led here.
    """
    with suppress(Exception):
        give_back(ref, numbers, Deadline(until=0))


def _give_back_all(ref: SlotRef, numbers: Collection[int], deadline: Deadline) -> None:
    writing = Transaction()
    for number in numbers:
        ticket = Ticket(ref, number, TicketStatus.RETURNED)
        writing.put(_name(number), TicketItem.of(ticket), TicketItem.pk.does_not_exist())
    writing.update(
        "slot",
        SlotItem.keyed(ref),
        [SlotItem.remaining.set(SlotItem.remaining + len(numbers))],
        SlotItem.pk.exists(),
    )
    writing.commit(deadline)


def _name(number: int) -> str:
    return f"number {number}"
