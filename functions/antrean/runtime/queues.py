"""Putting messages on a queue: ten a call, and those that it refused again."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from botocore.config import Config

from antrean.runtime.registry import once

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef


BATCH = 10
"""Messages in one call, the most SQS takes."""
ATTEMPTS = 3


class NotEnqueued(Exception):
    """The queue did not take some messages."""


@once
def sqs() -> "SQSClient":
    """Return this process's client."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client(
        "sqs",
        config=Config(
            connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
        ),
    )


def enqueue(queue_url: str, bodies: Iterable[str], delay: int = 0) -> int:
    """Put each body on the queue, available after `delay` seconds, and return how many.

    Raises `NotEnqueued` when the queue refused some after several attempts; the others are on it.
    """
    taken, refused = 0, 0
    for batch in batched(bodies, BATCH, strict=False):
        left = _send(queue_url, batch, delay)
        taken, refused = taken + len(batch) - left, refused + left
    if refused:
        raise NotEnqueued(f"{refused} of {taken + refused} messages were not taken")
    return taken


def _send(queue_url: str, bodies: Sequence[str], delay: int) -> int:
    """Send up to ten messages; return how many the queue did not take."""
    entries: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(index), "MessageBody": body, "DelaySeconds": delay}
        for index, body in enumerate(bodies)
    ]
    for _ in range(ATTEMPTS):
        answer = sqs().send_message_batch(QueueUrl=queue_url, Entries=entries)
        failed = {entry["Id"] for entry in answer.get("Failed", [])}
        entries = [entry for entry in entries if entry["Id"] in failed]
        if not entries:
            break
    return len(entries)
