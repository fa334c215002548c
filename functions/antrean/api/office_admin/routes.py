"""Admin routes that set offices up: profile, status, schedule, release rules, opened days."""

from aws_lambda_powertools.event_handler import Response

from antrean.api.answers import tagged
from antrean.api.app import new_router, request_deadline
from antrean.api.office_admin.schemas import (
    AdminOfficeOut,
    DaysOpenIn,
    ReleasesIn,
    RulesOut,
    ScheduleIO,
    ScheduleOut,
    StatusIn,
    WrittenOut,
)
from antrean.api.parameters import IfMatch, NewOfficeId, OfficeId, seen_version
from antrean.api.pointers import found_at
from antrean.api.roles import author
from antrean.domain.offices import Office
from antrean.imports.office_row import OfficeIn
from antrean.offices import opening, profile, schedule
from antrean.offices.staff_users import has_staff
from antrean.offices.status import Proofs, set_status
from antrean.releases import apply
from antrean.rosters.rehearsal import has_rehearsed
from antrean.runtime import clock
from antrean.store.items.office import get_office

router = new_router()


@router.get("/v1/admin/offices/<office_id>")
def show_office(office_id: OfficeId) -> Response[AdminOfficeOut]:
    """Show an office with its limits, as it is now."""
    office = get_office(office_id, request_deadline())
    return tagged(office, AdminOfficeOut.of(office))


@router.put("/v1/admin/offices/<office_id>")
def put_office(
    office_id: NewOfficeId, body: OfficeIn, if_match: IfMatch = None
) -> Response[AdminOfficeOut]:
    """Create an office, preparing; or replace the profile and limits of the one there is."""
    office, is_new = profile.set_up(
        office_id,
        body.facts(),
        author(router),
        request_deadline(),
        seen_version=seen_version(if_match),
    )
    return tagged(office, AdminOfficeOut.of(office), 201 if is_new else 200)


@router.post("/v1/admin/offices/<office_id>/status")
def set_office_status(office_id: OfficeId, body: StatusIn) -> AdminOfficeOut:
    """Open an office that is ready, suspend it, or take it back to preparing."""
    office = set_status(
        office_id,
        body.status,
        body.reason,
        author(router),
        Proofs(_staffed, _rehearsed),
        request_deadline(),
    )
    return AdminOfficeOut.of(office)


def _staffed(office: Office) -> bool:
    return has_staff(office.office_id)


def _rehearsed(office: Office) -> bool:
    return has_rehearsed(office.office_id, office.local_date(clock.now()))


@router.get("/v1/admin/offices/<office_id>/schedule")
def show_schedule(office_id: OfficeId) -> Response[ScheduleOut]:
    """Show the schedule that an office works by."""
    office = get_office(office_id, request_deadline())
    return tagged(office, ScheduleOut.of(office))


@router.put("/v1/admin/offices/<office_id>/schedule")
def put_schedule(
    office_id: OfficeId, body: ScheduleIO, if_match: IfMatch = None
) -> Response[ScheduleOut]:
    """Replace an office's schedule, for the days that are opened from now on."""
    office = schedule.set_schedule(
        office_id, body.schedule(), author(router), request_deadline(), seen_version(if_match)
    )
    return tagged(office, ScheduleOut.of(office))


@router.get("/v1/admin/offices/<office_id>/releases")
def show_release_rules(office_id: OfficeId) -> Response[RulesOut]:
    """Show the release rule of every lane."""
    office = get_office(office_id, request_deadline())
    return tagged(office, RulesOut.of(office))


@router.put("/v1/admin/offices/<office_id>/releases")
def put_release_rules(
    office_id: OfficeId, body: ReleasesIn, if_match: IfMatch = None
) -> Response[RulesOut]:
    """Replace an office's release rules, for all places that are not released yet."""
    with found_at("/rules"):
        office, written = apply.set_releases(
            office_id, body.by_lane(), author(router), request_deadline(), seen_version(if_match)
        )
    return tagged(office, RulesOut.of(office, written))


@router.post("/v1/admin/offices/<office_id>/days/open")
def open_days(office_id: OfficeId, body: DaysOpenIn) -> WrittenOut:
    """Open an office's days to its horizon now; `replan` those that are open and untouched."""
    written = opening.open_days(office_id, author(router), request_deadline(), replan=body.replan)
    return WrittenOut.of(written)
