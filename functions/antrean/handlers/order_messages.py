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
from antrean.messages.order import MessageOrder, enqueue_messages
from antrean.runtime.logged import error_facts
from antrean.runtime.queues import BATCH

logger = Logger()


type Image = Mapping[str, Mapping[str, Any]]


type Record = Mapping[str, Any]


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Ask for the messages of a batch of the stream's records.

    The first record that is not taken is named: what stands before it is done, and the stream
    hands over again from there on. What is asked for twice is sent once.
    """
    orders, failed = _readable(event["Records"])
    taken = 0
    for some in batched(orders, BATCH, strict=False):
        try:
            taken += enqueue_messages([wanted for _, wanted in some])
        except Exception as error:  # noqa: BLE001 - the stream hands it over again
            logger.error("messages not asked for", extra=error_facts(error))
            failed = some[0][0]
            break
    logger.info("messages asked for", extra={"messages": taken})
    return {"batchItemFailures": [{"itemIdentifier": failed}] if failed else []}


def _readable(records: Sequence[Record]) -> tuple[list[tuple[str, MessageOrder]], str | None]:
    """Return the orders before the first record that cannot be read, and that one's number."""
    orders: list[tuple[str, MessageOrder]] = []
    for record in records:
        number = record["dynamodb"]["SequenceNumber"]
        try:
            wanted = _wanted(record)
        except Exception as error:  # noqa: BLE001 - the ones before it go on
            logger.error("record not read", extra=error_facts(error))
            return orders, number
        if wanted:
            orders.append((number, wanted))
    return orders, None


def _wanted(record: Record) -> MessageOrder | None:
    """Return what a record calls for: a booking made, or put in another place; else None."""
    change = record["dynamodb"]
    key, new, old = change["Keys"], change.get("NewImage"), change.get("OldImage")
    if not key["pk"]["S"].startswith("BOOKING#") or key["sk"]["S"] != "BOOKING" or not new:
        return None
    if new.get("status", {}).get("S") != BookingStatus.BOOKED:
        return None  # cancelled, or the mark of one that was removed
    if old and _place(old) == _place(new):
        return None
    return MessageOrder.of_version(key["pk"]["S"].partition("#")[2], int(new["version"]["N"]))


def _place(image: Image) -> tuple[object, ...]:
    place = [image[name]["S"] for name in ("day", "lane", "start")]
    return (*place, json.loads(image["numbers"]["S"]))
