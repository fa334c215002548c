"""The errors a DynamoDB client raises, made by hand.

They are real botocore errors, so PynamoDB and the code under test see what they see on AWS.
"""

from collections.abc import Sequence
from typing import Any, cast

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

ENDPOINT = "https://dynamodb.invalid"


class Invalid(Exception):
    """A request DynamoDB would answer with a ValidationException of this text."""


class Impossible(Invalid):
    """A valid request that the item at hand does not allow; in a transaction, a reason."""


def client_error(operation: str, code: str, message: str, **members: Any) -> ClientError:
    """An answer of DynamoDB that refuses `operation`; `members` stand beside `Error`."""
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}, "RetryAttempts": 0},
        **members,
    }
    return ClientError(cast(Any, response), operation)


def condition_failed(operation: str, item: dict[str, Any] | None) -> ClientError:
    """A single write whose condition is false; `item` is the one found, when asked for."""
    members = {"Item": item} if item else {}
    return client_error(
        operation, "ConditionalCheckFailedException", "The conditional request failed", **members
    )


def transaction_cancelled(operation: str, reasons: Sequence[dict[str, Any]]) -> ClientError:
    """A cancelled transaction: one reason for each item, in the order of the request."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = (
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    )
    return client_error(
        operation,
        "TransactionCanceledException",
        message,
        Message=message,
        CancellationReasons=list(reasons),
    )


NO_REASON: dict[str, Any] = {"Code": "None"}
CONFLICT_REASON: dict[str, Any] = {
    "Code": "TransactionConflict",
    "Message": "Transaction is ongoing for the item",
}


def transaction_conflict(operation: str) -> ClientError:
    """A single write to an item that a transaction holds."""
    return client_error(
        operation, "TransactionConflictException", "Transaction is ongoing for the item"
    )


def throttled(operation: str) -> ClientError:
    """An on-demand table (or the account) over its rate."""
    return client_error(
        operation, "ThrottlingException", "Rate of requests exceeds the allowed throughput"
    )


def throughput_exceeded(operation: str) -> ClientError:
    """One partition over its rate: what a hot slot meets."""
    return client_error(
        operation,
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded",
    )


def never_sent() -> EndpointConnectionError:
    """The request did not leave: nothing can have been written."""
    return EndpointConnectionError(endpoint_url=ENDPOINT)


def answer_lost() -> ReadTimeoutError:
    """No answer in time: the write may or may not have been applied."""
    return ReadTimeoutError(endpoint_url=ENDPOINT)
