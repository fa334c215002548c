"""Moves: a day (or a lane or a window of it) whose people are put on the next dates."""

from dataclasses import dataclass
from datetime import date

from antrean.domain.slots import Lane

ALL = "all"
RUNNING, DONE = "running", "done"


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """A move and how far it is; `started_at` in seconds (UTC)."""

    office_id: str
    day: date
    lane: Lane | None
    start: str | None
    reason: str
    state: str = RUNNING
    moved: int = 0
    without_place: int = 0
    started_at: int = 0
    floor: str = ""

    @property
    def scope(self) -> str:
        """The sort key: what is being moved."""
        return f"{self.day.isoformat()}#{self.lane or ALL}#{self.start or ALL}"
