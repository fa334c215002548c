"""Moves: a day (or a lane or a window of it) whose people are put on the next dates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from antrean.domain.slots import Lane, SlotRef

ALL = "all"
RUNNING, WAITING, DONE = "running", "waiting", "done"
"""Waiting is a move that went through the whole scope and found no place for somebody of it."""


class Why(StrEnum):
    """Why a booking that a move found was not put on another date."""

    NO_PLACE = "no_place"
    CALLED = "called"
    CANCELLED = "cancelled"
    MOVED_BY_HOLDER = "moved_by_holder"
    BOOKED_ANEW = "booked_anew"
    ERASED = "erased"


class Staying(NamedTuple):
    """A booking that a move found and did not move: its code, and why."""

    code: str
    why: Why

    @property
    def waits(self) -> bool:
        """Whether it moves as soon as there is a place for it."""
        return self.why is Why.NO_PLACE


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """A move and how far it is.

    `moved`, `left` and `without_place` count bookings: on a later date; for good where they were,
    or gone from there by themselves; waiting for a place. `asked_by` is the user who began it last.
    `again_at` is when the run is due that goes on with who waits. `pause` is how many seconds after
    a run another one makes sense. `through_at` is when the last run began that went through every
    booking of the scope: none that was claimed before then is missing. Instants are seconds (UTC).
    """

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
    left: int = 0
    asked_by: str = ""
    through_at: int | None = None
    again_at: int = 0
    pause: int = 0

    @property
    def scope(self) -> str:
        """The sort key: what is being moved."""
        return f"{self.day.isoformat()}#{self.lane or ALL}#{self.start or ALL}"

    def covers(self, ref: SlotRef) -> bool:
        """Return whether a slot of the office lies in what is being moved."""
        in_lane, in_window = self.lane in (None, ref.lane), self.start in (None, ref.start)
        return ref.day == self.day and in_lane and in_window
