"""The staff API: an office's rosters, and its working day."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.app import new_app, serve
from antrean.api.counters.routes import router as counters
from antrean.api.roles import authorise, protect
from antrean.api.rosters.routes import router as rosters

app = new_app()
protect(app)
app.include_router(rosters)
app.include_router(counters)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context, authorise)
