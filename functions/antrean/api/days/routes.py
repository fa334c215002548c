"""Admin routes of an office's days: quotas, places for walk-ins, closures, moves."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.answers import JSON
from antrean.api.app import new_router, request_deadline
from antrean.api.days.schemas import (
    DayIn,
    DayOut,
    DaysIn,
    DaysOut,
    MoveDayIn,
    MoveDayOut,
    ResultsOut,
)
from antrean.api.parameters import Day, Days, First, IfMatch, OfficeId, seen_version
from antrean.api.roles import author
from antrean.days.change_days import change_day, change_days, still_open
from antrean.days.move_day import begin_move
from antrean.days.move_queue import enqueue_move
from antrean.domain.calendar import last_of
from antrean.domain.hours import stored_hour
from antrean.domain.moves import MoveProgress
from antrean.domain.slots import Lane
from antrean.offices.find import recent_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.field_types import Hour
from antrean.store.items.holiday import get_holiday
from antrean.store.items.move import get_move
from antrean.store.items.slot import slots_between
from antrean.store.items.staying import who_stays

router = new_router()


@router.get("/v1/admin/offices/<office_id>/days")
def list_days(office_id: OfficeId, first: First = None, days: Days = 30) -> DaysOut:
    """List the days of an office that have slots, with every lane's figures."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    first = first or office.local_date(clock.now())
    last = last_of(first, days)
    slots = slots_between(office_id, first, last, deadline, consistent=True)
    return DaysOut.of(office_id, slots)


@router.patch("/v1/admin/offices/<office_id>/days/<date>")
def change_one_day(office_id: OfficeId, day: Day, body: DayIn, if_match: IfMatch = None) -> DayOut:
    """Change a day, all or nothing; with If-Match only if it is what the caller saw."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    version = seen_version(if_match)
    change = body.change()
    slots = change_day(office, day, change, author(router), deadline, version)
    stays = still_open(office, slots, change, get_holiday(day, deadline))
    return DayOut.of(day, slots, stays)


@router.patch("/v1/admin/offices/<office_id>/days")
def change_many_days(office_id: OfficeId, body: DaysIn) -> ResultsOut:
    """Change a range of dates alike; each date has a result of its own."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    results = change_days(office, body.dates(), body.change(), author(router), deadline)
    return ResultsOut.of(office_id, results)


@router.post("/v1/admin/offices/<office_id>/days/<date>/move")
def move_day(office_id: OfficeId, day: Day, body: MoveDayIn) -> Response[MoveDayOut]:
    """Close a day, or a part of it, and move its people to the next dates with room."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    start = body.window and stored_hour(body.window)
    progress = begin_move(office, day, body.lane, start, body.reason, author(router), deadline)
    enqueue_move(progress)
    return Response(202, content_type=JSON, body=_move_out(progress, deadline))


@router.get("/v1/admin/offices/<office_id>/days/<date>/move")
def show_move(
    office_id: OfficeId,
    day: Day,
    lane: Annotated[Lane | None, Query()] = None,
    window: Annotated[Hour | None, Query()] = None,
) -> MoveDayOut:
    """Show how far a move is, and which bookings it did not move and why."""
    scope = MoveProgress(office_id, day, lane, window and stored_hour(window), "").scope
    deadline = request_deadline()
    return _move_out(get_move(office_id, scope, deadline), deadline)


def _move_out(progress: MoveProgress, deadline: Deadline) -> MoveDayOut:
    return MoveDayOut.of(progress, who_stays(progress, deadline))
