"""The admin API: offices, their import, the calendar, days and quotas, the record of changes."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.api.app import new_app, serve
from antrean.api.audit.routes import router as audit
from antrean.api.days.routes import router as days
from antrean.api.holidays.routes import router as holidays
from antrean.api.imports.routes import router as imports
from antrean.api.office_admin.routes import router as office_admin
from antrean.api.roles import authorise, protect
from antrean.api.statistics.routes import router as statistics

app = new_app()
protect(app)
app.include_router(office_admin)
app.include_router(holidays)
app.include_router(days)
app.include_router(imports)
app.include_router(statistics)
app.include_router(audit)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context, authorise)
