"""Admins set offices up: profile and limits, weekly schedule, release rules, opened days."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from antrean.domain.day import DayRules
from antrean.domain.errors import FieldProblem, InvalidRequest, NotFound, PreconditionFailed
from antrean.domain.offices import Office, OfficeStatus, Position, Service
from antrean.domain.planning import Extent
from antrean.domain.releases import ReleaseRule
from antrean.domain.schedule import Schedule
from antrean.domain.slots import Lane
from antrean.offices.opening import days_ahead, extent_of, holidays_around, keep_in_line
from antrean.offices.records import planned_on_record
from antrean.store.audit import Author, Change
from antrean.store.calls import Budget, Transaction
from antrean.store.offices import (
    add_office,
    all_offices,
    change_office,
    get_office,
    nothing_else,
)
from antrean.store.planning import Written
from antrean.store.schedules import rule_as_stored, schedule_as_stored


@dataclass(frozen=True, slots=True)
class Profile:
    """What an admin says of an office: who and where it is, and its limits; see `Office`."""

    name: str
    office_class: str
    city: str
    province: str
    timezone: str
    daily_quota: int
    quota_basis: str
    parent_office_id: str | None
    services: tuple[Service, ...]
    position: Position | None
    horizon_days: int
    reoffer_after: tuple[int, int]
    closes_at: str | None
    day_rules: DayRules

    def facts(self) -> dict[str, Any]:
        """Return the profile by the names of an office's fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def set_up(
    office_id: str,
    profile: Profile,
    author: Author,
    budget: Budget,
    *,
    only: Collection[str] | None = None,
    also: Callable[[Transaction], None] = nothing_else,
    seen_version: str | None = None,
) -> tuple[Office, bool]:
    """Create an office, or replace the profile of the one there is; say whether it is new.

    A new office is `preparing`. Schedule, release rules and status of one that is there stay, and
    with `only` (names of the profile's fields) its other fields too. What is the same already is
    not written and not put on record; what is written is one transaction, with what `also` adds.
    Raises `PreconditionFailed` when the office is not in the version that the admin saw (if that
    is said), `InvalidRequest`, `ChangedMeanwhile`, `Unavailable`.
    """
    try:
        seen = get_office(office_id, budget)
    except NotFound:
        seen = None
    _refuse_other_version(seen, seen_version)
    office = as_wanted(office_id, seen, profile, only)
    others = all_offices(budget, consistent=True) if office.parent_office_id is not None else ()
    _refuse(problems(seen, office, {other.office_id: other for other in others}))
    if seen is None:
        add_office(office, _change(author, "create office", None, office), budget, also)
        return office, True
    if office != seen:
        change = _change(author, "change office", seen, office)
        office = change_office(seen, office, change, budget, also)
    return office, False


def as_wanted(
    office_id: str, seen: Office | None, profile: Profile, only: Collection[str] | None = None
) -> Office:
    """Return what an office (None: there is none) becomes with this profile; see `set_up`."""
    if seen is None:
        return Office(office_id, **profile.facts())
    given = {name: value for name, value in profile.facts().items() if only is None or name in only}
    return replace(seen, **given)


def version(office: Office) -> str:
    """Return what stands for an office as an admin saw it: how often it was changed."""
    return str(office.version)


def _refuse_other_version(seen: Office | None, seen_version: str | None) -> None:
    if seen_version is not None and (seen is None or version(seen) != seen_version):
        raise PreconditionFailed("The office is not what you saw. Read it again and decide anew.")


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidRequest(problems)


def problems(
    seen: Office | None, office: Office, others: Mapping[str, Office]
) -> list[FieldProblem]:
    """Return why an office may not become `office`; `others` (by id) tell of a unit's parent."""
    found = [
        FieldProblem("/limits", f"The release rule of {problem.pointer} would not fit.")
        for problem in office.limit_problems()
    ]
    if office.reoffer_after[0] > office.reoffer_after[1]:
        found.append(FieldProblem("/limits/reoffer_after/at_most", "It is less than `at_least`."))
    if seen and seen.timezone != office.timezone and seen.status is not OfficeStatus.PREPARING:
        detail = "Dates and releases hang on it: it changes only while the office is preparing."
        found.append(FieldProblem("/timezone", detail))
    if office.parent_office_id is not None:
        found += [
            FieldProblem("/parent_office_id", wrong) for wrong in _wrong_parent(office, others)
        ]
    return found


def _wrong_parent(office: Office, others: Mapping[str, Office]) -> list[str]:
    """Return what is wrong with a unit's parent. Kanim have units, units have none."""
    parent = others.get(office.parent_office_id or "")
    if parent is None:
        return ["There is no such office."]
    if parent.office_id == office.office_id or parent.parent_office_id is not None:
        return ["Name the kanim that the unit belongs to, not a unit."]
    if any(other.parent_office_id == office.office_id for other in others.values()):
        return ["This office has units of its own, so it is no unit."]
    return []


def set_schedule(
    office_id: str,
    schedule: Schedule,
    author: Author,
    budget: Budget,
    seen_version: str | None = None,
) -> Office:
    """Give an office this schedule, in place of the one it has.

    It decides about days that are opened from now on; `open_days` plans those that are open
    anew. Raises `InvalidRequest`, `NotFound`, `PreconditionFailed`, `ChangedMeanwhile`,
    `Unavailable`.
    """
    _refuse(schedule.problems())
    seen = get_office(office_id, budget)
    _refuse_other_version(seen, seen_version)
    office = replace(seen, schedule=schedule)
    if office == seen:
        return seen
    return change_office(seen, office, _change(author, "set schedule", seen, office), budget)


def set_releases(
    office_id: str,
    rules: Mapping[Lane, ReleaseRule],
    author: Author,
    budget: Budget,
    seen_version: str | None = None,
) -> tuple[Office, Written]:
    """Give an office these release rules, and no other; return it, and what that changed.

    Places that are not released yet follow the new rules at once, those of slots with a quota
    that an admin set, too. What was released once stays bookable. Where the time does not
    suffice, a repeat goes on. Raises `InvalidRequest` for a rule that does not fit the office's
    limits, `NotFound`, `PreconditionFailed`, `ChangedMeanwhile`, `Unavailable`.
    """
    seen = get_office(office_id, budget)
    _refuse_other_version(seen, seen_version)
    office = replace(seen, releases=dict(rules))
    _refuse([FieldProblem(f"/rules{one.pointer}", one.detail) for one in office.limit_problems()])
    if office != seen:
        change = _change(author, "set release rules", seen, office)
        office = change_office(seen, office, change, budget)
    extent = Extent(fixed_releases=True, opens=False)
    return office, _keep_in_line(office, extent, author, budget)


def open_days(office_id: str, author: Author, budget: Budget, *, replan: bool = False) -> Written:
    """Open an office's days up to its horizon now, without waiting for the OpenDays job.

    With `replan`, and at an office that is preparing, slots of days that are open and that nobody
    has touched (no number taken, no admin's decision) become what the schedule and the rules say
    now, or go. A repeat writes nothing. Raises `NotFound`, `Unavailable`; what was written stays,
    and a repeat goes on.
    """
    office = get_office(office_id, budget)
    extent = Extent(replan=True) if replan else extent_of(office)
    return _keep_in_line(office, extent, author, budget)


def _keep_in_line(office: Office, extent: Extent, author: Author, budget: Budget) -> Written:
    return keep_in_line(
        office,
        days_ahead(office),
        holidays_around(budget),
        budget,
        extent=extent,
        recording=planned_on_record(office.office_id, author, "plan days"),
    )


def _change(author: Author, what: str, seen: Office | None, office: Office) -> Change:
    """Return the record of what differs between an office as it was and as it is."""
    told = _told(office)
    before = _told(seen) if seen else None
    if before is not None:
        told = {name: value for name, value in told.items() if before[name] != value}
        before = {name: before[name] for name in told}
    return Change(office.office_id, author.user, what, before, told, author.request_id)


def _told(office: Office) -> dict[str, Any]:
    """Return an office as the record tells it."""
    told = {field.name: getattr(office, field.name) for field in fields(office)}
    told["schedule"] = office.schedule and schedule_as_stored(office.schedule)
    told["releases"] = {lane: rule_as_stored(rule) for lane, rule in office.releases.items()}
    del told["office_id"], told["version"]
    return told
