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
from antrean.api.bookings.schemas import BookingIn, BookingOut, RescheduleIn, made_out, opened_out
from antrean.booking import cancel, reschedule
from antrean.booking.book import book
from antrean.booking.calendar_entry import CalendarInput, calendar_ics
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.booking.proof import ProofInput, proof_svg
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
    out = made_out(booked, request.party)
    return _private(out, status=201 if booked.created else 200)


Code = Annotated[str, Path(max_length=120)]


Bearer = Annotated[str, Header(alias="Authorization")]


@router.get("/v1/bookings/<code>")
def show_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Show a booking to the holder of its token: its numbers' states, who is ahead, and when."""
    deadline = request_deadline()
    token = _token(authorization)
    opened = open_booking(unquote(code), token, deadline, read_office=watched_office)
    shown = _stands(opened, deadline)
    shown.headers |= {"Cache-Control": "private, max-age=5", "Vary": "Authorization"}
    return shown


@router.delete("/v1/bookings/<code>")
def cancel_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Cancel a booking; a cancelled one stays cancelled."""
    deadline = request_deadline()
    return _stands(
        cancel.cancel_booking(_opened(code, authorization, deadline), deadline), deadline
    )


@router.post("/v1/bookings/<code>/reschedule")
def reschedule_booking(
    code: Code, wanted: RescheduleIn, authorization: Bearer = ""
) -> Response[BookingOut]:
    """Move a booking, once, until the day before; code and token stay."""
    deadline = request_deadline()
    opened = _opened(code, authorization, deadline)
    start = wanted.window and stored_hour(wanted.window)
    moved = reschedule.reschedule_booking(opened, wanted.date, start, wanted.overflow, deadline)
    return _stands(moved, deadline)


@router.get("/v1/bookings/<code>/proof.svg", responses=a_file("image/svg+xml"))
def show_proof(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the proof to print or to hold up: a QR, the office, the date, the numbers."""
    opened = _opened(code, authorization, request_deadline())
    if opened.booking.status is BookingStatus.CANCELLED:
        raise NotChangeable("The booking is cancelled: there is nothing to prove.")
    return _private(proof_svg(ProofInput.of(opened.booking, opened.office)), "image/svg+xml")


@router.get("/v1/bookings/<code>/calendar.ics", responses=a_file("text/calendar"))
def show_calendar_entry(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the booking as an iCalendar event in the office's time zone."""
    opened = _opened(code, authorization, request_deadline())
    entry = calendar_ics(CalendarInput.of(opened.booking, opened.office)).decode()
    return _private(entry, "text/calendar; charset=utf-8")


def _opened(code: str, authorization: str, deadline: Deadline) -> OpenedBooking:
    """Return the booking that the request's bearer token opens.

    `code` may still be percent-encoded: API Gateway does not promise either.
    """
    return open_booking(unquote(code), _token(authorization), deadline)


def _token(authorization: str) -> str:
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


def _stands(opened: OpenedBooking, deadline: Deadline) -> Response[BookingOut]:
    return _private(opened_out(opened, queue_position(opened.booking, opened.office, deadline)))


def _private[T](body: T, content_type: str = "application/json", status: int = 200) -> Response[T]:
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    return Response(status, content_type=content_type, body=body, headers=headers)
