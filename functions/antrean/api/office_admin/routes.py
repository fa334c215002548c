"""Admin routes that set offices up: profile, status, schedule, release rules, opened days."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path

from antrean.api.app import new_router, request_deadline
from antrean.api.office_admin import schemas
from antrean.api.roles import author
from antrean.domain.offices import Office
from antrean.imports.office_row import LONGEST_OFFICE_ID, OFFICE_ID, OfficeIn
from antrean.offices import office_change, opening, profile, schedule
from antrean.offices.staff_users import has_staff
from antrean.offices.status import Proofs, set_status
from antrean.releases import apply
from antrean.rosters.rehearsal import has_rehearsed
from antrean.runtime import clock
from antrean.store.items.office import get_office

router = new_router()


OfficeId = Annotated[str, Path(max_length=64)]


NewOfficeId = Annotated[str, Path(max_length=LONGEST_OFFICE_ID, pattern=OFFICE_ID)]


IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40)]
"""The `version` (or ETag) that the caller saw; without it a change is made whatever it is now."""


def _seen(if_match: str | None) -> str | None:
    return if_match and if_match.strip('"')


def _tagged[T](office: Office, body: T, status: int = 200) -> Response[T]:
    headers: dict[str, str | list[str]] = {"ETag": f'"{office_change.version(office)}"'}
    return Response(status, content_type="application/json", body=body, headers=headers)


@router.get("/v1/admin/offices/<office_id>")
def show_office(office_id: OfficeId) -> Response[schemas.AdminOfficeOut]:
    """Show an office with its limits, as it is now."""
    office = get_office(office_id, request_deadline())
    return _tagged(office, schemas.office_out(office))


@router.put("/v1/admin/offices/<office_id>")
def put_office(
    office_id: NewOfficeId, wanted: OfficeIn, if_match: IfMatch = None
) -> Response[schemas.AdminOfficeOut]:
    """Create an office, preparing; or replace the profile and limits of the one there is."""
    office, is_new = profile.set_up(
        office_id,
        wanted.facts(),
        author(router),
        request_deadline(),
        seen_version=_seen(if_match),
    )
    return _tagged(office, schemas.office_out(office), 201 if is_new else 200)


@router.post("/v1/admin/offices/<office_id>/status")
def set_office_status(office_id: OfficeId, wanted: schemas.StatusIn) -> schemas.AdminOfficeOut:
    """Open an office that is ready, suspend it, or take it back to preparing."""
    office = set_status(
        office_id,
        wanted.status,
        wanted.reason,
        author(router),
        Proofs(_staffed, _rehearsed),
        request_deadline(),
    )
    return schemas.office_out(office)


def _staffed(office: Office) -> bool:
    return has_staff(office.office_id)


def _rehearsed(office: Office) -> bool:
    return has_rehearsed(office.office_id, office.local_date(clock.now()))


@router.get("/v1/admin/offices/<office_id>/schedule")
def show_schedule(office_id: OfficeId) -> Response[schemas.ScheduleOut]:
    """Show the schedule that an office works by."""
    office = get_office(office_id, request_deadline())
    return _tagged(office, schemas.schedule_out(office))


@router.put("/v1/admin/offices/<office_id>/schedule")
def put_schedule(
    office_id: OfficeId, wanted: schemas.ScheduleIO, if_match: IfMatch = None
) -> Response[schemas.ScheduleOut]:
    """Replace an office's schedule, for the days that are opened from now on."""
    office = schedule.set_schedule(
        office_id, wanted.schedule(), author(router), request_deadline(), _seen(if_match)
    )
    return _tagged(office, schemas.schedule_out(office))


@router.get("/v1/admin/offices/<office_id>/releases")
def show_release_rules(office_id: OfficeId) -> Response[schemas.RulesOut]:
    """Show the release rule of every lane."""
    office = get_office(office_id, request_deadline())
    return _tagged(office, schemas.rules_out(office))


@router.put("/v1/admin/offices/<office_id>/releases")
def put_release_rules(
    office_id: OfficeId, wanted: schemas.ReleasesIn, if_match: IfMatch = None
) -> Response[schemas.RulesOut]:
    """Replace an office's release rules, for all places that are not released yet."""
    rules = wanted.by_lane()
    office, written = apply.set_releases(
        office_id, rules, author(router), request_deadline(), _seen(if_match)
    )
    return _tagged(office, schemas.rules_out(office, written))


@router.post("/v1/admin/offices/<office_id>/days/open")
def open_days(office_id: OfficeId, wanted: schemas.DaysOpenIn) -> schemas.WrittenOut:
    """Open an office's days to its horizon now; `replan` those that are open and untouched."""
    written = opening.open_days(office_id, author(router), request_deadline(), replan=wanted.replan)
    return schemas.written_out(written)
