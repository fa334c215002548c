"""The staff API: an office's rosters, and its working day."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.api.access import authorise, caller, protect
from antrean.api.app import budget, new_app, serve
from antrean.api.routes import counters
from antrean.api.schemas import ServiceDate
from antrean.api.staff_schemas import LinkOut, RosterOut, RostersOut
from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.offices.find import office_of
from antrean.rosters.download import link, published
from antrean.rosters.formats import Format
from antrean.rosters.now import publish_now
from antrean.store.audit import Change, record

PAGE = 14
"""Dates in one answer: the two weeks an office plans for."""

app = new_app()
protect(app)
app.include_router(counters.router)

OfficeId = Annotated[str, Path(max_length=64)]
Day = Annotated[ServiceDate, Path(alias="date")]


@app.get("/v1/staff/offices/<office_id>/rosters")
def list_rosters(
    office_id: OfficeId,
    first: Annotated[ServiceDate | None, Query(alias="from")] = None,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
) -> Response[RostersOut]:
    """List the dates that have a published roster, from today on unless `from` says otherwise."""
    office = office_of(office_id, budget())
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


@app.get("/v1/staff/offices/<office_id>/rosters/<date>")
def show_roster(
    office_id: OfficeId,
    day: Day,
    kind: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> Response[LinkOut]:
    """Sign a link to one file of a day's roster. That it was asked for goes on the record first."""
    spent = budget()
    office = office_of(office_id, spent)
    found = link(office, day, kind)
    facts = {"date": day.isoformat(), "format": kind, "sha256": found.file.content.sha256}
    record(_change(office_id, "download roster", facts), spent)
    return _private(LinkOut.of(found))


@app.post("/v1/staff/offices/<office_id>/rosters/<date>")
def publish_roster(office_id: OfficeId, day: Day) -> Response[RosterOut]:
    """Publish a day's roster as it is now; nothing is written when it has not changed."""
    spent = budget()
    manifest = publish_now(office_id, day)
    facts = {"date": day.isoformat(), "count": manifest.count}
    record(_change(office_id, "publish roster", facts), spent)
    return _private(RosterOut.of(manifest))


def _change(office_id: str, what: str, facts: dict[str, Any]) -> Change:
    request_id = app.current_event.request_context.request_id or ""
    return Change(office_id, caller(app).user, what, None, facts, request_id)


def _private[T](body: T) -> Response[T]:
    return Response(
        status_code=200,
        content_type="application/json",
        body=body,
        headers={"Cache-Control": "no-store"},
    )


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer API Gateway."""
    return serve(app, event, context, authorise)
