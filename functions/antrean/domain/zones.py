"""The country's three time zones, by the names that people know them by."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

ZONES: Final = {
    "WIB": ZoneInfo("Asia/Jakarta"),
    "WITA": ZoneInfo("Asia/Makassar"),
    "WIT": ZoneInfo("Asia/Jayapura"),
}
"""Western, central and eastern Indonesian time: UTC+7, +8 and +9, without daylight saving."""


def abbreviation(at: datetime) -> str:
    """Return the name of the zone in whose time an aware instant is given: WIB, WITA or WIT.

    Of an instant in no Indonesian time its offset: `+0000`.
    """
    for name, zone in ZONES.items():
        if at.utcoffset() == at.astimezone(zone).utcoffset():
            return name
    return f"{at:%z}"


def stated(at: int) -> dict[str, datetime]:
    """Return an instant (seconds, UTC) as the clocks of each zone show it."""
    instant = datetime.fromtimestamp(at, UTC)
    return {name: instant.astimezone(zone) for name, zone in ZONES.items()}
