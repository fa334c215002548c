"""What every change of an office has in common: the version seen, the refusal, the record."""

from dataclasses import fields
from typing import Any

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.errors import FieldProblem, InvalidRequest, NotAsSeen
from antrean.domain.offices import Office
from antrean.store.items.stored_schedule import rule_as_stored, schedule_as_stored


def version(office: Office) -> str:
    """Return what stands for an office as an admin saw it: how often it was changed."""
    return str(office.version)


def refuse_other_version(seen: Office | None, seen_version: str | None) -> None:
    if seen_version is not None and (seen is None or version(seen) != seen_version):
        raise NotAsSeen("The office is not what you saw. Read it again and decide anew.")


def refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidRequest(problems)


def office_entry(author: Author, what: str, seen: Office | None, office: Office) -> AuditEntry:
    """Return the record of what differs between an office as it was and as it is."""
    told = _told(office)
    before = _told(seen) if seen else None
    if before is not None:
        told = {name: value for name, value in told.items() if before[name] != value}
        before = {name: before[name] for name in told}
    return AuditEntry(office.office_id, author.user, what, before, told, author.request_id)


def _told(office: Office) -> dict[str, Any]:
    """Return an office as the record tells it."""
    told = {field.name: getattr(office, field.name) for field in fields(office)}
    told["schedule"] = office.schedule and schedule_as_stored(office.schedule)
    told["releases"] = {lane: rule_as_stored(rule) for lane, rule in office.releases.items()}
    del told["office_id"], told["version"]
    return told
