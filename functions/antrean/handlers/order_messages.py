"""The function behind the table's stream: what happened to a booking becomes a message's order.

The stream holds every change for 24 hours, in order for each booking, and hands it over until
it is taken. It is not asked for by the booking path, which stays at its seven write units; an
outbox item would be the eighth and ninth (ADR 11).
"""

import json
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.tickets import BookingStatus
from antrean.handlers.each_record import (
    Failures,
    Record,
    from_there_on,
    stream_records,
    until_one_fails,
)
from antrean.messages.order import MessageOrder, enqueue_messages
from antrean.runtime.queues import BATCH

logger = Logger()
type Image = Mapping[str, Mapping[str, Any]]
type Numbered = tuple[str, MessageOrder]
"""An order, and the number of the record that calls for it."""


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Ask for the messages of a batch of the stream's records.

    The first record that is not taken is named: what stands before it is done, and the stream
    hands over again from there on. What is asked for twice is sent once.
    """
    orders: list[Numbered] = []
    taken = 0

    def read(record: Record) -> None:
        order = _order(record)
        if order:
            orders.append((record["dynamodb"]["SequenceNumber"], order))

    def ask(batch: Sequence[Numbered]) -> None:
        nonlocal taken
        taken += enqueue_messages([order for _, order in batch])

    unread = until_one_fails(stream_records(event), read, "record not read")
    batches = ((batch[0][0], batch) for batch in batched(orders, BATCH, strict=False))
    unasked = until_one_fails(batches, ask, "messages not asked for")
    logger.info("messages asked for", extra={"messages": taken})
    return from_there_on(unasked or unread)


def _order(record: Record) -> MessageOrder | None:
    """Return what a record calls for: a booking made, moved to other numbers, cancelled; else None.

    The mark of a booking that was removed has no status and calls for nothing.
    """
    change = record["dynamodb"]
    key, new, old = change["Keys"], change.get("NewImage"), change.get("OldImage")
    if not key["pk"]["S"].startswith("BOOKING#") or key["sk"]["S"] != "BOOKING" or not new:
        return None
    status = new.get("status", {}).get("S")
    if status not in (BookingStatus.BOOKED, BookingStatus.CANCELLED):
        return None
    code, version = key["pk"]["S"].partition("#")[2], int(new["version"]["N"])
    if status == BookingStatus.CANCELLED:
        before = old and old.get("status", {}).get("S")
        return MessageOrder.cancelled(code, version) if before != status else None
    if old and _numbers(old) == _numbers(new):
        return None
    return MessageOrder.of_version(code, version)


def _numbers(image: Image) -> tuple[object, ...]:
    """Return the slot of a booking and its numbers there."""
    slot = [image[name]["S"] for name in ("day", "lane", "start")]
    return (*slot, json.loads(image["numbers"]["S"]))
