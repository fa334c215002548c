"""Where the in-memory model keeps its items: tables with string keys `pk` and `sk`."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.engines.errors import Invalid
from tests.engines.memory.values import Item, Value, item_size

HASH, RANGE = "pk", "sk"

type Rows = dict[str, Stored]
type Image = dict[str, dict[str, Rows]]
"""Tables, partitions, rows: all a snapshot needs, since stored items never change."""


class Key(NamedTuple):
    """The primary key of an item."""

    pk: str
    sk: str

    def attributes(self) -> Item:
        """The key as DynamoDB writes it."""
        return {HASH: {"S": self.pk}, RANGE: {"S": self.sk}}


class Stored(NamedTuple):
    """An item as it stands in the table, never changed in place, and its size in bytes."""

    item: Item
    size: int

    @classmethod
    def of(cls, item: Item) -> "Stored":
        """Measure `item`. Raises Invalid above DynamoDB's 400 KB."""
        size = item_size(item)
        if size > 400 * 1024:
            raise Invalid("Item size has exceeded the maximum allowed size")
        return cls(item, size)


@dataclass(slots=True)
class Table:
    """One table. With `lagging` on it remembers what its replicas have not seen yet."""

    name: str
    partitions: dict[str, Rows] = field(default_factory=dict)
    held: set[Key] = field(default_factory=set)
    """Items a transaction is writing now."""
    lagging: bool = False
    behind: dict[Key, Stored | None] = field(default_factory=dict)
    """What a replica that lags still shows of items written since."""
    _orders: dict[str, list[str]] = field(default_factory=dict)

    def get(self, key: Key) -> Stored | None:
        """The item now, as a strongly consistent read sees it."""
        rows = self.partitions.get(key.pk)
        return None if rows is None else rows.get(key.sk)

    def put(self, key: Key, stored: Stored | None) -> None:
        """Set (or, with None, delete) an item."""
        rows = self.partitions.setdefault(key.pk, {})
        old = rows.get(key.sk)
        if self.lagging:
            self.behind.setdefault(key, old)
        if stored is None:
            rows.pop(key.sk, None)
        else:
            rows[key.sk] = stored
        if (old is None) is not (stored is None):
            self._orders.pop(key.pk, None)

    def partition(self, pk: str, *, stale: bool) -> tuple[list[str], Rows]:
        """Sorted sort keys and rows of a partition, as now or as a lagging replica has it."""
        rows = self.partitions.get(pk, {})
        old = {key.sk: was for key, was in self.behind.items() if key.pk == pk} if stale else {}
        if old:
            rows = {sk: row for sk, row in {**rows, **old}.items() if row is not None}
            return sorted(rows), rows
        order = self._orders.get(pk)
        if order is None:
            order = self._orders[pk] = sorted(rows)
        return order, rows

    def scanned(self) -> Iterator[tuple[Key, Stored]]:
        """Every item, partitions in an order that says nothing, as on AWS."""
        for pk in sorted(self.partitions, key=scan_rank):
            order, rows = self.partition(pk, stale=False)
            for sk in order:
                yield Key(pk, sk), rows[sk]

    def image(self) -> dict[str, Rows]:
        """A picture of all rows."""
        return {pk: dict(rows) for pk, rows in self.partitions.items() if rows}

    def restore(self, image: Mapping[str, Rows]) -> None:
        """Be as in the picture again, nothing held and nothing lagging."""
        self.partitions = {pk: dict(rows) for pk, rows in image.items()}
        self.held.clear()
        self.behind.clear()
        self._orders.clear()


def scan_rank(pk: str) -> tuple[int, str]:
    """Where a partition comes in a scan."""
    return zlib.crc32(pk.encode()), pk


def key_of(attributes: Mapping[str, Value]) -> Key:
    """The key in a request's `Key`. Raises Invalid when there is more or less in it."""
    if len(attributes) != 2 or HASH not in attributes or RANGE not in attributes:
        raise Invalid("The number of conditions on the keys is invalid")
    return key_in(attributes)


def key_in(item: Mapping[str, Value]) -> Key:
    """The key of a whole item. Raises Invalid."""
    return Key(_text(item, HASH), _text(item, RANGE))


def _text(attributes: Mapping[str, Value], name: str) -> str:
    if name not in attributes:
        raise Invalid("One of the required keys was not given a value")
    text = attributes[name].get("S")
    if not isinstance(text, str):
        raise Invalid("One or more parameter values were invalid: Type mismatch for key")
    if not text:
        raise Invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            f"cannot contain an empty string value. Key: {name}"
        )
    return text
