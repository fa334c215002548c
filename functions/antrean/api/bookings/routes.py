"""Public routes of bookings: make one, and what the holder of its token may do with it.

No answer here is for a shared cache: each is one holder's.
"""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from aws_lambda_powertools.event_handler.openapi.types import (
    OpenAPIResponse,
    OpenAPIResponseContentModel,
    OpenAPIResponseContentSchema,
)

from antrean.api.app import new_router, request_deadline
from antrean.api.bookings.schemas import BookingIn, BookingOut, RescheduleIn, held_out, made_out
from antrean.booking import cancel, reschedule
from antrean.booking.book import book
from antrean.booking.calendar_entry import calendar_ics
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.booking.papers import calendar_input, proof_input
from antrean.booking.proof import proof_svg
from antrean.counter.queue_position import queue_position
from antrean.domain.errors import NotChangeable
from antrean.domain.hours import stored_hour
from antrean.domain.tickets import BookingStatus
from antrean.offices.find import watched_office
from antrean.runtime.deadline import Deadline

router = new_router()


BOOKED: dict[int, OpenAPIResponse] = {
    201: {"description": "Booked", "content": {"application/json": {"model": BookingOut}}},
    200: {
        "description": "Booked before, by the same request",
        "content": {"application/json": {"model": BookingOut}},
    },
}


def a_file(media_type: str) -> dict[int, OpenAPIResponse]:
    """Return the description of an answer that is a text of some media type."""
    content: dict[str, OpenAPIResponseContentSchema | OpenAPIResponseContentModel] = {
        media_type: {"schema": {"type": "string"}}
    }
    return {200: {"description": "The file", "content": content}}


@router.post("/v1/bookings", responses=BOOKED)
def make_booking(
    wanted: BookingIn, idempotency_key: Annotated[UUID, Header(alias="Idempotency-Key")]
) -> Response[BookingOut]:
    """Book one to five people at once; the same key and body again get the same booking."""
    request = wanted.request(str(idempotency_key))
    booked = book(request, request_deadline())
    out = made_out(booked.booking, booked.office, booked.token, request.party)
    return _private(out, status=201 if booked.created else 200)


Code = Annotated[str, Path(max_length=120)]


Bearer = Annotated[str, Header(alias="Authorization")]


@router.get("/v1/bookings/<code>")
def show_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Show a booking to the holder of its token: its numbers' states, who is ahead, and when."""
    deadline = request_deadline()
    token = _token(authorization)
    held = open_booking(unquote(code), token, deadline, read_office=watched_office)
    shown = _stands(held, deadline)
    shown.headers |= {"Cache-Control": "private, max-age=5", "Vary": "Authorization"}
    return shown


@router.delete("/v1/bookings/<code>")
def cancel_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Cancel a booking; a cancelled one stays cancelled."""
    deadline = request_deadline()
    return _stands(cancel.cancel_booking(opened(code, authorization, deadline), deadline), deadline)


@router.post("/v1/bookings/<code>/reschedule")
def reschedule_booking(
    code: Code, wanted: RescheduleIn, authorization: Bearer = ""
) -> Response[BookingOut]:
    """Move a booking, once, until the day before; code and token stay."""
    deadline = request_deadline()
    held = opened(code, authorization, deadline)
    start = wanted.window and stored_hour(wanted.window)
    moved = reschedule.reschedule_booking(held, wanted.date, start, wanted.overflow, deadline)
    return _stands(moved, deadline)


@router.get("/v1/bookings/<code>/proof.svg", responses=a_file("image/svg+xml"))
def show_proof(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the proof to print or to hold up: a QR, the office, the date, the numbers."""
    held = opened(code, authorization, request_deadline())
    if held.booking.status is BookingStatus.CANCELLED:
        raise NotChangeable("The booking is cancelled: there is nothing to prove.")
    return _private(proof_svg(proof_input(held.booking, held.office)), "image/svg+xml")


@router.get("/v1/bookings/<code>/calendar.ics", responses=a_file("text/calendar"))
def show_calendar_entry(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the booking as an iCalendar event in the office's time zone."""
    held = opened(code, authorization, request_deadline())
    entry = calendar_ics(calendar_input(held.booking, held.office)).decode()
    return _private(entry, "text/calendar; charset=utf-8")


def opened(code: str, authorization: str, deadline: Deadline) -> OpenedBooking:
    """Return the booking that the request's bearer token opens.

    `code` may still be percent-encoded: API Gateway does not promise either.
    """
    return open_booking(unquote(code), _token(authorization), deadline)


def _token(authorization: str) -> str:
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


def _stands(held: OpenedBooking, deadline: Deadline) -> Response[BookingOut]:
    return _private(held_out(held, queue_position(held.booking, held.office, deadline)))


def _private[T](body: T, content_type: str = "application/json", status: int = 200) -> Response[T]:
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    return Response(status, content_type=content_type, body=body, headers=headers)
