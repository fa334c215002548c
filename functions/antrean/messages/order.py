"""Orders of messages: what is in the queue, and how the store and the providers name each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings
from antrean.store.items.message import MessageRef


class Kind(StrEnum):
    """What a message is about."""

    CONFIRMATION = "confirmation"
    MOVED = "moved"
    REMINDER = "reminder"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class MessageOrder:
    """A message that a booking's holder is to get.

    `about` tells messages of one kind apart: the booking's version, or the reminded date (ISO).
    """

    code: str
    kind: Kind
    about: str

    @classmethod
    def of_version(cls, code: str, version: int) -> "MessageOrder":
        """Return the message about a booking's version: the first confirms it, others moved it."""
        return cls(code, Kind.CONFIRMATION if version == 1 else Kind.MOVED, str(version))

    @classmethod
    def cancelled(cls, code: str, version: int) -> "MessageOrder":
        """Return the message about the version in which a booking was cancelled."""
        return cls(code, Kind.CANCELLED, str(version))

    @classmethod
    def reminder(cls, code: str, day: date) -> "MessageOrder":
        """Return the reminder of a booking on a local date."""
        return cls(code, Kind.REMINDER, day.isoformat())

    @classmethod
    def from_body(cls, body: str) -> "MessageOrder":
        """Return the order in a queue's message. Raises KeyError or ValueError when it is none."""
        fields: dict[str, Any] = json.loads(body)
        kind = Kind(fields["kind"])
        if kind is Kind.REMINDER:
            return cls.reminder(fields["code"], date.fromisoformat(fields["date"]))
        return cls(fields["code"], kind, str(int(fields["version"])))

    @property
    def body(self) -> str:
        """The queue's message: nothing personal in it."""
        if self.kind is Kind.REMINDER:
            return json.dumps({"code": self.code, "kind": self.kind, "date": self.about})
        return json.dumps({"code": self.code, "kind": self.kind, "version": int(self.about)})

    def on(self, channel: str) -> MessageRef:
        """Return how the store names this message on a channel."""
        return MessageRef(self.code, self.kind, self.about, channel)


def tag_of(ref: MessageRef) -> str:
    """Return the name that a provider repeats to us: letters, digits, dots and hyphens."""
    return f"{ref.code}.{ref.kind}.{ref.about}.{ref.channel}"


def ref_of(tag: str) -> MessageRef:
    """Return the message that `tag_of` named. Raises ValueError for another text."""
    code, kind, about, channel = tag.split(".")
    return MessageRef(code, kind, about, channel)


def enqueue_messages(orders: Iterable[MessageOrder]) -> int:
    """Put each on the queue and return how many. Ordering twice is harmless: it is sent once.

    Raises `NotEnqueued` when the queue refused some after several attempts.
    """
    return enqueue(settings().message_queue_url, (order.body for order in orders))
