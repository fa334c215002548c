"""Public routes of offices: which there are."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.app import new_router, request_deadline
from antrean.api.cursors import cursor_after, last_key
from antrean.api.offices.schemas import OfficeOut, OfficesOut
from antrean.api.parameters import OfficeId
from antrean.domain.offices import Office
from antrean.offices.find import find_offices, recent_office
from antrean.releases.rules import next_release

router = new_router()
MOST_OFFICES = 200
"""Offices in one answer: every kanim; with the service points it takes three."""


@router.get("/v1/offices")
def list_offices(
    province: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_OFFICES)] = MOST_OFFICES,
    cursor: Annotated[str | None, Query(max_length=800)] = None,
) -> OfficesOut:
    """List offices by name, of one province or with certain words in their name or city."""
    deadline = request_deadline()
    after = last_key(cursor) or ""
    following = [office for office in find_offices(province, q, deadline) if _key(office) > after]
    page = following[:limit]
    return OfficesOut(
        offices=[OfficeOut.of(office, next_release(office, deadline)) for office in page],
        next=cursor_after(_key(page[-1])) if len(following) > limit else None,
    )


def _key(office: Office) -> str:
    return f"{office.name}\n{office.office_id}"


@router.get("/v1/offices/<office_id>")
def show_office(office_id: OfficeId) -> OfficeOut:
    """Show one office."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    return OfficeOut.of(office, next_release(office, deadline))
