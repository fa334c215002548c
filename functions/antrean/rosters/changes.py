"""What changed in a day's roster since the office was given it the evening before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from antrean.rosters.lines import Line


class RosterChange(StrEnum):
    """What happened to a person on the roster."""

    ADDED = "added"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A roster that was published before its day: when (aware), and who was on it."""

    published_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences from an earlier roster, published at `since` (aware).

    `added` holds labels; `moved` gives the label of now its earlier one; `removed` are the lines
    of those who were there and are no more.
    """

    since: datetime
    added: frozenset[str]
    moved: Mapping[str, str]
    removed: tuple[Line, ...]

    def of(self, line: Line) -> RosterChange | None:
        """Return what happened to a person who is there now."""
        if line.label in self.added:
            return RosterChange.ADDED
        return RosterChange.MOVED if line.label in self.moved else None


def changes(earlier: Earlier, now: Iterable[Line]) -> Changes | None:
    """Return what changed, or None when the same people have the same numbers."""
    before = {line.who: line for line in earlier.lines}
    after = {line.who: line for line in now}
    added = frozenset(line.label for who, line in after.items() if who not in before)
    moved = {
        line.label: before[who].label
        for who, line in after.items()
        if who in before and before[who].label != line.label
    }
    removed = tuple(line for who, line in before.items() if who not in after)
    if not (added or moved or removed):
        return None
    return Changes(earlier.published_at, added, moved, removed)
