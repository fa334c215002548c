"""Staff routes of the working day: check-in, calling, outcomes, walk-ins.

Presses at a counter and walk-ins carry an Idempotency-Key, since the same body may be meant twice;
check-ins and outcomes need none: the same again changes nothing.
"""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from antrean.api.app import new_router, request_deadline
from antrean.api.counters import schemas
from antrean.api.roles import author
from antrean.api.types import ServiceDate
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


OfficeId = Annotated[str, Path(max_length=64)]


Day = Annotated[ServiceDate, Path(alias="date")]


Label = Annotated[str, Path(max_length=40)]


Key = Annotated[UUID, Header(alias="Idempotency-Key")]


ADMITTED: dict[int, OpenAPIResponse] = {
    201: {
        "description": "Given a number",
        "content": {"application/json": {"model": schemas.WalkInOut}},
    },
    200: {
        "description": "Given before, by the same request",
        "content": {"application/json": {"model": schemas.WalkInOut}},
    },
}


@router.post("/v1/staff/offices/<office_id>/check-ins")
def check_in_party(office_id: OfficeId, wanted: schemas.CheckInIn) -> Response[schemas.PresentOut]:
    """Check a party in, or some of it, by its code or the text of its QR."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    present = check_in(office, wanted.arrival(), author(router), deadline)
    return _private(schemas.PresentOut.of(present, office))


@router.post("/v1/staff/offices/<office_id>/call-next")
def call_the_next(
    office_id: OfficeId, wanted: schemas.CallNextIn, idempotency_key: Key
) -> Response[schemas.CallOut]:
    """Call the next number to a counter; no ticket when nobody waits."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    press = CounterPress(wanted.counter, f"call-next {idempotency_key}")
    return _private(schemas.CallOut.of(call_next(office, press, wanted.lanes, deadline), office))


@router.post("/v1/staff/offices/<office_id>/recall")
def call_again(
    office_id: OfficeId, wanted: schemas.RecallIn, idempotency_key: Key
) -> Response[schemas.CallOut]:
    """Call the counter's number once more; after the last call it is a no-show."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    press = CounterPress(wanted.counter, f"recall {idempotency_key}")
    return _private(schemas.CallOut.of(recall(office, press, deadline), office))


@router.post("/v1/staff/offices/<office_id>/walk-ins", responses=ADMITTED)
def admit_walk_in(
    office_id: OfficeId, wanted: schemas.WalkInIn, idempotency_key: Key
) -> Response[schemas.WalkInOut]:
    """Give a person without a booking a number of today, and check them in."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    walk_in = wanted.walk_in(str(idempotency_key), office.local_date(clock.now()))
    admitted = admit(office, walk_in, author(router), deadline)
    out = schemas.WalkInOut.of(admitted, office)
    return _private(out, status=201 if admitted.created else 200)


@router.post("/v1/staff/offices/<office_id>/tickets/<date>/<label>/outcome")
def note_an_outcome(
    office_id: OfficeId, day: Day, label: Label, wanted: schemas.OutcomeIn
) -> Response[schemas.NumberOut]:
    """Note what became of a number of today, and free its counter."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    number = _number(unquote(label))
    ticket = note_outcome(office, day, number, wanted.outcome.status, deadline)
    return _private(schemas.NumberOut.of(ticket, office))


def _number(label: str) -> Number:
    try:
        return Number(*parse_label(label))
    except ValueError as wrong:
        raise InvalidRequest([FieldProblem("path:label", str(wrong))]) from None


def _private[T](body: T, status: int = 200) -> Response[T]:
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    return Response(status, content_type="application/json", body=body, headers=headers)
