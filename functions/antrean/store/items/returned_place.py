"""Items of returned places that wait for their re-offer time.

Partition `RETURNS`, sort key `{re-offer time}#{office}#{date}#{lane}#{start}#{number}`. The time is
in seconds (UTC), ten digits, so that a Query up to now is the list of what is due.
"""

from dataclasses import dataclass
from datetime import date

from antrean.domain.slots import Lane, SlotRef
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retrying import call
from antrean.store.transaction import Transaction

RETURNS = "RETURNS"


class ReturnItem(Item):
    """A returned place that waits for its re-offer time: keys alone."""


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


def due_returns(
    now: int, most: int, deadline: Deadline, after: Return | None = None
) -> list[Return]:
    """Return up to `most` places whose re-offer time has come at `now` (seconds, UTC), in order.

    With `after` those that come after that one.
    """
    first = f"{after.sort_key} " if after else "0"
    between = ReturnItem.sk.between(first, f"{now + 1:010d}")
    items = call(
        lambda: list(ReturnItem.query(RETURNS, range_key_condition=between, limit=most)), deadline
    )
    return [Return.from_sort_key(item.sk) for item in items]
