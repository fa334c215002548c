"""The one table from an exception to an HTTP problem (RFC 9457)."""

import json
from dataclasses import asdict
from http import HTTPStatus
from itertools import islice
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from antrean.api.request_body import MethodNotAllowed, TooLarge, UnsupportedMedia
from antrean.domain import errors
from antrean.domain.errors import AntreanError, FieldProblem, InvalidRequest

TYPE = "https://antrean.example.go.id/problems/"
"""What every problem type begins with; the rest names a section of docs/errors.md."""
RETRY_AFTER = 2
"""Seconds that a client should wait when the store is busy."""
MOST_ERRORS = 20
"""Wrong fields that one problem names."""


class Kind(NamedTuple):
    """How a refusal looks over HTTP."""

    status: HTTPStatus
    slug: str
    title: str


KINDS: dict[type[AntreanError], Kind] = {
    errors.InvalidRequest: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", "The request is not valid"
    ),
    errors.NotSignedIn: Kind(HTTPStatus.UNAUTHORIZED, "unauthorised", "Who you are is not proven"),
    errors.NotAllowed: Kind(HTTPStatus.FORBIDDEN, "forbidden", "You may not do this"),
    errors.NotFound: Kind(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing"),
    errors.DataDeleted: Kind(HTTPStatus.GONE, "data-deleted", "The data was deleted"),
    errors.OfficeNotOpen: Kind(HTTPStatus.CONFLICT, "office-not-open", "The office is not open"),
    errors.AlreadyBooked: Kind(
        HTTPStatus.CONFLICT, "already-booked", "A person has a live ticket already"
    ),
    errors.NoPlaces: Kind(HTTPStatus.CONFLICT, "no-places", "No place that you accept has room"),
    errors.NotChangeable: Kind(
        HTTPStatus.CONFLICT, "not-changeable", "The booking can not be changed so"
    ),
    errors.ChangedMeanwhile: Kind(
        HTTPStatus.CONFLICT, "changed-meanwhile", "Somebody else changed it first"
    ),
    errors.NotAsSeen: Kind(
        HTTPStatus.PRECONDITION_FAILED, "precondition-failed", "It is not what you saw"
    ),
    errors.BelowTaken: Kind(
        HTTPStatus.CONFLICT, "below-taken", "The quota is below the places taken"
    ),
    errors.NotReady: Kind(HTTPStatus.CONFLICT, "not-ready", "The office is not ready to open"),
    errors.TooEarly: Kind(HTTPStatus.CONFLICT, "too-early", "Check-in is not open yet"),
    errors.TooLate: Kind(HTTPStatus.CONFLICT, "too-late", "The window ended too long ago"),
    errors.WrongDay: Kind(HTTPStatus.CONFLICT, "wrong-day", "It is of another day"),
    errors.WrongOffice: Kind(HTTPStatus.CONFLICT, "wrong-office", "It is at another office"),
    errors.BookingCancelled: Kind(
        HTTPStatus.CONFLICT, "booking-cancelled", "The booking is cancelled"
    ),
    errors.CounterBusy: Kind(HTTPStatus.CONFLICT, "counter-busy", "A number stands at the counter"),
    errors.NothingCalled: Kind(
        HTTPStatus.CONFLICT, "nothing-called", "No number stands at the counter"
    ),
    errors.WrongState: Kind(
        HTTPStatus.CONFLICT, "wrong-state", "The number is not in a state for this"
    ),
    errors.KeyReused: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", "The Idempotency-Key was used before"
    ),
    MethodNotAllowed: Kind(
        HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "The path takes other methods"
    ),
    UnsupportedMedia: Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body is not JSON"
    ),
    TooLarge: Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large"),
    errors.Unavailable: Kind(
        HTTPStatus.SERVICE_UNAVAILABLE, "try-again", "The queue is busy, nothing is lost"
    ),
}


def problem(error: AntreanError) -> Response[str]:
    """Return the response that says what `error` is."""
    kind = KINDS[type(error)]
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if kind.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER)
    if kind.status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    return Response(
        status_code=int(kind.status),
        content_type="application/problem+json",
        body=json.dumps(problem_members(error), ensure_ascii=False),
        headers=headers,
    )


def problem_members(error: AntreanError) -> dict[str, Any]:
    """Return the members of the problem that `error` is, as JSON can hold them."""
    kind = KINDS[type(error)]
    members = dict(error.members)
    if isinstance(error, InvalidRequest):
        members["errors"] = error.problems
    if "errors" in members:
        members["errors"] = [asdict(field) for field in members["errors"]]  # type: ignore[attr-defined]
    return {
        "type": TYPE + kind.slug,
        "title": kind.title,
        "status": int(kind.status),
        "detail": error.detail,
        **members,
    }


def invalid(error: RequestValidationError) -> Response[str]:
    """Return the problem of a request that does not fit its schema, without echoing its values."""
    if any(fault["loc"][0] == "response" for fault in error.errors()):
        raise error  # our own answer is wrong, not the request
    faults = islice(error.errors(), MOST_ERRORS)
    return problem(
        InvalidRequest([FieldProblem(_pointer(fault["loc"]), _say(fault)) for fault in faults])
    )


def _pointer(loc: tuple[str | int, ...]) -> str:
    where, *rest = loc
    # RFC 6901: a slash in a member's name is written ~1, a tilde ~0.
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    return path if where == "body" else f"{where}:{path.lstrip('/')}"


def _say(fault: dict[str, Any]) -> str:
    # pydantic's messages quote no input, but for this one; those of our own validators never do.
    if fault["type"] == "uuid_parsing":
        return "Send a UUID."
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."


def answer_problems(app: APIGatewayRestResolver) -> None:
    """Make `app` answer every refusal as a problem."""
    app.exception_handler(AntreanError)(problem)
    app.exception_handler(RequestValidationError)(invalid)
    app.not_found()(lambda _: problem(_no_route(app)))


def _no_route(app: APIGatewayRestResolver) -> AntreanError:
    path = app.current_event.path
    routes = (*app._static_routes, *app._dynamic_routes)
    allowed = sorted({route.method for route in routes if route.rule.match(path)})
    if allowed:
        return MethodNotAllowed(allowed)
    return errors.NotFound("There is no such path.")
