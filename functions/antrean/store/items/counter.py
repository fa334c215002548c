"""Counter items: a desk, and the number that stands at it.

Partition `DAY#{office_id}#{date}`, sort key `!COUNTER#{name}`.
"""

from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.day import Counter, Number
from antrean.domain.slots import Lane
from antrean.store.attributes import version_is
from antrean.store.dynamodb import Item
from antrean.store.items.ticket import partition, sort_key
from antrean.store.retention import expires_at
from antrean.store.transaction import Transaction

COUNTER = "!COUNTER#"


class CounterItem(Item):
    """One counter. `number` and `answered` are sort keys of tickets."""

    number = UnicodeAttribute(null=True)
    called_at = NumberAttribute()
    calls = NumberAttribute()
    key = UnicodeAttribute()
    answered = UnicodeAttribute(null=True)
    version = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, counter: Counter) -> "CounterItem":
        """Return the item of `counter`."""
        return cls(
            pk=partition(office_id, day),
            sk=f"{COUNTER}{counter.name}",
            number=counter.number and sort_key(*counter.number),
            called_at=counter.called_at,
            calls=counter.calls,
            key=counter.key,
            answered=counter.answered and sort_key(*counter.answered),
            version=counter.version,
            expires_at=expires_at(day),
        )

    def counter(self) -> Counter:
        """Return the counter that this item holds."""
        return Counter(
            name=self.sk.removeprefix(COUNTER),
            number=number_from(self.number) if self.number else None,
            called_at=int(self.called_at),
            calls=int(self.calls),
            key=self.key,
            answered=number_from(self.answered) if self.answered else None,
            version=int(self.version),
        )


def number_from(ticket_sort_key: str) -> Number:
    """Return the number whose ticket has this sort key."""
    lane, start, number = ticket_sort_key.split("#")
    return Number(Lane(lane), start, int(number))


def put_counter(writing: Transaction, office_id: str, day: date, counter: Counter) -> None:
    """Make a counter's new state part of a transaction; its version is that which was read."""
    item = CounterItem.of(office_id, day, counter)
    item.version = counter.version + 1
    writing.put("counter", item, version_is(CounterItem.version, counter.version))
