"""Staff routes of an office's rosters: list them, fetch one, publish one."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api.answers import private
from antrean.api.app import new_router, request_deadline
from antrean.api.cursors import not_a_cursor
from antrean.api.parameters import Day, First, OfficeId
from antrean.api.roles import author
from antrean.api.rosters.schemas import LinkOut, RosterOut, RostersOut
from antrean.domain.audit import AuditEntry
from antrean.offices.find import recent_office
from antrean.rosters.download import link, published
from antrean.rosters.formats import Format
from antrean.rosters.request_now import publish_now
from antrean.runtime import clock
from antrean.store.items.audit_entry import record

PAGE = 14
"""Dates in one answer: the two weeks an office plans for."""

router = new_router()


@router.get("/v1/staff/offices/<office_id>/rosters")
def list_rosters(
    office_id: OfficeId,
    first: First = None,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> Response[RostersOut]:
    """List the dates that have a published roster, from today on unless `from` says otherwise."""
    office = recent_office(office_id, request_deadline())
    begin = _first_of(cursor) if cursor else first or office.local_date(clock.now())
    page = published(office, begin, PAGE)
    rosters = [RosterOut.of(manifest) for manifest in page.manifests]
    return private(RostersOut(rosters=rosters, next=page.following))


def _first_of(cursor: str) -> date:
    try:
        return date.fromisoformat(cursor)
    except ValueError:
        raise not_a_cursor() from None


@router.get("/v1/staff/offices/<office_id>/rosters/<date>")
def show_roster(
    office_id: OfficeId,
    day: Day,
    kind: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> Response[LinkOut]:
    """Sign a link to one file of a day's roster. That it was asked for goes on the record first."""
    deadline = request_deadline()
    office = recent_office(office_id, deadline)
    signed = link(office, day, kind)
    facts = {"date": day.isoformat(), "format": kind, "sha256": signed.file.content.sha256}
    record(_entry(office_id, "download roster", facts), deadline)
    return private(LinkOut.of(signed))


@router.post("/v1/staff/offices/<office_id>/rosters/<date>")
def publish_roster(office_id: OfficeId, day: Day) -> Response[RosterOut]:
    """Publish a day's roster as it is now; nothing is written when it has not changed."""
    deadline = request_deadline()
    manifest = publish_now(office_id, day)
    facts = {"date": day.isoformat(), "count": manifest.count}
    record(_entry(office_id, "publish roster", facts), deadline)
    return private(RosterOut.of(manifest))


def _entry(office_id: str, what: str, facts: dict[str, Any]) -> AuditEntry:
    by = author(router)
    return AuditEntry(office_id, by.user, what, None, facts, by.request_id)
