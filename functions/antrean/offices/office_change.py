"""What all changes of an office have in common: the version seen, the refusals, the record."""

from dataclasses import fields
from typing import Any

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.errors import FieldProblem, InvalidRequest, NotAsSeen
from antrean.domain.offices import Office
from antrean.store.items.stored_schedule import rule_as_stored, schedule_as_stored


def office_version(office: Office) -> str:
    """Return what stands for an office as an admin saw it: how often it was changed."""
    return str(office.version)


def refuse_unless_as_seen(office: Office | None, seen_version: str | None) -> None:
    """Raise `NotAsSeen` when an office is not in the version that the admin saw, if one is said.

    `office` is None where there is none yet.
    """
    if seen_version is not None and (office is None or office_version(office) != seen_version):
        raise NotAsSeen("The office is not what you saw. Read it again and decide again.")


def refuse_problems(problems: list[FieldProblem]) -> None:
    """Raise `InvalidRequest` when there are problems."""
    if problems:
        raise InvalidRequest(problems)


def office_entry(author: Author, what: str, before: Office | None, after: Office) -> AuditEntry:
    """Return the record of a change: the facts that differ, as they were and as they are.

    Of a new office (`before` is None) all facts.
    """
    facts = _facts(after)
    if before is None:
        return AuditEntry(after.office_id, author.user, what, None, facts, author.request_id)
    earlier = _facts(before)
    changed = {name: fact for name, fact in facts.items() if earlier[name] != fact}
    return AuditEntry(
        after.office_id,
        author.user,
        what,
        {name: earlier[name] for name in changed},
        changed,
        author.request_id,
    )


def _facts(office: Office) -> dict[str, Any]:
    """Return what the record says of an office."""
    facts = {field.name: getattr(office, field.name) for field in fields(office)}
    facts["schedule"] = office.schedule and schedule_as_stored(office.schedule)
    facts["releases"] = {lane: rule_as_stored(rule) for lane, rule in office.releases.items()}
    del facts["office_id"], facts["version"]
    return facts
