"""The public API: offices, availability, bookings."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.api.app import budget, new_app, serve
from antrean.api.rendering import availability_out, booking_out, office_out
from antrean.api.schemas import AvailabilityOut, BookingIn, BookingOut, OfficeOut, OfficesOut
from antrean.bookings.book import book
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY
from antrean.offices.availability import availability
from antrean.offices.find import find_offices, office_of

app = new_app()

OfficeId = Annotated[str, Path(max_length=64)]


@app.get("/v1/offices")
def list_offices(
    province: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=60)] = None,
) -> OfficesOut:
    """List offices, of one province or with certain words in their name or city."""
    found = find_offices(province, q, budget())
    return OfficesOut(offices=[office_out(office) for office in found])


@app.get("/v1/offices/<office_id>")
def show_office(office_id: OfficeId) -> OfficeOut:
    """Show one office."""
    return office_out(office_of(office_id, budget()))


@app.get("/v1/offices/<office_id>/availability")
def show_availability(
    office_id: OfficeId,
    first: Annotated[date | None, Query(alias="from")] = None,
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


@app.post("/v1/bookings")
def make_booking(
    wanted: BookingIn, idempotency_key: Annotated[UUID, Header(alias="Idempotency-Key")]
) -> Response[BookingOut]:
    """Book one to five people at once; the same key and body again get the same booking."""
    booked = book(wanted.request(str(idempotency_key)), budget())
    out = booking_out(booked.booking, booked.office, token=booked.token)
    status = 201 if booked.created else 200
    return Response(status_code=status, content_type="application/json", body=out)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context)
