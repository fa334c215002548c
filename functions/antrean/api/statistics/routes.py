"""Admin routes of an office's statistics."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean.api.app import new_router, request_deadline
from antrean.api.statistics.schemas import StatisticsOut, statistics_out
from antrean.api.types import ServiceDate
from antrean.domain.calendar import last_of
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.store.items.statistics import statistics_between

router = new_router()


MOST_DAYS = 92


@router.get("/v1/admin/offices/<office_id>/statistics")
def show_statistics(
    office_id: Annotated[str, Path(max_length=64)],
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 30,
) -> StatisticsOut:
    """Show how an office's days went: the last ones, or those from a date on."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    first = first or office.local_date(clock.now()) - timedelta(days=days)
    return statistics_out(
        office, statistics_between(office_id, first, last_of(first, days), deadline)
    )
