"""One retry for every call to DynamoDB, until the request's deadline."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from antrean.runtime.deadline import Deadline, busy

LOST = (ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError)

BUSY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


class Refused(Exception):
    """A condition of a write did not hold; `names` are those parts of a transaction it was."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = names


def call[T](send: Callable[[], T], deadline: Deadline) -> T:
    """Return what `send` returns, trying again while the store is busy and the deadline lasts.

    Raises `Refused` when a condition does not hold, `Unavailable` when the deadline ends. After
    `Unavailable` the write may or may not have happened.
    """
    attempt = 0
    while True:
        try:
            return send()
        except PynamoDBException as error:
            if _code(error) == "ConditionalCheckFailedException":
                raise Refused from error
            if not _passing(error):
                raise
            if not deadline.pause(attempt):
                raise busy() from error
        attempt += 1


def _passing(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError) and error.cancellation_reasons:
        # A conflict beside a failed condition: what was compared may change, so ask again.
        return any(reason and reason.code in BUSY for reason in error.cancellation_reasons)
    return isinstance(error.cause, LOST) or _code(error) in BUSY


def _code(error: PynamoDBException) -> str | None:
    # PynamoDB's own `cause_response_code` breaks on a time-out, whose response is None.
    response: dict[str, Any] = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
