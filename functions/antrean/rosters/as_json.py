"""A roster as JSON, for the office's own programs; and the people of one, read back."""

import json
from dataclasses import asdict, fields
from typing import Any

from antrean.rosters.changes import Changes
from antrean.rosters.lines import Line
from antrean.rosters.roster import Roster


def as_json(roster: Roster) -> bytes:
    """Return the roster as JSON (UTF-8). The same roster gives the same bytes."""
    office = roster.office
    content = {
        "office": {
            "office_id": office.office_id,
            "name": office.name,
            "city": office.city,
            "timezone": office.timezone,
        },
        "date": roster.day.isoformat(),
        "count": roster.count,
        "tickets": [asdict(line) for line in roster.lines],
        "changes": _changes(roster.changes) if roster.changes else None,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "since": changes.since.isoformat(),
        "added": sorted(changes.added),
        "moved": [{"from": old, "to": new} for new, old in sorted(changes.moved.items())],
        "removed": [asdict(line) for line in changes.removed],
    }


def lines_of(data: bytes) -> tuple[Line, ...]:
    """Return the people of a roster that `as_json` wrote, be it an earlier version of it."""
    names = [field.name for field in fields(Line)]
    return tuple(
        Line(**{name: ticket.get(name) for name in names}) for ticket in json.loads(data)["tickets"]
    )
