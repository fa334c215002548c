"""What the roster tests stand on: a bucket, a queue, an office, and a clock they set."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from antrean.domain.offices import Office
from antrean.domain.tickets import Ticket
from antrean.handlers.publish_rosters import handler as publisher
from antrean.store.items.office import put_office
from antrean.store.items.ticket import TicketItem
from antrean.store.writes.open_slots import open_slots
from tests.support.clocks import StandingClock
from tests.support.permissions import WATCH
from tests.support.rosters import DAY, OFFICE, slot
from tests.support.worlds import a_world, deadline

BUCKET = "rosters-of-the-test"
PUBLISHER = "publish-rosters"
EVENING = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""18:00 in Jakarta, the day before DAY."""


class Functions:
    """Lambda, as far as the staff API calls it: the publisher runs in this process."""

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == PUBLISHER
        WATCH.note("lambda", "Invoke", {"FunctionName": FunctionName})
        said = publisher(json.loads(Payload), None)  # type: ignore[arg-type]
        return {"Payload": io.BytesIO(json.dumps(said).encode())}


@contextmanager
def roster_stack(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandingClock]:
    """Have a bucket and a queue beside the table, at 18:00 the evening before DAY."""
    s3 = boto3.client("s3")
    s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
    )
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    queue = boto3.client("sqs").create_queue(QueueName="rosters")["QueueUrl"]
    settings = {
        "TABLE_NAME": table,
        "ROSTER_BUCKET": BUCKET,
        "ROSTER_QUEUE_URL": queue,
        "PUBLISH_FUNCTION": PUBLISHER,
        "SIGNING_KEY_ID": signing_key(),
    }
    monkeypatch.setattr("antrean.rosters.request_now.functions", Functions)
    with a_world(None, StandingClock(EVENING), **settings) as world:
        yield world.time


def signing_key() -> str:
    """A new key as template.yaml has it."""
    made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return made["KeyMetadata"]["KeyId"]


def open_office(office: Office = OFFICE) -> None:
    """Have an office with one window on DAY."""
    put_office(office, deadline())
    open_slots([slot("0800", office_id=office.office_id)], deadline())


def file(*tickets: Ticket) -> None:
    """Have these tickets."""
    for each in tickets:
        TicketItem.of(each).save()


def stored(name: str, office_id: str = "kotabumi") -> bytes:
    """What lies under a plain name."""
    key = f"rosters/{office_id}/{DAY}/{name}"
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()


def writes() -> int:
    """How many versions of objects there are."""
    return len(boto3.client("s3").list_object_versions(Bucket=BUCKET).get("Versions", []))
