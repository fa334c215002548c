"""What the public, the staff and the admin app share."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.problems import answer_problems, problem
from antrean.api.request_body import json_object, with_plain_body
from antrean.domain.errors import AntreanError, Unavailable
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts

SECONDS = 6.0
"""How long a request goes on trying; API Gateway and the function allow ten."""

logger = Logger()


def new_app() -> APIGatewayRestResolver:
    """Return an app that validates requests and answers refusals as problems."""
    app = APIGatewayRestResolver(enable_validation=True, json_body_deserializer=json_object)
    answer_problems(app)
    app.exception_handler(Exception)(_failed)
    return app


def new_router() -> Router:
    """Return a router: the routes about one thing, which an app includes."""
    return Router()  # type: ignore[no-untyped-call]


def request_deadline() -> Deadline:
    """Return the deadline of a request that begins now."""
    return Deadline.after(SECONDS)


def serve(
    app: APIGatewayRestResolver,
    event: dict[str, Any],
    context: LambdaContext,
    ask: Callable[[dict[str, Any]], object] | None = None,
) -> Any:
    """Answer one API Gateway event, and log that it happened: route and status, no person.

    `ask` raises what refuses the caller; it comes before the request is read.
    """
    logger.append_keys(request_id=(event.get("requestContext") or {}).get("requestId"))
    try:
        if ask:
            ask(event)
        answer = app.resolve(with_plain_body(event), context)
    except AntreanError as refusal:
        answer = _answer(problem(refusal))
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a problem
        answer = _answer(_failed(error))
    logger.info(
        "answered",
        extra={
            "method": event.get("httpMethod"),
            "route": event.get("resource"),
            "status": answer["statusCode"],
        },
    )
    return answer


def _failed(error: Exception) -> Response[str]:
    """Return the answer to a fault of ours: the same request may be repeated.

    Powertools would log what no handler takes, with its text, which may quote a person.
    """
    logger.error("failed", extra=error_facts(error))
    return problem(Unavailable("Something failed on our side. Repeat the same request."))


def _answer(response: Response[str]) -> dict[str, Any]:
    """Return a response as API Gateway takes it."""
    return {
        "statusCode": response.status_code,
        "multiValueHeaders": {
            "Content-Type": [response.content_type],
            **{name: [value] for name, value in response.headers.items()},
        },
        "body": response.body,
        "isBase64Encoded": False,
    }
