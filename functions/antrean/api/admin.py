"""The admin API: offices, their import, the calendar, days and quotas, the record of changes."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.access import authorise, protect
from antrean.api.app import new_app, serve
from antrean.api.routes import admin_offices, audit, calendar, days, imports, statistics

app = new_app()
protect(app)
app.include_router(admin_offices.router)
app.include_router(calendar.router)
app.include_router(days.router)
app.include_router(imports.router)
app.include_router(statistics.router)
app.include_router(audit.router)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context, authorise)
