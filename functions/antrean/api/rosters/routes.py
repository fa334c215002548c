"""Staff routes of an office's rosters: list them, fetch one, publish one."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean.api.app import new_router, request_deadline
from antrean.api.roles import author
from antrean.api.rosters.schemas import LinkOut, RosterOut, RostersOut
from antrean.api.types import ServiceDate
from antrean.domain.audit import AuditEntry
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.offices.find import recent_office
from antrean.rosters.download import link, published
from antrean.rosters.formats import Format
from antrean.rosters.request_now import publish_now
from antrean.runtime import clock
from antrean.store.items.audit_entry import record

PAGE = 14
"""Dates in one answer: the two weeks an office plans for."""

router = new_router()

OfficeId = Annotated[str, Path(max_length=64)]
Day = Annotated[ServiceDate, Path(alias="date")]


@router.get("/v1/staff/offices/<office_id>/rosters")
def list_rosters(
    office_id: OfficeId,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> Response[RostersOut]:
    """List the dates that have a published roster, from today on unless `from` says otherwise."""
    office = recent_office(office_id, request_deadline())
    begin = _first_of(cursor) if cursor else first or office.local_date(clock.now())
    page = published(office, begin, PAGE)
    return _private(
        RostersOut(
            rosters=[RosterOut.of(manifest) for manifest in page.manifests],
            next=page.following,
        )
    )


def _first_of(cursor: str) -> date:
    try:
        return date.fromisoformat(cursor)
    except ValueError:
        problem = FieldProblem("query:cursor", "Send the cursor as it was given in `next`.")
        raise InvalidRequest([problem]) from None


@router.get("/v1/staff/offices/<office_id>/rosters/<date>")
def show_roster(
    office_id: OfficeId,
    day: Day,
    kind: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> Response[LinkOut]:
    """Sign a link to one file of a day's roster. That it was asked for goes on the record first."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    found = link(office, day, kind)
    facts = {"date": day.isoformat(), "format": kind, "sha256": found.file.content.sha256}
    record(_change(office_id, "download roster", facts), deadline)
    return _private(LinkOut.of(found))


@router.post("/v1/staff/offices/<office_id>/rosters/<date>")
def publish_roster(office_id: OfficeId, day: Day) -> Response[RosterOut]:
    """Publish a day's roster as it is now; nothing is written when it has not changed."""
    deadline = request_deadline()
    manifest = publish_now(office_id, day)
    facts = {"date": day.isoformat(), "count": manifest.count}
    record(_change(office_id, "publish roster", facts), deadline)
    return _private(RosterOut.of(manifest))


def _change(office_id: str, what: str, facts: dict[str, Any]) -> AuditEntry:
    by = author(router)
    return AuditEntry(office_id, by.user, what, None, facts, by.request_id)


def _private[T](body: T) -> Response[T]:
    return Response(
        status_code=200,
        content_type="application/json",
        body=body,
        headers={"Cache-Control": "no-store"},
    )
