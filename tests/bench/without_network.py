"""What DynamoDB would answer to the calls of a booking that finds room, without a network."""

import io
import json
from types import SimpleNamespace
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from urllib3.response import HTTPResponse

SLOT = {
    "pk": {"S": "SLOTS#kotabumi"},
    "sk": {"S": "2026-11-24#regular#0800"},
    "end": {"S": "0900"},
    "quota": {"N": "9000"},
    "remaining": {"N": "9000"},
    "state": {"S": "open"},
    "release_at": {"N": "0"},
}


class Answers:
    """A client in the place of botocore's that costs next to nothing."""

    meta = SimpleNamespace(endpoint_url="https://dynamodb.invalid", region_name="memory")
    _request_signer = SimpleNamespace(_credentials=object())

    def __init__(self, table: str) -> None:
        self._empty = {"Responses": {table: list[object]()}, "UnprocessedKeys": dict[str, object]()}
        self._next_number = 1

    def _make_api_call(self, operation: str, _request: object) -> dict[str, Any]:
        match operation:
            case "BatchGetItem":
                return self._empty
            case "UpdateItem":
                self._next_number = self._next_number % 9_000 + 1
                return {"Attributes": SLOT | {"next_number": {"N": str(self._next_number)}}}
            case "TransactWriteItems":
                return {}
        raise NotImplementedError(operation)


class NoNetwork(URLLib3Session):
    """The last part of botocore: it takes signed requests, and answers instead of sending them."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self._answers = Answers(table)

    def send(self, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        body = json.dumps(self._answers._make_api_call(operation, None)).encode()
        raw = HTTPResponse(io.BytesIO(body), preload_content=False)
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(str(request.url), 200, headers, raw)


def cut_off(client: Any, table: str) -> None:
    """Have a botocore client make, sign and read its calls, and send none."""
    client._endpoint.http_session = NoNetwork(table)
