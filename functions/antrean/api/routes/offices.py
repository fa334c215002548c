"""Public routes of offices: which there are, and what they have room for."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean import clock
from antrean.api.app import budget, new_router
from antrean.api.rendering import availability_out, office_out
from antrean.api.schemas import AvailabilityOut, OfficeOut, OfficesOut, ServiceDate
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY
from antrean.offices.availability import availability
from antrean.offices.find import find_offices, office_of

router = new_router()

OfficeId = Annotated[str, Path(max_length=64)]


@router.get("/v1/offices")
def list_offices(
    province: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=60)] = None,
) -> OfficesOut:
    """List offices, of one province or with certain words in their name or city."""
    found = find_offices(province, q, budget())
    return OfficesOut(offices=[office_out(office) for office in found])


@router.get("/v1/offices/<office_id>")
def show_office(office_id: OfficeId) -> OfficeOut:
    """Show one office."""
    return office_out(office_of(office_id, budget()))


@router.get("/v1/offices/<office_id>/availability")
def show_availability(
    office_id: OfficeId,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=92)] = 30,
    lane: Annotated[Lane, Query()] = Lane.REGULAR,
    party: Annotated[int, Query(ge=1, le=LARGEST_PARTY)] = 1,
) -> AvailabilityOut:
    """Show which days of an office have room for a party, and why the others have none."""
    spent = budget()
    office = office_of(office_id, spent)
    first = first or office.local_date(clock.now())
    states = availability(office, first, days, lane, party, spent)
    return availability_out(office, lane, party, states)
