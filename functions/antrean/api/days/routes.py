"""Admin routes of an office's days: quotas, places for walk-ins, closures, moves."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from antrean.api.app import new_router, request_deadline
from antrean.api.days import schemas
from antrean.api.roles import author
from antrean.api.types import Hour, ServiceDate
from antrean.days.change_days import change_day, change_days
from antrean.days.move_day import begin_move
from antrean.days.move_queue import enqueue_move
from antrean.domain.calendar import last_of
from antrean.domain.hours import stored_hour
from antrean.domain.moves import MoveProgress
from antrean.domain.slots import Lane
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.store.items.move import get_move
from antrean.store.items.slot import slots_between

router = new_router()


OfficeId = Annotated[str, Path(max_length=64)]


Day = Annotated[ServiceDate, Path(alias="date")]


@router.get("/v1/admin/offices/<office_id>/days")
def list_days(
    office_id: OfficeId,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=schemas.MOST_DAYS)] = 30,
) -> schemas.DaysOut:
    """List the days of an office that have slots, with every lane's figures."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    first = first or office.local_date(clock.now())
    last = last_of(first, days)
    slots = slots_between(office_id, first, last, deadline, consistent=True)
    return schemas.days_out(office_id, slots)


@router.patch("/v1/admin/offices/<office_id>/days/<date>")
def change_one_day(
    office_id: OfficeId,
    day: Day,
    wanted: schemas.DayIn,
    if_match: Annotated[str | None, Header(alias="If-Match", max_length=40)] = None,
) -> schemas.DayOut:
    """Change a day, all or nothing; with If-Match only if it is what the caller saw."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    seen = if_match and if_match.strip('"')
    slots = change_day(office, day, wanted.wanted(), author(router), deadline, seen)
    return schemas.day_out(day, slots)


@router.patch("/v1/admin/offices/<office_id>/days")
def change_many_days(office_id: OfficeId, wanted: schemas.DaysIn) -> schemas.ResultsOut:
    """Change a range of dates alike; each date has a result of its own."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    results = change_days(office, wanted.dates(), wanted.wanted(), author(router), deadline)
    return schemas.results_out(office_id, results)


@router.post("/v1/admin/offices/<office_id>/days/<date>/move")
def move_day(
    office_id: OfficeId, day: Day, wanted: schemas.MoveDayIn
) -> Response[schemas.MoveDayOut]:
    """Close a day, or a part of it, and move its people to the next dates with room."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    start = wanted.window and stored_hour(wanted.window)
    progress = begin_move(office, day, wanted.lane, start, wanted.reason, author(router), deadline)
    enqueue_move(progress)
    body = schemas.move_out(progress)
    return Response(202, content_type="application/json", body=body)


@router.get("/v1/admin/offices/<office_id>/days/<date>/move")
def show_move(
    office_id: OfficeId,
    day: Day,
    lane: Annotated[Lane | None, Query()] = None,
    window: Annotated[Hour | None, Query()] = None,
) -> schemas.MoveDayOut:
    """Show how far a move is."""
    scope = MoveProgress(office_id, day, lane, window and stored_hour(window), "").scope
    return schemas.move_out(get_move(office_id, scope, request_deadline()))
