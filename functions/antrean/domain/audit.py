"""The record of changes: who changed what, from what, to what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
    """A change as it stands on the record, with its instant (aware, UTC) and its place in it."""

    change: AuditEntry
    at: datetime
    cursor: str


CALENDAR, PRIVACY = "CALENDAR", "PRIVACY"
"""Whose records tell of the calendar and of people's data: no office's, since ids of offices are
in small letters."""
