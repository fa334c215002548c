"""A roster as JSON, for the office's own programs."""

import json
from dataclasses import asdict

from antrean.rosters.lines import lines
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
        "tickets": [asdict(line) for line in lines(roster)],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
