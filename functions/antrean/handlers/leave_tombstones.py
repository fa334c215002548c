"""The function on the table's stream that marks where bookings were whose time was over."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.items.tombstone import leave_tombstone

SECONDS = 20.0


TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
"""Who removes an item whose `expires_at` has passed, as the stream names it."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Leave a tombstone for each booking that DynamoDB removed because its time was over.

    The stream delivers at least once: the same record again writes the same tombstone. The first
    record that fails is named, and comes again with those after it.
    """
    deadline = Deadline.after(SECONDS)
    left = 0
    for record in event["Records"]:
        try:
            if _is_expired_booking(record):
                leave_tombstone(BookingItem.from_raw_data(record["dynamodb"]["OldImage"]), deadline)
                left += 1
        except Exception as error:  # noqa: BLE001 - those before it are done
            logger.error("tombstone not left", extra=error_facts(error))
            failed = [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]
            return {"batchItemFailures": failed}
    logger.info("tombstones left", extra={"tombstones": left})
    return {"batchItemFailures": []}


def _is_expired_booking(record: Mapping[str, Any]) -> bool:
    # The event source's filter asks the same; a filter that is lost must not leave tombstones of
    # what an operator deleted.
    keys, remover = record["dynamodb"]["Keys"], record.get("userIdentity") or {}
    return (
        record["eventName"] == "REMOVE"
        and TTL.items() <= remover.items()
        and keys["sk"]["S"] == BOOKING
    )
