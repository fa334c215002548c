"""Giving places back: each exactly once, and none while its number may still be filed.

A number that nobody holds gets a `returned` ticket, put only if the number has none. Whoever
puts it gives the place back in the same transaction, so a place comes back once; a file that
comes late fails on that ticket, so it is never sold twice.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.store.calls import Budget, Refused, Transaction, call
from antrean.store.slots import SlotItem
from antrean.store.table import Item
from antrean.store.tickets import TicketItem

RETURNS = "RETURNS"
MOST_AT_ONCE = 50
"""Numbers in one transaction: far below DynamoDB's 100 parts."""


class ReturnItem(Item):
    """A returned place that waits for its re-offer time.

    Partition `RETURNS`, sort key `{re-offer time}#{office}#{date}#{lane}#{start}#{number}`, the
    time in seconds (UTC), ten digits, so that a Query up to now is the due list.
    """


@dataclass(frozen=True, slots=True)
class Return:
    """A place on its way back: which number, and when (seconds, UTC) it is offered again."""

    ref: SlotRef
    number: int
    due: int

    @property
    def sort_key(self) -> str:
        """The sort key of its item."""
        office_id, day, lane, start = self.ref
        return f"{self.due:010d}#{office_id}#{day.isoformat()}#{lane}#{start}#{self.number:04d}"

    @classmethod
    def from_sort_key(cls, sort_key: str) -> "Return":
        """Return the place that an item with this sort key stands for."""
        due, office_id, day, lane, start, number = sort_key.split("#")
        ref = SlotRef(office_id, date.fromisoformat(day), Lane(lane), start)
        return cls(ref, int(number), int(due))


def put_return(writing: Transaction, place: Return) -> None:
    """Make a place's way back part of the transaction that takes it from its holder."""
    item = ReturnItem(pk=RETURNS, sk=place.sort_key)
    writing.put(f"return {place.number}", item, ReturnItem.pk.does_not_exist())


def due_returns(now: int, most: int, budget: Budget, after: Return | None = None) -> list[Return]:
    """Return up to `most` places whose re-offer time has come at `now` (seconds, UTC), in order.

    With `after` those that come after that one.
    """
    first = f"{after.sort_key} " if after else "0"
    between = ReturnItem.sk.between(first, f"{now + 1:010d}")
    items = call(
        lambda: list(ReturnItem.query(RETURNS, range_key_condition=between, limit=most)), budget
    )
    return [Return.from_sort_key(item.sk) for item in items]


def offer_again(place: Return, budget: Budget) -> bool:
    """Put a returned place back on offer; False when somebody else did it. `Unavailable`."""
    writing = Transaction()
    item = ReturnItem(pk=RETURNS, sk=place.sort_key)
    writing.delete("return", item, ReturnItem.pk.exists())
    add = [SlotItem.remaining.set(SlotItem.remaining + 1)]
    writing.update("slot", SlotItem.keyed(place.ref), add, SlotItem.pk.exists())
    try:
        writing.commit(budget)
    except Refused as refused:
        if "slot" in refused.names:
            raise
        return False
    return True


def give_back(ref: SlotRef, numbers: Iterable[int], budget: Budget) -> int:
    """Return claimed numbers that nobody filed; says how many places came back.

    Numbers that have a ticket, live or returned, are left as they are. Raises `Unavailable`.
    """
    left = list(numbers)
    given = 0
    while left:
        batch = left[:MOST_AT_ONCE]
        try:
            _give_back_all(ref, batch, budget)
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
        give_back(ref, numbers, Budget(until=0))


def _give_back_all(ref: SlotRef, numbers: Collection[int], budget: Budget) -> None:
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
    writing.commit(budget)


def _name(number: int) -> str:
    return f"number {number}"
