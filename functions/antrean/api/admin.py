"""The admin API: quotas and the record of changes."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.api import admin_schemas as schemas
from antrean.api.access import caller, protect
from antrean.api.app import budget, new_app, serve
from antrean.offices.find import office_of
from antrean.offices.quotas import Author, set_quotas
from antrean.store.audit import PAGE, records
from antrean.store.slots import slots_between

app = new_app()
protect(app)

OfficeId = Annotated[str, Path(max_length=64)]
Day = Annotated[date, Path(alias="date")]


@app.get("/v1/admin/offices/<office_id>/days")
def list_days(
    office_id: OfficeId,
    first: Annotated[date | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=92)] = 30,
) -> schemas.DaysOut:
    """List the days of an office that have slots, with every lane's figures."""
    spent = budget()
    office = office_of(office_id, spent)
    first = first or office.local_date(clock.now())
    return schemas.days_out(
        office_id, slots_between(office_id, first, schemas.last_of(first, days), spent)
    )


@app.patch("/v1/admin/offices/<office_id>/days/<date>")
def change_day(office_id: OfficeId, day: Day, wanted: schemas.DayIn) -> schemas.DayOut:
    """Change the quotas of a day, all or none."""
    spent = budget()
    office_of(office_id, spent)
    return schemas.day_out(
        day, set_quotas(office_id, day, wanted.quotas_wanted(), author(), spent, force=wanted.force)
    )


@app.get("/v1/admin/audit")
def list_audit(
    office_id: Annotated[str, Query(max_length=64)],
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> schemas.AuditOut:
    """List what was changed at an office, newest first."""
    found = records(office_id, cursor, budget())
    following = found[-1].cursor if len(found) == PAGE else None
    return schemas.AuditOut(records=[schemas.record_out(one) for one in found], next=following)


def author() -> Author:
    """Return who asks for the change that the running request makes."""
    return Author(caller(app).user, app.current_event.request_context.request_id or "")


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context)
