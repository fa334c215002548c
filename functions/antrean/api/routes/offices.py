"""Public routes of offices: which there are, and what they have room for."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean import clock
from antrean.api.app import budget, new_router
from antrean.api.paging import cursor_of, place_of
from antrean.api.rendering import availability_out, office_out
from antrean.api.schemas import AvailabilityOut, OfficeOut, OfficesOut, ServiceDate
from antrean.api.spare_schemas import LedgerOut, SpareOut, ledger_out, spare_out
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.offices import Office, Position
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY
from antrean.offices.availability import availability
from antrean.offices.find import find_offices, office_of
from antrean.offices.ledger import day_ledger
from antrean.offices.releases import next_release
from antrean.offices.spare import Search, find_spare

router = new_router()

NEAR = r"^-?[0-9]{1,3}(\.[0-9]{1,6})?,-?[0-9]{1,3}(\.[0-9]{1,6})?$"
"""Degrees north and east, such as -5.45,105.26."""

MOST_OFFICES = 200
"""Offices in one answer: every kanim; with the service points it takes three."""

OfficeId = Annotated[str, Path(max_length=64)]


@router.get("/v1/offices")
def list_offices(
    province: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_OFFICES)] = MOST_OFFICES,
    cursor: Annotated[str | None, Query(max_length=800)] = None,
) -> OfficesOut:
    """List offices by name, of one province or with certain words in their name or city."""
    spent = budget()
    after = place_of(cursor) or ""
    found = [one for one in find_offices(province, q, spent) if _place(one) > after]
    page = found[:limit]
    return OfficesOut(
        offices=[office_out(one, next_release(one, spent)) for one in page],
        next=cursor_of(_place(page[-1])) if len(found) > limit else None,
    )


def _place(office: Office) -> str:
    return f"{office.name}\n{office.office_id}"


@router.get("/v1/availability")
def search_availability(
    lane: Annotated[Lane, Query()] = Lane.REGULAR,
    party: Annotated[int, Query(ge=1, le=LARGEST_PARTY)] = 1,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    province: Annotated[str | None, Query(max_length=60)] = None,
    near: Annotated[str | None, Query(pattern=NEAR)] = None,
    within_km: Annotated[float, Query(gt=0, le=6000)] = 200,
) -> SpareOut:
    """Show which offices have room, the earliest first: of a province, or around a point."""
    search = Search(lane, party, first, province, _position(near) if near else None, within_km)
    found, as_of = find_spare(search, budget())
    return spare_out(search, found, as_of)


def _position(near: str) -> Position:
    latitude, longitude = map(float, near.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        detail = "Degrees north within 90 and east within 180, such as -5.45,105.26."
        raise InvalidRequest([FieldProblem("query:near", detail)])
    return Position(latitude, longitude)


@router.get("/v1/offices/<office_id>/ledger")
def show_ledger(office_id: OfficeId, day: Annotated[ServiceDate, Query(alias="date")]) -> LedgerOut:
    """Show what became of every place of a day: released, booked, kept, returned."""
    spent = budget()
    office = office_of(office_id, spent)
    return ledger_out(office, day, day_ledger(office_id, day, spent))


@router.get("/v1/offices/<office_id>")
def show_office(office_id: OfficeId) -> OfficeOut:
    """Show one office."""
    spent = budget()
    office = office_of(office_id, spent)
    return office_out(office, next_release(office, spent))


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
