"""Public routes of an office's releases: when which dates become bookable, with how many places."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from antrean import clock
from antrean.api.app import budget, new_router
from antrean.api.release_schemas import ReleasesOut, releases_out
from antrean.offices.find import office_of
from antrean.offices.opening import ANNOUNCED_DAYS
from antrean.offices.release_feed import releases_ics
from antrean.offices.releases import releases
from antrean.settings import settings

router = new_router()

OfficeId = Annotated[str, Path(max_length=64)]


@router.get("/v1/offices/<office_id>/releases")
def list_releases(office_id: OfficeId) -> ReleasesOut:
    """List what an office releases in the next 60 days: when, which dates, how many places."""
    spent = budget()
    office = office_of(office_id, spent)
    return releases_out(office, releases(office, spent), ANNOUNCED_DAYS)


@router.get("/v1/offices/<office_id>/releases.ics")
def follow_releases(office_id: OfficeId) -> Response[str]:
    """Show the same as an iCalendar feed, to subscribe to."""
    spent = budget()
    office = office_of(office_id, spent)
    url = f"{settings().public_origin}/v1/offices/{office_id}/releases"
    feed = releases_ics(office, releases(office, spent), clock.epoch(), url)
    return Response(200, content_type="text/calendar; charset=utf-8", body=feed.decode())
