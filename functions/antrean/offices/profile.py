"""An admin sets an office up: its facts, which are who and where it is, and its limits."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.errors import FieldProblem, NotFound
from antrean.domain.offices import Office, OfficeFacts, OfficeStatus
from antrean.offices.office_change import office_entry, refuse_problems, refuse_unless_as_seen
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
    """Create an office, or replace the facts of the one there is; return it, and whether it is new.

    A new office is `preparing`. One that is there keeps its schedule, release rules and status,
    and with `only` (names of facts) its other facts too. What is the same already is not written
    and not put on the record. What is written is one transaction, with what `also` adds. Raises
    `NotAsSeen` when the office is not in the version that the admin saw (if one is said),
    `InvalidRequest`, `ChangedMeanwhile`, `Unavailable`.
    """
    try:
        before = get_office(office_id, deadline)
    except NotFound:
        before = None
    refuse_unless_as_seen(before, seen_version)
    after = with_facts(office_id, before, facts, only)
    others = all_offices(deadline, consistent=True) if after.parent_office_id is not None else ()
    refuse_problems(problems(before, after, {other.office_id: other for other in others}))
    if before is None:
        add_office(after, office_entry(author, "create office", None, after), deadline, also)
        return after, True
    if after != before:
        entry = office_entry(author, "change office", before, after)
        after = change_office(before, after, entry, deadline, also)
    return after, False


def with_facts(
    office_id: str, before: Office | None, facts: OfficeFacts, only: Collection[str] | None = None
) -> Office:
    """Return what an office (None: there is none) becomes with these facts; see `set_up`."""
    if before is None:
        return Office(office_id, **facts.by_name())
    given = {name: value for name, value in facts.by_name().items() if only is None or name in only}
    return replace(before, **given)


def problems(
    before: Office | None, after: Office, others: Mapping[str, Office]
) -> list[FieldProblem]:
    """Return why an office may not become `after`; `others` are the offices by id."""
    found = [
        FieldProblem("/limits", f"The release rule of {problem.pointer} would not fit.")
        for problem in after.limit_problems()
    ]
    if after.reoffer_after[0] > after.reoffer_after[1]:
        found.append(FieldProblem("/limits/reoffer_after/at_most", "It is less than `at_least`."))
    bound = before is not None and before.status is not OfficeStatus.PREPARING
    if before and bound and before.timezone != after.timezone:
        detail = "Dates and releases hang on it: it changes only while the office is preparing."
        found.append(FieldProblem("/timezone", detail))
    if after.parent_office_id is not None:
        found += [
            FieldProblem("/parent_office_id", wrong) for wrong in _wrong_parent(after, others)
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
