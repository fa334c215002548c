"""Create or change an office, with its record."""

from collections.abc import Callable
from dataclasses import replace

from pynamodb.expressions.condition import Condition

from antrean.domain.audit import AuditEntry
from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.offices import Office
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.office import OfficeItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def nothing_else(_writing: Transaction) -> None:
    """Add nothing to a change's transaction."""


def add_office(
    office: Office,
    entry: AuditEntry,
    deadline: Deadline,
    also: Callable[[Transaction], None] = nothing_else,
) -> None:
    """Write an office that is not there, with its record, and what `also` adds.

    Raises `ChangedMeanwhile` if it is there, `Unavailable`.
    """
    _write(office, OfficeItem.pk.does_not_exist(), entry, deadline, also)


def change_office(
    before: Office,
    office: Office,
    entry: AuditEntry,
    deadline: Deadline,
    also: Callable[[Transaction], None] = nothing_else,
) -> Office:
    """Write `office` in place of `before`, with its record, and what `also` adds.

    Returns it with its new version. Raises `ChangedMeanwhile` when another change came first,
    `Unavailable`.
    """
    same: Condition = (
        OfficeItem.version == before.version
        if before.version
        else OfficeItem.version.does_not_exist()
    )
    office = replace(office, version=before.version + 1)
    _write(office, OfficeItem.pk.exists() & same, entry, deadline, also)
    return office


def _write(
    office: Office,
    condition: Condition,
    entry: AuditEntry,
    deadline: Deadline,
    also: Callable[[Transaction], None],
) -> None:
    writing = Transaction()
    writing.put("office", OfficeItem.of(office), condition)
    put_on_record(writing, entry)
    also(writing)
    try:
        writing.commit(deadline)
    except Refused:
        raise ChangedMeanwhile(
            "Somebody else changed the office at the same moment. Read it again, then decide."
        ) from None
