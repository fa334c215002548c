"""The admin API: quotas and the record of changes."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.access import authorise, protect
from antrean.api.app import new_app, serve
from antrean.api.routes import audit, days

app = new_app()
protect(app)
app.include_router(days.router)
app.include_router(audit.router)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context, authorise)
