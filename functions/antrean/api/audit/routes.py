"""Admin routes of the record of changes."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.app import new_router, request_deadline
from antrean.api.audit.schemas import AuditOut, RecordOut
from antrean.api.cursors import cursor_after, last_key
from antrean.domain.audit import AuditSearch
from antrean.domain.errors import FieldProblem, InvalidRequest, NotFound
from antrean.domain.offices import LONGEST_OFFICE_ID
from antrean.offices.find import recent_office, whole_record
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import search

router = new_router()
CAPITAL = ZoneInfo("Asia/Jakarta")
"""Whose dates are meant where no office is."""
A_DAY = timedelta(days=1)


@router.get("/v1/admin/audit")
def list_audit(
    office_id: Annotated[str | None, Query(max_length=LONGEST_OFFICE_ID)] = None,
    who: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    what: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    first: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    last: Annotated[str | None, Query(alias="to", max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> AuditOut:
    """List what was changed, newest first: at an office or everywhere, by whom, what, when.

    `from` and `to` are dates (of the office, else of Jakarta; both inside) or instants.
    """
    deadline = request_deadline()
    zone = _zone_of(office_id, deadline)
    question = AuditSearch(
        office_ids=[office_id] if office_id else whole_record(deadline),
        who=who,
        what=what,
        since=_moment("query:from", first, zone, timedelta()),
        until=_moment("query:to", last, zone, A_DAY),
    )
    page = search(question, last_key(cursor), deadline)
    return AuditOut(
        records=[RecordOut.of(record) for record in page.records],
        next=page.following and cursor_after(page.following),
    )


def _zone_of(office_id: str | None, deadline: Deadline) -> ZoneInfo:
    try:
        return recent_office(office_id, deadline).zone if office_id else CAPITAL
    except NotFound:
        return CAPITAL


def _moment(pointer: str, text: str | None, zone: ZoneInfo, later: timedelta) -> datetime | None:
    """Return the instant that a date's beginning, `later`, or an instant's own text means."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-24"):
            day = date.fromisoformat(text) + later
            return datetime(day.year, day.month, day.day, tzinfo=zone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 < moment.year < 9000:
        detail = "Send a date, 2026-11-24, or an instant with its offset, 2026-11-24T08:00:00Z."
        raise InvalidRequest([FieldProblem(pointer, detail)])
    return moment
