"""The queue of an import's rows: the check asks, the job applies them, some at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from antrean.settings import settings
from antrean.store.imports import Row

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

ROWS = 10
"""Rows of one message."""
MESSAGES = 10
"""Messages of one call, the most that SQS takes."""
LATER = 30
"""Seconds by which a unit's row comes later than the row of its kanim."""
ATTEMPTS = 3


class NotAsked(Exception):
    """The queue did not take some messages."""


@cache
def sqs() -> "SQSClient":
    """Return this process's client."""
    return boto3.client(
        "sqs",
        config=Config(
            connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
        ),
    )


def ask_to_apply(import_id: str, rows: Iterable[Row]) -> None:
    """Have the job apply these rows. Asking twice is harmless. Raises `NotAsked`."""
    rows = list(rows)
    messages = [
        *_messages(import_id, [row.number for row in rows if row.after is None], 0),
        *_messages(import_id, [row.number for row in rows if row.after is not None], LATER),
    ]
    for some in batched(messages, MESSAGES, strict=False):
        _send(some)


def _messages(
    import_id: str, numbers: Sequence[int], delay: int
) -> "Iterator[SendMessageBatchRequestEntryTypeDef]":
    for some in batched(numbers, ROWS, strict=False):
        body = json.dumps({"import_id": import_id, "rows": list(some)})
        yield {"Id": f"row-{some[0]}", "MessageBody": body, "DelaySeconds": delay}


def _send(entries: "Sequence[SendMessageBatchRequestEntryTypeDef]") -> None:
    for _ in range(ATTEMPTS):
        answer = sqs().send_message_batch(QueueUrl=settings().import_queue_url, Entries=entries)
        failed = {each["Id"] for each in answer.get("Failed", [])}
        entries = [entry for entry in entries if entry["Id"] in failed]
        if not entries:
            return
    raise NotAsked(f"{len(entries)} messages")
