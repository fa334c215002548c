"""The public API: offices, their releases and availability, bookings."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.app import new_app, serve
from antrean.api.availability.routes import router as availability
from antrean.api.board.routes import router as board
from antrean.api.bookings.routes import router as bookings
from antrean.api.offices.routes import router as offices
from antrean.api.releases.routes import router as releases

app = new_app()
app.include_router(offices)
app.include_router(availability)
app.include_router(releases)
app.include_router(board)
app.include_router(bookings)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context)
