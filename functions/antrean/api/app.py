"""What the public, the staff and the admin app share."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.problems import answer_problems, problem
from antrean.domain.errors import Unavailable
from antrean.faults import fault
from antrean.store.calls import Budget

SECONDS = 6.0
"""How long a request goes on trying; API Gateway and the function allow ten."""

logger = Logger()


def new_app() -> APIGatewayRestResolver:
    """Return an app that validates requests and answers refusals as problems."""
    app = APIGatewayRestResolver(enable_validation=True)
    answer_problems(app)
    return app


def new_router() -> Router:
    """Return a router: the routes about one thing, which an app includes."""
    return Router()  # type: ignore[no-untyped-call]


def budget() -> Budget:
    """Return the time budget of a request that begins now."""
    return Budget.of(SECONDS)


def serve(app: APIGatewayRestResolver, event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer one API Gateway event, and log that it happened: route and status, no person."""
    try:
        answer = app.resolve(event, context)
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a problem
        logger.error("failed", extra={"route": event.get("resource"), **fault(error)})
        answer = app_failure()
    logger.info(
        "answered",
        extra={
            "method": event.get("httpMethod"),
            "route": event.get("resource"),
            "status": answer["statusCode"],
        },
    )
    return answer


def app_failure() -> dict[str, Any]:
    """Return the answer to a fault of ours: the same request may be repeated."""
    told = problem(Unavailable("Something failed on our side. Repeat the same request."))
    return {
        "statusCode": 503,
        "multiValueHeaders": {
            "Content-Type": [told.content_type],
            **{name: [value] for name, value in told.headers.items()},
        },
        "body": told.body,
        "isBase64Encoded": False,
    }
