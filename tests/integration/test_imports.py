"""Imports on moto: a signed link to a real bucket, real messages, and the template's policies."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from antrean.handlers import apply_import, start_import
from antrean.runtime.registry import start_cold
from antrean.runtime.settings import settings
from antrean.store.dynamodb import connect
from antrean.store.items.office import all_offices
from infra.seed.offices import SOURCE
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.uploads import IMPORTS, ask, counts, deliver, report, row, table_of, told
from tests.support.worlds import TABLE, World, deadline

BUCKET = "uploads-of-the-test"


@pytest.fixture
def queue(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    boto3.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
    )
    url = boto3.client("sqs").create_queue(QueueName="imports")["QueueUrl"]
    monkeypatch.setenv("IMPORT_BUCKET", BUCKET)
    monkeypatch.setenv("IMPORT_QUEUE_URL", url)
    settings.cache_clear()
    yield url
    start_cold()


def apply_all(queue: str) -> int:
    """Deliver the queue's messages; how many there were."""
    sqs, delivered = boto3.client("sqs"), 0
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            assert deliver((apply_import.handler, message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            delivered += 1
    return delivered


def test_a_link_takes_one_file_of_its_kind_for_a_quarter_of_an_hour(queue: str) -> None:
    answer = ask("POST", IMPORTS, body={"dry_run": True}).json

    query = parse_qs(urlsplit(answer["upload_url"]).query)
    assert query["X-Amz-Expires"] == ["900"]
    assert "content-type" in query["X-Amz-SignedHeaders"][0]
    assert not [name for name in query if "checksum" in name.lower()], "any client can PUT"


def test_the_seed_file_becomes_offices_in_messages_of_ten(queue: str) -> None:
    # moto copies its whole table at every transaction; the other tests here write to moto's.
    connect(MemoryDynamoDB((TABLE,)))
    import_id, data = new(), SOURCE.read_bytes()
    lines = len(data.splitlines()) - 1
    key = upload_to(import_id, data)

    assert deliver((start_import.handler, told(key)))
    assert counts(import_id) == {"rows": lines, "waiting": lines}
    assert apply_all(queue) == -(-lines // 10)

    assert counts(import_id) == {"rows": lines, "applied": lines}
    assert len(list(all_offices(deadline()))) == lines
    again = new()
    assert deliver((start_import.handler, told(upload_to(again, data))))
    apply_all(queue)
    assert counts(again) == {"rows": lines, "unchanged": lines}


def test_rows_are_reported_and_a_refused_office_fails_alone(queue: str) -> None:
    import_id = new()
    key = upload_to(import_id, table_of(row("kotabumi"), row("X"), row("metro")))

    assert deliver((start_import.handler, told(key)))
    apply_all(queue)

    assert counts(import_id) == {"rows": 3, "applied": 2, "invalid": 1}
    (bad,) = report(import_id, state="invalid")["rows"]
    assert (bad["row"], bad["problems"][0]["column"]) == (3, "office_id")


def test_a_queue_that_takes_nothing_makes_the_upload_come_again(
    queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = new()
    key = upload_to(import_id, table_of(row("kotabumi")))
    with monkeypatch.context() as patch:
        patch.setattr("antrean.runtime.queues.sqs", Refusing)
        assert not deliver((start_import.handler, told(key)))
    assert report(import_id)["state"] == "applying"

    assert deliver((start_import.handler, told(key)))
    assert apply_all(queue) == 1
    assert counts(import_id) == {"rows": 1, "applied": 1}


class Refusing:
    """SQS on a bad day."""

    def send_message_batch(self, QueueUrl: str, Entries: Any) -> dict[str, Any]:  # noqa: N803
        return {"Failed": [{"Id": entry["Id"]} for entry in Entries]}


def new() -> str:
    """Begin an import; its id."""
    import_id: str = ask("POST", IMPORTS, body={}).json["import_id"]
    return import_id


def upload_to(import_id: str, data: bytes) -> str:
    """Upload an import's file; its key."""
    key = f"imports/{import_id}.csv"
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=data)
    return key
