"""What an admin sets of a slot: its quota, a reserve for walk-ins, a closure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot


@dataclass(frozen=True, slots=True)
class Reserve:
    """Places of a window for walk-ins; those unused go to the public at `until` (HHMM, local)."""

    places: int
    until: str


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether a slot is closed, and the public reason."""

    closed: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WindowChange:
    """What a window of a lane is to have; `start` is HHMM, None leaves a thing as it is."""

    lane: Lane
    start: str
    quota: int | None = None
    reserve: Reserve | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class DayChange:
    """What is to change about a day. A closure is for all of it, or for a lane or a window."""

    windows: Sequence[WindowChange] = ()
    closure: Closure | None = None
    closure_lane: Lane | None = None
    closure_start: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A slot as the admin read it (`before`), and what it is to be; None leaves a thing as it is.

    `reserve` are the places kept back for walk-ins, in place of those that were.
    """

    before: Slot
    quota: int
    reserve: KeptBack | None = None
    closure: Closure | None = None

    def split(self) -> tuple[int, tuple[KeptBack, ...]]:
        """Return by how much `remaining` grows, and the places kept back then.

        A raise goes to `remaining`. A lowering, and a reserve, take what remains first, then
        places that wait for their release, the last to be released before the others; only then
        does `remaining` fall below zero.
        """
        kept = [part for part in self.before.kept_back if not self._replaces(part)]
        if self.reserve and self.reserve.places:
            kept = sorted([*kept, self.reserve])
        more = self._growth(kept)
        lack = max(0, -more - max(0, self.before.remaining))
        for index in reversed(range(len(kept))):
            if kept[index].kept_for is KeptFor.RELEASE:
                taken = min(lack, kept[index].places)
                kept[index] = kept[index]._replace(places=kept[index].places - taken)
                lack -= taken
        left = tuple(part for part in kept if part.places)
        return self._growth(left), left

    def _replaces(self, part: KeptBack) -> bool:
        return self.reserve is not None and part.kept_for is KeptFor.WALK_IN

    def _growth(self, kept: Iterable[KeptBack]) -> int:
        kept_places = sum(part.places for part in kept)
        return self.quota - self.before.quota - kept_places + self.before.kept_back_places
