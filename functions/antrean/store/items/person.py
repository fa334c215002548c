"""Person items: a NIK's keyed hash, with at most one live ticket in the country.

Partition `PERSON#{hash}`, sort key `LIVE`.
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.store.dynamodb import Item

LIVE = "LIVE"


class PersonItem(Item):
    """The live ticket of a person: its booking's code, and the end (UTC) of its date."""

    code = UnicodeAttribute()
    live_until = NumberAttribute()
    expires_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, person: str) -> "PersonItem":
        """Return an item with the keys of a person's hash alone."""
        return cls(pk=f"PERSON#{person}", sk=LIVE)

    @classmethod
    def of(cls, person: str, code: str, live_until: int) -> "PersonItem":
        """Return the item of a person who holds a ticket of booking `code`."""
        item = cls.keyed(person)
        item.code, item.live_until, item.expires_at = code, live_until, live_until
        return item

    @property
    def person(self) -> str:
        """The person's hash."""
        return self.pk.partition("#")[2]


def free_at(now: int) -> Condition:
    """Return the condition that a person has no live ticket at `now` (seconds, UTC)."""
    free: Condition = PersonItem.pk.does_not_exist() | (PersonItem.live_until <= now)
    return free
