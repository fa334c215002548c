"""Admin routes of the calendar: national holidays and collective leave, with their decrees."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.app import new_router, request_deadline
from antrean.api.holidays.schemas import CalendarOut, HolidayIn, HolidayOut, ReachOut
from antrean.api.parameters import Day, First
from antrean.api.roles import author
from antrean.api.types import ServiceDate
from antrean.offices.holidays import remove_holiday, set_holiday
from antrean.runtime import clock
from antrean.store.items.holiday import holidays_between

router = new_router()
A_YEAR = timedelta(days=366)


@router.get("/v1/admin/calendar")
def list_holidays(
    first: First = None,
    last: Annotated[ServiceDate | None, Query(alias="to")] = None,
) -> CalendarOut:
    """List the holidays of a stretch of dates, both ends inside; of a year from today if unsaid."""
    first = first or clock.now().date()
    last = last or first + A_YEAR
    holidays = holidays_between(first, last, request_deadline()) if first <= last else {}
    return CalendarOut(holidays=[HolidayOut.of(holiday) for holiday in holidays.values()])


@router.put("/v1/admin/calendar/<date>")
def put_holiday(day: Day, body: HolidayIn) -> ReachOut:
    """Make a date a holiday; what is open of it is closed, but for what admins decided."""
    holiday = body.holiday(day)
    return ReachOut.of(day, holiday, set_holiday(holiday, author(router), request_deadline()))


@router.delete("/v1/admin/calendar/<date>")
def delete_holiday(day: Day) -> ReachOut:
    """Make a holiday an ordinary date; what it closed is opened again."""
    return ReachOut.of(day, None, remove_holiday(day, author(router), request_deadline()))
