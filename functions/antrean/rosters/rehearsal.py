"""Rehearsals: whether an office's roster was ever published, so that its staff know how."""

from datetime import date

from antrean.rosters import storage
from antrean.store.retention import kept_for

MOST = 3
"""Folders that are looked into: one whose first publication never ended has no manifest."""


def has_rehearsed(office_id: str, today: date) -> bool:
    """Return whether a roster of the office is published, of whatever date it is kept for."""
    days = storage.published_days(office_id, today - kept_for(), MOST)
    return any(storage.get_manifest(office_id, day) for day in days)
