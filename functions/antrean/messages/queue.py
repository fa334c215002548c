"""The sender's queue."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from antrean.messages.wanted import Wanted
from antrean.settings import settings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH = 10
"""Messages in one call, the most SQS takes."""

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


def ask(wanted: Iterable[Wanted]) -> int:
    """Put each on the queue and return how many. Asking twice is harmless: it is sent once.

    Raises `NotAsked` when the queue refused some after several attempts.
    """
    asked = 0
    for some in batched(wanted, BATCH, strict=False):
        _send(some)
        asked += len(some)
    return asked


def _send(some: Sequence[Wanted]) -> None:
    entries: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(place), "MessageBody": each.body} for place, each in enumerate(some)
    ]
    for _ in range(ATTEMPTS):
        answer = sqs().send_message_batch(QueueUrl=settings().message_queue_url, Entries=entries)
        failed = {each["Id"] for each in answer.get("Failed", [])}
        entries = [entry for entry in entries if entry["Id"] in failed]
        if not entries:
            return
    raise NotAsked(f"{len(entries)} messages")
