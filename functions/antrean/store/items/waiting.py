"""Items of people who are checked in and wait to be called.

Partition `DAY#{office_id}#{date}`, sort key `!WAIT#{lane}#{turn}`. Put by the check-in and deleted
by the call, so that the board of a day with a thousand tickets reads those alone who are there.
"""

from datetime import date

from pynamodb.attributes import NumberAttribute

from antrean.domain.day import Number, Waiting
from antrean.domain.slots import Lane
from antrean.store.dynamodb import Item
from antrean.store.items.ticket import partition
from antrean.store.retention import expires_at
from antrean.store.transaction import Transaction

WAIT = "!WAIT#"


class WaitItem(Item):
    """One person who is checked in and waits to be called."""

    checked_in_at = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, waiting: Waiting) -> "WaitItem":
        """Return the item of a person who waits."""
        return cls(
            pk=partition(office_id, day),
            sk=f"{WAIT}{waiting.number.lane}#{waiting.turn}",
            checked_in_at=waiting.checked_in_at,
            expires_at=expires_at(day),
        )

    def waiting(self) -> Waiting:
        """Return the person that this item stands for."""
        lane, at, start, number = self.sk.removeprefix(WAIT).split("#")
        return Waiting(
            number=Number(Lane(lane), start, int(number)),
            turn=f"{at}#{start}#{number}",
            checked_in_at=int(self.checked_in_at),
        )


def put_waiting(writing: Transaction, office_id: str, day: date, waiting: Waiting) -> None:
    """Make it part of a transaction that a person begins to wait."""
    item = WaitItem.of(office_id, day, waiting)
    writing.put(f"wait {waiting.turn}", item, WaitItem.pk.does_not_exist())


def delete_waiting(writing: Transaction, office_id: str, day: date, waiting: Waiting) -> None:
    """Make it part of a transaction that a person waits no longer."""
    item = WaitItem.of(office_id, day, waiting)
    writing.delete(f"wait {waiting.turn}", item, WaitItem.pk.exists())
