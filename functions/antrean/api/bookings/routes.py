"""Public routes of bookings: make one, and what the holder of its token may do with it.

No answer here is for a shared cache: each is one holder's.

What only a holder needs is imported where it is used: a cold function that is to book does not
wait for it.
"""

from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import (
    OpenAPIResponse,
    OpenAPIResponseContentModel,
    OpenAPIResponseContentSchema,
)

from antrean.api.answers import briefly_private, private
from antrean.api.app import new_router, request_deadline
from antrean.api.bookings.schemas import BookingIn, BookingOut, RescheduleIn
from antrean.api.parameters import Bearer, Code, IdempotencyKey, bearer_token
from antrean.booking.book import book
from antrean.booking.closed_day import watched_slot
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.domain.errors import NotChangeable
from antrean.domain.tickets import BookingStatus
from antrean.offices.find import watched_office
from antrean.runtime.deadline import Deadline

router = new_router()
SHOWN_SECONDS = 5
"""How long the holder's browser may show a booking without asking again."""

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
def make_booking(body: BookingIn, idempotency_key: IdempotencyKey) -> Response[BookingOut]:
    """Book one to five people at once; the same key and body again get the same booking."""
    request = body.request(str(idempotency_key))
    booked = book(request, request_deadline())
    out = BookingOut.of_new(booked, request.party)
    return private(out, status=201 if booked.created else 200)


@router.get("/v1/bookings/<code>")
def show_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Show a booking to the holder of its token: its numbers' states, who is ahead, and when."""
    deadline = request_deadline()
    token = bearer_token(authorization)
    opened = open_booking(unquote(code), token, deadline, watched_office, watched_slot)
    return briefly_private(_as_it_stands(opened, deadline), SHOWN_SECONDS)


@router.delete("/v1/bookings/<code>")
def cancel_booking(code: Code, authorization: Bearer = "") -> Response[BookingOut]:
    """Cancel a booking; a cancelled one stays cancelled."""
    from antrean.booking import cancel

    deadline = request_deadline()
    cancelled = cancel.cancel_booking(_opened(code, authorization, deadline), deadline)
    return private(_as_it_stands(cancelled, deadline))


@router.post("/v1/bookings/<code>/reschedule")
def reschedule_booking(
    code: Code, body: RescheduleIn, authorization: Bearer = ""
) -> Response[BookingOut]:
    """Move a booking once, until the day before, or off a closed day; code and token stay."""
    from antrean.booking import reschedule

    deadline = request_deadline()
    opened = _opened(code, authorization, deadline)
    moved = reschedule.reschedule_booking(opened, body.date, body.start(), body.overflow, deadline)
    return private(_as_it_stands(moved, deadline))


@router.get("/v1/bookings/<code>/proof.svg", responses=a_file("image/svg+xml"))
def show_proof(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the proof to print or to hold up: a QR, the office, the date, the numbers."""
    from antrean.booking.proof import ProofInput, proof_svg

    opened = _opened(code, authorization, request_deadline())
    if opened.booking.status is BookingStatus.CANCELLED:
        raise NotChangeable("The booking is cancelled: there is nothing to prove.")
    proof = ProofInput.of(opened.booking, opened.office, opened.closed)
    return private(proof_svg(proof), "image/svg+xml")


@router.get("/v1/bookings/<code>/calendar.ics", responses=a_file("text/calendar"))
def show_calendar_entry(code: Code, authorization: Bearer = "") -> Response[str]:
    """Show the booking as an iCalendar event in the office's time zone."""
    from antrean.booking.calendar_entry import CalendarInput, calendar_ics

    opened = _opened(code, authorization, request_deadline())
    entry = CalendarInput.of(opened.booking, opened.office, opened.closed)
    return private(calendar_ics(entry).decode(), "text/calendar; charset=utf-8")


def _opened(code: str, authorization: str, deadline: Deadline) -> OpenedBooking:
    """Return the booking that the request's bearer token opens."""
    return open_booking(unquote(code), bearer_token(authorization), deadline)


def _as_it_stands(opened: OpenedBooking, deadline: Deadline) -> BookingOut:
    from antrean.counter.queue_position import queue_position

    return BookingOut.of(opened, queue_position(opened.booking, opened.office, deadline))
