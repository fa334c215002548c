"""What the API asks of a request before any route sees it: a JSON object of a modest size."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from antrean.domain.errors import AntreanError, FieldProblem, InvalidRequest

JSON = "application/json"
LARGEST_BODY = 64 * 1024
"""Bytes. The largest request there is, a booking of five, has about two thousand."""


class MethodNotAllowed(AntreanError):
    """The path is there, and takes other methods: those `allowed`."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__("This path takes: " + ", ".join(allowed) + ".")
        self.allowed = tuple(allowed)


class UnsupportedMedia(AntreanError):
    """The body is not JSON, by the request's own word."""


class TooLarge(AntreanError):
    """The body is larger than any request needs."""


def with_plain_body(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event whose body, if it has one, is JSON text of a size that can be a request.

    Raises `UnsupportedMedia`, `TooLarge`, `InvalidRequest`.
    """
    body = event.get("body")
    if not body:
        return event
    if _media_type(event) != JSON:
        raise UnsupportedMedia(f"Send the body as {JSON}.")
    if len(body) > 2 * LARGEST_BODY:
        raise _too_large()
    if event.get("isBase64Encoded"):
        body = _decoded(body)
    if len(body.encode("utf-8", "surrogatepass")) > LARGEST_BODY:
        raise _too_large()
    return event | {"body": body, "isBase64Encoded": False}


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object that `text` is. Raises `InvalidRequest`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # no JSON; a number of thousands of digits; too deep
        raise _not_an_object() from None
    if not isinstance(value, dict):
        raise _not_an_object()
    return value


def _media_type(event: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    media_type: str = headers.get("content-type") or JSON
    return media_type.partition(";")[0].strip().lower()


def _decoded(body: str) -> str:
    try:
        return base64.b64decode(body, validate=True).decode()
    except ValueError:
        raise _not_an_object() from None


def _not_an_object() -> InvalidRequest:
    return InvalidRequest([FieldProblem("", "The body is one JSON object in UTF-8.")])


def _too_large() -> TooLarge:
    return TooLarge(f"A body has at most {LARGEST_BODY} bytes.")
