"""The formats of a roster, and what is made of one."""

from enum import StrEnum
from typing import Final

from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json
from antrean.rosters.roster import Roster


class Format(StrEnum):
    """What a roster can be had as."""

    CSV = "csv"
    JSON = "json"

    @property
    def file(self) -> str:
        """The file's name in the roster's folder."""
        return f"roster.{self}"

    @property
    def media_type(self) -> str:
        """The file's media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
_BUILD: Final = {Format.CSV: as_csv, Format.JSON: as_json}


def build(roster: Roster) -> dict[Format, bytes]:
    """Return the roster in every format; the same roster gives the same bytes."""
    return {kind: make(roster) for kind, make in _BUILD.items()}
