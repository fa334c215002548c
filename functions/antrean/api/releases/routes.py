"""Public routes of an office's releases: when which dates become bookable, with how many places."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.app import new_router, request_deadline
from antrean.api.parameters import OfficeId
from antrean.api.releases.schemas import LedgerOut, ReleasesOut
from antrean.api.types import ServiceDate
from antrean.offices.find import recent_office
from antrean.offices.opening import ANNOUNCED_DAYS
from antrean.releases.feed import releases_ics
from antrean.releases.open_ledger import day_ledger
from antrean.releases.rules import releases
from antrean.runtime import clock
from antrean.runtime.settings import settings

router = new_router()


@router.get("/v1/offices/<office_id>/releases")
def list_releases(office_id: OfficeId) -> ReleasesOut:
    """List what an office releases in the next 60 days: when, which dates, how many places."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    return ReleasesOut.of(office, releases(office, deadline), ANNOUNCED_DAYS)


@router.get("/v1/offices/<office_id>/releases.ics")
def follow_releases(office_id: OfficeId) -> Response[str]:
    """Show the same as an iCalendar feed, to subscribe to."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    url = f"{settings().public_origin}/v1/offices/{office_id}/releases"
    feed = releases_ics(office, releases(office, deadline), clock.epoch(), url)
    return Response(200, content_type="text/calendar; charset=utf-8", body=feed.decode())


@router.get("/v1/offices/<office_id>/ledger")
def show_ledger(office_id: OfficeId, day: Annotated[ServiceDate, Query(alias="date")]) -> LedgerOut:
    """Show what became of every place of a day: released, booked, kept, returned."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    return LedgerOut.of(office, day, day_ledger(office_id, day, deadline))
