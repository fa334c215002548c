"""The reference of a booking: the same three calls by botocore alone, without our code.

The calls are those that the store sends for one person, recorded from it, so that both sides ask
DynamoDB for the same; only keys and the claimed number are filled in.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from pynamodb.connection import Connection

from antrean.store.dynamodb import CONNECT_TIMEOUT, READ_TIMEOUT, connect, table
from tests.support.gateway import Client, Handler


def client() -> Any:
    """Return a client as PynamoDB makes it, with the store's settings and none of its own parts."""
    return Connection(
        connect_timeout_seconds=CONNECT_TIMEOUT,
        read_timeout_seconds=READ_TIMEOUT,
        max_retry_attempts=0,
    ).client


class Recorder:
    """A client that keeps what it is asked."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        self.asked[operation] = json.dumps(request)
        return self._client._make_api_call(operation, request)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The calls of one booking as text, and what in them is its own."""

    look: str
    claim: str
    file: str
    code: str
    person: str

    def of_another(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """The calls of another booking, by another person."""
        code, person = uuid.uuid4().hex[:10].upper(), uuid.uuid4().hex[:26].upper()
        look, file = (
            json.loads(text.replace(self.code, code).replace(self.person, person))
            for text in (self.look, self.file)
        )
        file["ClientRequestToken"] = str(uuid.uuid4())
        return look, json.loads(self.claim), file


def record(handler: Handler, event: dict[str, Any]) -> Recorded:
    """Send one booking through the handler and keep its calls."""
    own = table().connection.client
    recorder = Recorder(own)
    connect(recorder)
    answer = Client(handler).send(event)
    connect(own)
    assert answer.status == 201, answer
    put = {item["Put"]["Item"]["pk"]["S"] for item in _items(recorder.asked["TransactWriteItems"])}
    named = dict(key.split("#", 1) for key in put if not key.startswith("DAY#"))
    return Recorded(
        look=recorder.asked["BatchGetItem"],
        claim=recorder.asked["UpdateItem"],
        file=recorder.asked["TransactWriteItems"],
        code=named["BOOKING"],
        person=named["PERSON"],
    )


def _items(request: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(request)["TransactItems"]
    return items


def send(through: Any, calls: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]) -> None:
    """Look, claim and file, as three methods of a botocore client."""
    look, claim, file = calls
    through.batch_get_item(**look)
    claimed = through.update_item(**claim)
    number = int(claimed["Attributes"]["next_number"]["N"]) - 1
    for part in file["TransactItems"]:
        item = part["Put"]["Item"]
        if item["pk"]["S"].startswith("DAY#"):
            item["sk"]["S"] = f"{item['sk']['S'].rpartition('#')[0]}#{number:04}"
        elif "numbers" in item:
            item["numbers"]["S"] = f"[{number}]"
    through.transact_write_items(**file)
