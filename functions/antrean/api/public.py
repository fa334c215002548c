"""The public API: offices, availability, bookings."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.api.app import budget, new_app, serve
from antrean.api.rendering import (
    availability_out,
    booking_out,
    calendar_input,
    held_out,
    office_out,
    proof_input,
)
from antrean.api.schemas import (
    AvailabilityOut,
    BookingIn,
    BookingOut,
    OfficeOut,
    OfficesOut,
    RescheduleIn,
)
from antrean.bookings import manage
from antrean.bookings.book import book
from antrean.bookings.calendar_entry import calendar_ics
from antrean.bookings.manage import Held
from antrean.bookings.proof import proof_svg
from antrean.domain.errors import NotChangeable
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY, BookingStatus
from antrean.offices.availability import availability
from antrean.offices.find import find_offices, office_of
from antrean.store.calls import Budget

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


Code = Annotated[str, Path(max_length=40)]
Bearer = Annotated[str, Header(alias="Authorization", max_length=200)]


@app.get("/v1/bookings/<code>")
def show_booking(code: Code, authorization: Bearer = "") -> BookingOut:
    """Show a booking to the holder of its token, with the people ahead of it in its window."""
    spent = budget()
    return held_out(manage.with_position(opened(code, authorization, spent), spent))


@app.delete("/v1/bookings/<code>")
def cancel_booking(code: Code, authorization: Bearer = "") -> BookingOut:
    """Cancel a booking; a cancelled one stays cancelled."""
    spent = budget()
    return held_out(manage.cancel(opened(code, authorization, spent), spent))


@app.post("/v1/bookings/<code>/reschedule")
def reschedule_booking(code: Code, wanted: RescheduleIn, authorization: Bearer = "") -> BookingOut:
    """Move a booking, once, until the day before; code and token stay."""
    spent = budget()
    held = opened(code, authorization, spent)
    start = wanted.window and wanted.window.replace(":", "")
    return held_out(manage.reschedule(held, wanted.date, start, wanted.overflow, spent))


@app.get("/v1/bookings/<code>/proof.svg")
def show_proof(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the proof to print or to hold up: a QR, the office, the date, the numbers."""
    held = opened(code, authorization, budget())
    if held.booking.status is BookingStatus.CANCELLED:
        raise NotChangeable("The booking is cancelled: there is nothing to prove.")
    return Response(200, content_type="image/svg+xml", body=proof_svg(proof_input(held)))


@app.get("/v1/bookings/<code>/calendar.ics")
def show_calendar_entry(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the booking as an iCalendar event in the office's time zone."""
    held = opened(code, authorization, budget())
    entry = calendar_ics(calendar_input(held)).decode()
    return Response(200, content_type="text/calendar; charset=utf-8", body=entry)


def opened(code: str, authorization: str, spent: Budget) -> Held:
    """Return the booking that the request's bearer token opens."""
    scheme, _, token = authorization.partition(" ")
    return manage.open_booking(code, token if scheme.casefold() == "bearer" else "", spent)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context)
