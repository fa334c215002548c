"""Public routes of what can be booked when: at one office, and across offices."""

import json
from typing import Annotated

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.app import new_router, request_deadline
from antrean.api.availability.schemas import AvailabilityOut, SpareOut
from antrean.api.parameters import Days, First, OfficeId
from antrean.days.availability import availability
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.offices import Position
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY
from antrean.offices.find import watched_office
from antrean.releases.nearby import Search, find_spare
from antrean.runtime import clock
from antrean.runtime.ttl_cache import TtlCache

router = new_router()
Party = Annotated[int, Query(ge=1, le=LARGEST_PARTY)]
NEAR = r"^-?[0-9]{1,3}(\.[0-9]{1,6})?,-?[0-9]{1,3}(\.[0-9]{1,6})?$"
"""Degrees north and east, such as -5.45,105.26."""


@router.get("/v1/availability")
def search_availability(
    lane: Annotated[Lane, Query()] = Lane.REGULAR,
    party: Party = 1,
    first: First = None,
    province: Annotated[str | None, Query(max_length=60)] = None,
    near: Annotated[str | None, Query(pattern=NEAR)] = None,
    within_km: Annotated[float, Query(gt=0, le=6000)] = 200,
) -> SpareOut:
    """Show which offices have room, the earliest first: of a province, or around a point."""
    search = Search(lane, party, first, province, _position(near) if near else None, within_km)
    offices, as_of = find_spare(search, request_deadline())
    return SpareOut.of(search, offices, as_of)


def _position(near: str) -> Position:
    latitude, longitude = map(float, near.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        detail = "Degrees north within 90 and east within 180, such as -5.45,105.26."
        raise InvalidRequest([FieldProblem("query:near", detail)])
    return Position(latitude, longitude)


ANSWERS: TtlCache[tuple[object, ...], str] = TtlCache(seconds=2, most=300)
"""The JSON of answers given lately, by path and query; some 20 kB each."""


def _lately(app: APIGatewayRestResolver, answer: NextMiddleware) -> Response[str]:
    """Answer a valid request as it was answered a moment ago, else again.

    What it is made of is remembered too, so an answer tells what was so at most four seconds ago
    (`watched_office`: the office somewhat longer).
    """
    event = app.current_event
    query = event.resolved_query_string_parameters
    asked = (event.path, *((name, *values) for name, values in sorted(query.items())))
    body = ANSWERS.get(asked) or ANSWERS.put(asked, _as_json(answer(app)))
    return Response(status_code=200, content_type="application/json", body=body)


def _as_json(answered: Response[object]) -> str:
    return json.dumps(answered.body, separators=(",", ":"))


@router.get("/v1/offices/<office_id>/availability", middlewares=[_lately])
def show_availability(
    office_id: OfficeId,
    first: First = None,
    days: Days = 30,
    lane: Annotated[Lane, Query()] = Lane.REGULAR,
    party: Party = 1,
) -> AvailabilityOut:
    """Show which days of an office have room for a party, and why the others have none."""
    deadline = request_deadline()
    office = watched_office(office_id, deadline)
    first = first or office.local_date(clock.now())
    states = availability(office, first, days, lane, party, deadline)
    return AvailabilityOut.of(office, lane, party, states)
