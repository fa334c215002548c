"""Person items: a NIK's keyed hash, with at most one live ticket in the country.

Partition `PERSON#{hash}`, sort key `LIVE`.
"""

from typing import NamedTuple

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retrying import call
from antrean.store.transaction import Transaction

LIVE = "LIVE"


class Binding(NamedTuple):
    """A person (hash), the booking whose ticket is theirs, and until when (UTC) it is live."""

    person: str
    code: str
    live_until: int


class PersonItem(Item):
    """The live ticket of a person: its booking's code, and until when (UTC) it is live.

    That is the end of its date (as `expires_at`), or the instant at which its outcome was noted.
    """

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


def free(writing: Transaction, binding: Binding) -> None:
    """Make it part of a transaction that a ticket is live until `binding` says, and no longer."""
    item = PersonItem.keyed(binding.person)
    mine = PersonItem.code == binding.code
    writing.update(
        f"person {binding.person}", item, [PersonItem.live_until.set(binding.live_until)], mine
    )


def bind_again(writing: Transaction, binding: Binding) -> None:
    """Make it part of a transaction that a person whose ticket was finished holds it again.

    Refused when they have booked again since, whatever became of that.
    """
    item = PersonItem.of(*binding)
    writing.put(f"person {binding.person}", item, still_its_own(binding.code))


def still_its_own(code: str) -> Condition:
    """Return the condition that a person has booked nothing since the booking of `code`.

    Absent is a person of a date that has passed and whom TTL removed, or who cancelled what they
    booked since: nobody else's.
    """
    mine: Condition = (PersonItem.code == code) | PersonItem.pk.does_not_exist()
    return mine


def code_of(person: str, deadline: Deadline) -> str | None:
    """Return the code of the booking that a person (hash) was bound to last; None if forgotten.

    Strongly consistent. Raises `Unavailable`.
    """
    key = PersonItem.keyed(person)
    try:
        return call(lambda: PersonItem.get(key.pk, LIVE, consistent_read=True), deadline).code
    except PersonItem.DoesNotExist:
        return None
