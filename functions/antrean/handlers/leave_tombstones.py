"""The function on the table's stream that marks where bookings were whose time was over."""

from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.handlers.each_record import (
    Failures,
    Record,
    from_there_on,
    stream_records,
    until_one_fails,
)
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.items.tombstone import leave_tombstone

SECONDS = 20.0
TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
"""Who removes an item whose `expires_at` has passed, as the stream names it."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Leave a tombstone for each booking that DynamoDB removed because its time was over.

    The stream delivers at least once: the same record again writes the same tombstone. The first
    record that fails is named, and comes again with those after it.
    """
    deadline = Deadline.after(SECONDS)
    left = 0

    def leave(record: Record) -> None:
        nonlocal left
        if _is_expired_booking(record):
            leave_tombstone(BookingItem.from_raw_data(record["dynamodb"]["OldImage"]), deadline)
            left += 1

    failed = until_one_fails(stream_records(event), leave, "tombstone not left")
    if failed is None:
        logger.info("tombstones left", extra={"tombstones": left})
    return from_there_on(failed)


def _is_expired_booking(record: Record) -> bool:
    # The event source's filter asks the same; a filter that is lost must not leave tombstones of
    # what an operator deleted.
    keys, remover = record["dynamodb"]["Keys"], record.get("userIdentity") or {}
    return (
        record["eventName"] == "REMOVE"
        and TTL.items() <= remover.items()
        and keys["sk"]["S"] == BOOKING
    )
