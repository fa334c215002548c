"""S3 and SQS as far as imports of offices use them, in the process, with messages that come again.

What a function asks of them goes through `strike`, which a test may let fail.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import pytest

from antrean.handlers import admin_api, apply_import, start_import
from antrean.imports import files
from antrean.runtime import queues
from antrean.runtime.settings import settings
from tests.support.gateway import Answer, Client, Context, signed_in
from tests.support.permissions import WATCH

BUCKET, QUEUE = "antrean-imports", "https://sqs.test/imports"
IMPORTS = "/v1/admin/imports"
COLUMNS = (
    "office_id,name,office_class,city,province,timezone,daily_quota,quota_basis,"
    "quota_as_of,quota_source"
)

type Message = tuple[Callable[[dict[str, Any], Any], dict[str, Any]], str]
"""Which handler it is for, and its body."""


def row(office_id: str, **changes: str) -> str:
    """A line of the file: an office in Lampung unless `changes` (by column) say otherwise."""
    cells = {
        "office_id": office_id,
        "name": f"Kantor Imigrasi {office_id}",
        "office_class": "Kelas III Non TPI",
        "city": office_id,
        "province": "Lampung",
        "timezone": "Asia/Jakarta",
        "daily_quota": "60",
        "quota_basis": "assumed",
    } | changes
    return ",".join(cells.get(column, "") for column in COLUMNS.split(","))


def table_of(*rows: str, columns: str = COLUMNS) -> bytes:
    """A file of these lines."""
    return ("\r\n".join([columns, *rows]) + "\r\n").encode()


def _nothing(_call: str) -> None:
    return


@dataclass(slots=True)
class Cloud:
    """A bucket whose uploads ring, and the queues of uploads and of rows."""

    strike: Callable[[str], None] = _nothing
    """Asked before each call and after it; may raise."""
    objects: dict[str, bytes] = field(default_factory=dict)
    waiting: list[Message] = field(default_factory=list)

    # What the functions call

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        assert Bucket == BUCKET
        WATCH.note("s3", "GetObject", {"Bucket": Bucket, "Key": Key})
        self.strike("before GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def generate_presigned_url(
        self,
        operation: str,
        Params: Mapping[str, str],  # noqa: N803
        ExpiresIn: int,  # noqa: N803
    ) -> str:
        assert (operation, Params["Bucket"], ExpiresIn) == ("put_object", BUCKET, 900)
        WATCH.note("s3", "PutObject", Params)
        return f"https://s3.test/{Params['Key']}"

    def send_message_batch(
        self,
        QueueUrl: str,  # noqa: N803
        Entries: Sequence[Mapping[str, Any]],  # noqa: N803
    ) -> dict[str, Any]:
        assert QueueUrl == QUEUE
        assert 0 < len(Entries) <= 10
        WATCH.note("sqs", "SendMessageBatch", {"QueueUrl": QueueUrl})
        self.strike("before SendMessageBatch")
        bodies = [entry["MessageBody"] for entry in Entries]
        self.waiting += [(apply_import.handler, body) for body in bodies]
        self.strike("after SendMessageBatch")
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries], "Failed": []}

    # What others do

    def upload(self, import_id: str, data: bytes) -> None:
        """PUT a file by the signed link; S3 tells."""
        key = f"imports/{import_id}.csv"
        self.objects[key] = data
        self.waiting.append((start_import.handler, told(key)))

    def take(self) -> Message:
        """Take the oldest message."""
        return self.waiting.pop(0)

    def deliver_all(self) -> None:
        """Deliver messages until there are none; those that fail come again."""
        while self.waiting:
            message = self.take()
            if not deliver(message):
                self.waiting.append(message)


def told(key: str) -> str:
    """S3's message about an object."""
    return json.dumps(
        {"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": quote_plus(key)}}}]}
    )


def deliver(message: Message) -> bool:
    """Deliver one message; whether it is done with."""
    handler, body = message
    answer = handler({"Records": [{"messageId": "1", "body": body}]}, Context())
    return answer == {"batchItemFailures": []}


@contextmanager
def a_cloud(strike: Callable[[str], None] = _nothing) -> Iterator[Cloud]:
    """Have the functions use this S3 and this SQS."""
    cloud = Cloud(strike)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPORT_BUCKET", BUCKET)
        patch.setenv("IMPORT_QUEUE_URL", QUEUE)
        patch.setattr(files, "s3", lambda: cloud)
        patch.setattr(queues, "sqs", lambda: cloud)
        settings.cache_clear()
        yield cloud
    settings.cache_clear()


def ask(method: str, route: str, **request: Any) -> Answer:
    """Ask the admin API as an admin."""
    return Client(admin_api.handler)(method, route, claims=signed_in("admin"), **request)


def begin(*, dry_run: bool = False) -> str:
    """Begin an import; its id."""
    answer = ask("POST", IMPORTS, body={"dry_run": dry_run})
    assert answer.status == 201, answer
    import_id: str = answer.json["import_id"]
    return import_id


def report(import_id: str, **query: str) -> Any:
    """The import as an admin sees it."""
    answer = ask("GET", IMPORTS + "/{import_id}", import_id=import_id, query=query)
    assert answer.status == 200, answer
    return answer.json


def counts(import_id: str) -> dict[str, int]:
    """How many rows became what, without those that nothing became of."""
    return {state: count for state, count in report(import_id)["counts"].items() if count}
