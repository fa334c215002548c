"""What an admin sets of a slot: its quota, a reserve for walk-ins, a closure."""

from collections.abc import Iterable
from dataclasses import dataclass

from antrean.domain.slots import Held, HeldFor, Slot


@dataclass(frozen=True, slots=True)
class Reserve:
    """Places kept for walk-ins until an instant (seconds, UTC); then they go to the public."""

    places: int
    until: int


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether a slot is closed, and the public reason."""

    closed: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A slot as the admin saw it, and what it is to be; None leaves a thing as it is."""

    seen: Slot
    quota: int
    reserve: Reserve | None = None
    closure: Closure | None = None

    def split(self) -> tuple[int, tuple[Held, ...]]:
        """Return by how much `remaining` grows, and the places held then.

        A raise goes to `remaining`. A lowering, and a reserve, take what remains first, then
        places that wait for their release, the last to be released before the others; only then
        does `remaining` fall below zero.
        """
        kept = [held for held in self.seen.held if not self._replaces(held)]
        if self.reserve and self.reserve.places:
            walk_in = Held(self.reserve.until, self.reserve.places, HeldFor.WALK_IN)
            kept = sorted([*kept, walk_in])
        more = self._growth(kept)
        lack = max(0, -more - max(0, self.seen.remaining))
        for index in reversed(range(len(kept))):
            if kept[index].kept_for is HeldFor.RELEASE:
                taken = min(lack, kept[index].places)
                kept[index] = kept[index]._replace(places=kept[index].places - taken)
                lack -= taken
        held = tuple(one for one in kept if one.places)
        return self._growth(held), held

    def _replaces(self, held: Held) -> bool:
        return self.reserve is not None and held.kept_for is HeldFor.WALK_IN

    def _growth(self, held: Iterable[Held]) -> int:
        now_held = sum(one.places for one in held)
        return self.quota - self.seen.quota - now_held + self.seen.held_places
