"""Sending one message: if it still holds, on the first channel that can, once (ADR 11)."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from antrean.booking.closed_day import closed_for
from antrean.domain.codes import address_hash
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, BookingStatus
from antrean.messages.channels import Channel, Message, NotAccepted
from antrean.messages.content import message_of
from antrean.messages.order import Kind, MessageOrder, tag_of
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.secret import secret
from antrean.store.items.booking import get_booking
from antrean.store.items.message import MessageState, begin, end
from antrean.store.items.suppressed_address import is_suppressed


class Outcome(StrEnum):
    """What became of an ordered message, and the name of the metric that counts it."""

    SENT = "MessagesSent"
    SENT_BEFORE = "MessagesSentBefore"
    OUT_OF_DATE = "MessagesOutOfDate"
    UNREACHABLE = "MessagesUnreachable"
    IN_DOUBT = "MessagesInDoubt"


BEGUN: Final = {
    MessageState.SENT: Outcome.SENT_BEFORE,
    MessageState.SUPPRESSED: None,
    MessageState.SENDING: Outcome.IN_DOUBT,
    MessageState.REFUSED: Outcome.IN_DOUBT,  # somebody else is at it this moment
}
"""What a message's state means for a sender to whom it was not given to send."""


def deliver(order: MessageOrder, channels: Sequence[Channel], deadline: Deadline) -> Outcome:
    """Send a message on the first of `channels` that reaches the booking's contact.

    Raises `NotAccepted`, `Unavailable`, and whatever a channel raises that leaves open whether
    it took the message: the next try then waits for the receipt or for the lease's end.
    """
    booking = get_booking(order.code, deadline)
    if booking is None:
        return Outcome.OUT_OF_DATE
    office = recent_office(booking.ref.office_id, deadline)
    if not _holds(order, booking, office):
        return Outcome.OUT_OF_DATE
    closed = closed_for(booking, office, deadline)
    write = partial(message_of, order.kind, booking, office, closed)
    for channel in channels:
        to = channel.address(booking.contact)
        if to is None:
            continue
        outcome = _on(channel, to, order, booking.ref.day, write, deadline)
        if outcome is not None:
            return outcome
    return Outcome.UNREACHABLE


def _holds(order: MessageOrder, booking: Booking, office: Office) -> bool:
    """Return whether a message is still true, and comes before the window's end.

    That of a cancellation has no such end: a closed day may be cancelled until its date is over.
    """
    if order.kind is Kind.CANCELLED:
        return booking.status is BookingStatus.CANCELLED and order.about == str(booking.version)
    if booking.status is not BookingStatus.BOOKED:
        return False
    if office.instant(booking.ref.day, booking.end) <= clock.now():
        return False
    if order.kind is Kind.REMINDER:
        return order.about == booking.ref.day.isoformat()
    return order.about == str(booking.version)


def _on(
    channel: Channel,
    to: str,
    order: MessageOrder,
    day: date,
    write: Callable[[str], Message],
    deadline: Deadline,
) -> Outcome | None:
    """Send on one channel; None when it is suppressed there and another may do it."""
    ref, attempt = order.on(channel.name), str(uuid.uuid4())
    state = begin(ref, attempt, day, deadline)
    if state is not None:
        return BEGUN[state]
    if is_suppressed(address_hash(secret(), to), deadline):
        end(ref, attempt, MessageState.SUPPRESSED, deadline)
        return None
    message = write(tag_of(ref))
    try:
        provider_id = channel.send(message, to)
    except NotAccepted:
        end(ref, attempt, MessageState.REFUSED, deadline)
        raise
    end(ref, attempt, MessageState.SENT, deadline, provider_id)
    return Outcome.SENT
