"""Admins set offices up: profile and limits."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.errors import FieldProblem, NotFound
from antrean.domain.offices import Office, OfficeFacts, OfficeStatus
from antrean.offices.office_change import office_entry, refuse, refuse_other_version
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices, get_office
from antrean.store.transaction import Transaction
from antrean.store.writes.change_office import add_office, change_office, nothing_else


def set_up(
    office_id: str,
    facts: OfficeFacts,
    author: Author,
    deadline: Deadline,
    *,
    only: Collection[str] | None = None,
    also: Callable[[Transaction], None] = nothing_else,
    seen_version: str | None = None,
) -> tuple[Office, bool]:
    """Create an office, or replace the facts of the one there is; say whether it is new.

    A new office is `preparing`. Schedule, release rules and status of one that is there stay, and
    with `only` (names of facts) its other facts too. What is the same already is
    not written and not put on record; what is written is one transaction, with what `also` adds.
    Raises `NotAsSeen` when the office is not in the version that the admin saw (if that
    is said), `InvalidRequest`, `ChangedMeanwhile`, `Unavailable`.
    """
    try:
        seen = get_office(office_id, deadline)
    except NotFound:
        seen = None
    refuse_other_version(seen, seen_version)
    office = with_facts(office_id, seen, facts, only)
    others = all_offices(deadline, consistent=True) if office.parent_office_id is not None else ()
    refuse(problems(seen, office, {other.office_id: other for other in others}))
    if seen is None:
        add_office(office, office_entry(author, "create office", None, office), deadline, also)
        return office, True
    if office != seen:
        change = office_entry(author, "change office", seen, office)
        office = change_office(seen, office, change, deadline, also)
    return office, False


def with_facts(
    office_id: str, seen: Office | None, facts: OfficeFacts, only: Collection[str] | None = None
) -> Office:
    """Return what an office (None: there is none) becomes with these facts; see `set_up`."""
    if seen is None:
        return Office(office_id, **facts.by_name())
    given = {name: value for name, value in facts.by_name().items() if only is None or name in only}
    return replace(seen, **given)


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
