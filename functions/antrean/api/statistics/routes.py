"""Admin routes of an office's statistics."""

from datetime import timedelta

from antrean.api.app import new_router, request_deadline
from antrean.api.parameters import Days, First, OfficeId
from antrean.api.statistics.schemas import StatisticsOut
from antrean.domain.calendar import last_of
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.store.items.statistics import statistics_between

router = new_router()


@router.get("/v1/admin/offices/<office_id>/statistics")
def show_statistics(office_id: OfficeId, first: First = None, days: Days = 30) -> StatisticsOut:
    """Show how an office's days went: the last ones, or those from a date on."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    first = first or office.local_date(clock.now()) - timedelta(days=days)
    figures = statistics_between(office_id, first, last_of(first, days), deadline)
    return StatisticsOut.of(office, figures)
