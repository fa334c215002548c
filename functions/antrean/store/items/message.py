"""Messages to applicants. Partition `MESSAGE#{code}`, sort key `{kind}#{about}#{channel}`.

One item stands for one message on one channel, so that it is sent once, whatever comes twice
(ADR 11). It holds no address: that stands on the booking alone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retention import expires_at
from antrean.store.retrying import Refused, call

LEASE = 900
"""Seconds for which nobody else sends a message that somebody began to send. Longer than the
sender can live, and than a receipt ordinarily takes."""


class MessageState(StrEnum):
    """How far a message is."""

    SENDING = "sending"
    REFUSED = "refused"
    SENT = "sent"
    SUPPRESSED = "suppressed"


class MessageItem(Item):
    """A message on a channel: its state, who sends it (`attempt`), and until when alone."""

    state = UnicodeAttribute()
    attempt = UnicodeAttribute()
    until = NumberAttribute()
    changed_at = NumberAttribute()
    provider_id = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Names a message: of a booking, of a kind, about its version or a date, on a channel."""

    code: str
    kind: str
    about: str
    channel: str

    @property
    def item(self) -> MessageItem:
        """An item with the keys alone."""
        return MessageItem(pk=f"MESSAGE#{self.code}", sk=f"{self.kind}#{self.about}#{self.channel}")


def begin(ref: MessageRef, attempt: str, day: date, deadline: Deadline) -> MessageState | None:
    """Take a message for sending, for the length of `LEASE`, or say why not.

    None: it is the caller's (`attempt` is a text of its own). `SENT` and `SUPPRESSED` are for
    ever; `SENDING`: somebody began and its end is not known yet. A message whose sender was
    refused for certain, or has been silent for the lease, is taken again. `day` is the booking's
    date, after whose retention time the item is deleted. Raises `Unavailable`.
    """
    now = clock.epoch()
    item = ref.item
    item.state, item.attempt, item.until = MessageState.SENDING, attempt, now + LEASE
    item.changed_at, item.expires_at = now, expires_at(day)
    free: Condition = MessageItem.pk.does_not_exist() | (MessageItem.state == MessageState.REFUSED)
    silent: Condition = (MessageItem.state == MessageState.SENDING) & (MessageItem.until <= now)
    # Its own, when the answer to the first try was lost.
    own: Condition = (MessageItem.state == MessageState.SENDING) & (MessageItem.attempt == attempt)
    try:
        call(lambda: item.save(condition=free | silent | own), deadline)
    except Refused:
        return state_of(ref, deadline) or MessageState.SENDING  # it has just been forgotten
    return None


def state_of(ref: MessageRef, deadline: Deadline) -> MessageState | None:
    """Return how far a message is; None when nobody began. Strongly consistent."""
    keys = ref.item
    try:
        found = call(lambda: MessageItem.get(keys.pk, keys.sk, consistent_read=True), deadline)
    except MessageItem.DoesNotExist:
        return None
    return MessageState(found.state)


def end(
    ref: MessageRef,
    attempt: str,
    state: MessageState,
    deadline: Deadline,
    provider_id: str | None = None,
) -> None:
    """Say what became of the caller's attempt.

    `SENT` holds whatever others wrote meanwhile; anything else only while the attempt is still
    the one at work. Raises `Unavailable`.
    """
    there: Condition = MessageItem.pk.exists()
    if state is not MessageState.SENT:
        there &= (MessageItem.state == MessageState.SENDING) & (MessageItem.attempt == attempt)
    _write(ref, state, there, deadline, provider_id)


def confirm(ref: MessageRef, deadline: Deadline) -> None:
    """Note that the provider says it took a message. Raises `Unavailable`."""
    begun: Condition = MessageItem.state == MessageState.SENDING
    _write(ref, MessageState.SENT, begun, deadline)


def _write(
    ref: MessageRef,
    state: MessageState,
    condition: Condition,
    deadline: Deadline,
    provider_id: str | None = None,
) -> None:
    actions: list[Action] = [
        MessageItem.state.set(state),
        MessageItem.changed_at.set(clock.epoch()),
    ]
    if provider_id:
        actions.append(MessageItem.provider_id.set(provider_id))
    try:
        call(lambda: ref.item.update(actions=actions, condition=condition), deadline)
    except Refused:
        return  # settled otherwise meanwhile, or forgotten with its booking
