"""The public API: offices, their releases and availability, bookings."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.app import new_app, serve
from antrean.api.routes import board, bookings, offices, releases

app = new_app()
app.include_router(offices.router)
app.include_router(releases.router)
app.include_router(board.router)
app.include_router(bookings.router)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context)
