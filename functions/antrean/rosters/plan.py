"""Asking for rosters: one message per office and date on the publisher's queue."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from antrean.domain.offices import Office
from antrean.settings import settings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

RUNS = {"evening": range(1, 5), "morning": range(4)}
"""For which days, counted from the office's date, a run asks. In the evening tomorrow's roster is
made, in the morning today's with what changed; the three days after it are what an office has in
hand when the centre is out."""

BATCH = 10
"""Messages in one call, the most SQS takes."""

ATTEMPTS = 3


class NotAsked(Exception):
    """The queue did not take some messages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An office day whose roster is to be published."""

    office_id: str
    day: date

    @property
    def body(self) -> str:
        """The message."""
        return json.dumps({"office_id": self.office_id, "date": self.day.isoformat()})


def wanted(offices: Iterable[Office], zone: str, at: datetime, ahead: range) -> Iterator[Wanted]:
    """Yield the rosters that the offices of a time zone need at `at` (aware).

    `ahead` counts days from the offices' date at `at`. By date, so that tomorrow's come first.
    Offices of every status: one that was suspended may have people coming; the publisher makes
    no roster where nobody comes and nobody serves.
    """
    there = [office for office in offices if office.timezone == zone]
    for days in ahead:
        for office in there:
            yield Wanted(office.office_id, office.local_date(at) + timedelta(days=days))


@cache
def sqs() -> "SQSClient":
    """Return this process's client."""
    return boto3.client(
        "sqs",
        config=Config(
            connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
        ),
    )


def ask(rosters: Iterable[Wanted]) -> int:
    """Put one message for each on the queue and return how many.

    Asking twice is harmless: an unchanged roster is not written again. Raises `NotAsked` when
    the queue refused some after several attempts; the others are asked for.
    """
    asked, refused = 0, 0
    for some in batched(rosters, BATCH, strict=False):
        left = _send(some)
        asked, refused = asked + len(some) - left, refused + left
    if refused:
        raise NotAsked(f"{refused} of {asked + refused} rosters were not asked for")
    return asked


def _send(some: Iterable[Wanted]) -> int:
    """Send up to ten messages; return how many the queue did not take."""
    entries: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(place), "MessageBody": each.body} for place, each in enumerate(some)
    ]
    for _ in range(ATTEMPTS):
        answer = sqs().send_message_batch(QueueUrl=settings().roster_queue_url, Entries=entries)
        failed = {each["Id"] for each in answer.get("Failed", [])}
        entries = [entry for entry in entries if entry["Id"] in failed]
        if not entries:
            break
    return len(entries)
