"""API Gateway for tests: REST proxy events as AWS makes them, and what a handler answers."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.utilities.typing import LambdaContext

type Event = dict[str, Any]
type Handler = Callable[[Event, Any], Any]

REQUEST_ID = "b1a2e6c0-0000-4000-8000-5d2c6f0f0001"
USER = "5f0c9c1e-0000-4000-8000-000000000001"
"""The `sub` of the user whom tests sign in as."""


class Context(LambdaContext):
    """What Lambda says of an invocation."""

    def __init__(self) -> None:
        self._function_name = "antrean-test"
        self._function_version = "$LATEST"
        self._memory_limit_in_mb = 1024
        self._invoked_function_arn = (
            "arn:aws:lambda:ap-southeast-3:123456789012:function:antrean-test"
        )
        self._aws_request_id = REQUEST_ID


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The slug of the problem that was answered; it must be one."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert self.json["status"] == self.status
        slug: str = self.json["type"].rpartition("/")[2]
        return slug

    @property
    def pointers(self) -> list[str]:
        """Where the problem says that something is wrong."""
        return [error["pointer"] for error in self.json["errors"]]


def signed_in(*groups: str, user: str = USER) -> dict[str, str]:
    """The claims of a user as API Gateway passes them on: the groups as one text."""
    return {"sub": user, "token_use": "id", "cognito:groups": ",".join(groups)}


def event(
    method: str,
    route: str,
    *,
    query: Mapping[str, str | list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
    claims: Mapping[str, Any] | None = None,
    path: Mapping[str, str] | None = None,
    **parameters: str,
) -> Event:
    """A REST proxy event: `event("GET", "/v1/offices/{office_id}", office_id="kotabumi")`.

    Path parameters come by name, or together as `path`; they are percent-encoded in the path.
    A `body` that is neither text nor bytes is sent as JSON; bytes are sent as base64.
    """
    sent = {"Accept": "application/json", "Host": "antrean.example.go.id", **(headers or {})}
    if body is not None and not any(name.lower() == "content-type" for name in sent):
        sent["Content-Type"] = "application/json"
    queries = {
        name: value if isinstance(value, list) else [value] for name, value in (query or {}).items()
    }
    given = {**(path or {}), **parameters}
    encoded = {name: quote(value, safe="") for name, value in given.items()}
    context: dict[str, Any] = {
        "requestId": REQUEST_ID,
        "httpMethod": method,
        "resourcePath": route,
        "stage": "live",
        "identity": {"sourceIp": "203.0.113.7"},
    }
    if claims is not None:
        context["authorizer"] = {"claims": dict(claims)}
    return {
        "resource": route,
        "path": route.format(**encoded),
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": given or None,
        "stageVariables": None,
        "requestContext": context,
        "body": _body(body),
        "isBase64Encoded": isinstance(body, bytes),
    }


def _body(body: object) -> str | None:
    if body is None or isinstance(body, str):
        return body
    if isinstance(body, bytes):
        return base64.b64encode(body).decode()
    return json.dumps(body)


@dataclass(frozen=True, slots=True)
class Client:
    """Calls one handler."""

    handler: Handler

    def __call__(self, method: str, route: str, **request: Any) -> Answer:
        """Send a request, described as for `event`."""
        return self.send(event(method, route, **request))

    def send(self, sent: Event) -> Answer:
        """Send an event as it is."""
        answered = self.handler(sent, Context())
        return Answer(answered["statusCode"], dict(_headers(answered)), _text(answered))


def _headers(answered: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in (answered.get("headers") or {}).items():
        yield name.lower(), value
    for name, values in (answered.get("multiValueHeaders") or {}).items():
        yield name.lower(), ", ".join(values)


def _text(answered: Mapping[str, Any]) -> str:
    body = answered["body"] or ""
    return base64.b64decode(body).decode() if answered.get("isBase64Encoded") else body
