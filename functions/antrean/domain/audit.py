"""The record of changes: who changed what, from what, to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CALENDAR, PRIVACY = "CALENDAR", "PRIVACY"
"""The record of the calendar and that of people's data stand beside those of the offices. Ids of
offices are in small letters, so these are no office's."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks for a change: the user's stable id, and the request's id for the record."""

    user: str
    request_id: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: `who` is a user's stable id, `what` a verb phrase, the rest small facts."""

    office_id: str
    who: str
    what: str
    before: Any
    after: Any
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as it stands on the record: its instant (aware, UTC), and the cursor behind it."""

    entry: AuditEntry
    at: datetime
    cursor: str


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Which records are looked for: those of some offices, and of these the ones that fit.

    What is None does not count. `who` is a user's id, `what` are words of the entry's `what`.
    `since` is inside, `until` is not (both aware).
    """

    office_ids: Sequence[str]
    who: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None
