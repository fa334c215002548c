"""Staff routes of the working day: check-in, calling, outcomes, walk-ins.

Presses at a counter and walk-ins carry an Idempotency-Key, since the same body may be meant twice;
check-ins and outcomes need none: the same again changes nothing.
"""

from typing import Annotated
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from antrean.api.answers import private
from antrean.api.app import new_router, request_deadline
from antrean.api.counters.schemas import (
    CallNextIn,
    CallOut,
    CheckInIn,
    NumberOut,
    OutcomeIn,
    PresentOut,
    RecallIn,
    WalkInIn,
    WalkInOut,
)
from antrean.api.parameters import Day, IdempotencyKey, OfficeId
from antrean.api.roles import author
from antrean.counter.call import CounterPress, call_next, recall
from antrean.counter.check_in import check_in
from antrean.counter.outcome import note_outcome
from antrean.counter.walk_in import admit
from antrean.domain.day import Number
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.labels import parse_label
from antrean.offices.find import recent_office
from antrean.runtime import clock

router = new_router()
Label = Annotated[str, Path(max_length=40)]

ADMITTED: dict[int, OpenAPIResponse] = {
    201: {
        "description": "Given a number",
        "content": {"application/json": {"model": WalkInOut}},
    },
    200: {
        "description": "Given before, by the same request",
        "content": {"application/json": {"model": WalkInOut}},
    },
}


@router.post("/v1/staff/offices/<office_id>/check-ins")
def check_in_party(office_id: OfficeId, body: CheckInIn) -> Response[PresentOut]:
    """Check a party in, or some of it, by its code or the text of its QR."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    present = check_in(office, body.arrival(), author(router), deadline)
    return private(PresentOut.of(present, office))


@router.post("/v1/staff/offices/<office_id>/call-next")
def call_the_next(
    office_id: OfficeId, body: CallNextIn, idempotency_key: IdempotencyKey
) -> Response[CallOut]:
    """Call the next number to a counter; no ticket when nobody waits."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    press = CounterPress(body.counter, f"call-next {idempotency_key}")
    return private(CallOut.of(call_next(office, press, body.lanes, deadline), office))


@router.post("/v1/staff/offices/<office_id>/recall")
def call_again(
    office_id: OfficeId, body: RecallIn, idempotency_key: IdempotencyKey
) -> Response[CallOut]:
    """Call the counter's number once more; after the last call it is a no-show."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    press = CounterPress(body.counter, f"recall {idempotency_key}")
    return private(CallOut.of(recall(office, press, deadline), office))


@router.post("/v1/staff/offices/<office_id>/walk-ins", responses=ADMITTED)
def admit_walk_in(
    office_id: OfficeId, body: WalkInIn, idempotency_key: IdempotencyKey
) -> Response[WalkInOut]:
    """Give a person without a booking a number of today, and check them in."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    walk_in = body.walk_in(str(idempotency_key), office.local_date(clock.now()))
    admitted = admit(office, walk_in, author(router), deadline)
    out = WalkInOut.of(admitted, office)
    return private(out, status=201 if admitted.created else 200)


@router.post("/v1/staff/offices/<office_id>/tickets/<date>/<label>/outcome")
def note_an_outcome(
    office_id: OfficeId, day: Day, label: Label, body: OutcomeIn
) -> Response[NumberOut]:
    """Note what became of a number of today, and free its counter."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    number = _number(unquote(label))
    ticket = note_outcome(office, day, number, body.outcome.status, deadline)
    return private(NumberOut.of(ticket, office))


def _number(label: str) -> Number:
    try:
        return Number(*parse_label(label))
    except ValueError as wrong:
        raise InvalidRequest([FieldProblem("path:label", str(wrong))]) from None
