"""Admin routes of an office's days: their quotas."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean import clock
from antrean.api import admin_schemas as schemas
from antrean.api.access import author
from antrean.api.app import budget, new_router
from antrean.api.schemas import ServiceDate
from antrean.offices.find import office_of
from antrean.offices.quotas import set_quotas
from antrean.store.slots import slots_between

router = new_router()

OfficeId = Annotated[str, Path(max_length=64)]
Day = Annotated[ServiceDate, Path(alias="date")]


@router.get("/v1/admin/offices/<office_id>/days")
def list_days(
    office_id: OfficeId,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=92)] = 30,
) -> schemas.DaysOut:
    """List the days of an office that have slots, with every lane's figures."""
    spent = budget()
    office = office_of(office_id, spent)
    first = first or office.local_date(clock.now())
    return schemas.days_out(
        office_id, slots_between(office_id, first, schemas.last_of(first, days), spent)
    )


@router.patch("/v1/admin/offices/<office_id>/days/<date>")
def change_day(office_id: OfficeId, day: Day, wanted: schemas.DayIn) -> schemas.DayOut:
    """Change the quotas of a day, all or none."""
    spent = budget()
    office_of(office_id, spent)
    return schemas.day_out(
        day,
        set_quotas(
            office_id, day, wanted.quotas_wanted(), author(router), spent, force=wanted.force
        ),
    )
