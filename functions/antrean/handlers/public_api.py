"""The public API: offices, their releases and availability, bookings."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.app import new_app, serve
from antrean.api.bookings.routes import router as bookings

app = new_app()
app.include_router(bookings)


@cache
def whole_app() -> APIGatewayRestResolver:
    """Return the app with every route, also those that no booking needs.

    These are imported at the first request about something else: at a release most functions
    start cold for a booking, which should not wait for them.
    """
    from antrean.api.availability.routes import router as availability
    from antrean.api.board.routes import router as board
    from antrean.api.offices.routes import router as offices
    from antrean.api.releases.routes import router as releases

    for router in (offices, availability, releases, board):
        app.include_router(router)
    return app


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    if not str(event.get("path")).startswith("/v1/bookings"):
        whole_app()
    return serve(app, event, context)
