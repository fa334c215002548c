"""Slots: the quota counters, and what an applicant may know of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Lane(StrEnum):
    """A queue with its own places."""

    REGULAR = "regular"
    PRIORITY = "priority"
    EXPRESS = "express"


class SlotRef(NamedTuple):
    """Names one slot: office, local date, lane, window start (HHMM)."""

    office_id: str
    day: date
    lane: Lane
    start: str


class SlotState(StrEnum):
    """What the office decided for a slot."""

    OPEN = "open"
    CLOSED = "closed"


class Availability(StrEnum):
    """Why an applicant can or cannot book a slot now."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    NOT_RELEASED = "not_released"
    PAST = "past"


class KeptFor(StrEnum):
    """What places of a slot are kept back for."""

    RELEASE = "release"
    WALK_IN = "walk_in"


class KeptBack(NamedTuple):
    """Places of a slot that are not bookable until an instant (seconds, UTC).

    They wait for their release, or are kept for walk-ins and go to the public at that instant.
    """

    at: int
    places: int
    kept_for: KeptFor

    def for_the_public(self, now: int) -> bool:
        """Return whether those who book get them: released at `now`, or by their release."""
        return self.kept_for is KeptFor.RELEASE or self.at <= now


@dataclass(frozen=True, slots=True)
class Slot:
    """One quota counter.

    `remaining` may be below zero after a forced lowering of the quota: nobody loses a place and
    nothing more is sold. `next_number` is the next queue number, never used twice. `kept_back` are
    places that are neither taken nor remaining yet. Two things an admin may have decided: `fixed`,
    how many places the slot has, which no schedule changes; and `opening_fixed`, that it is open,
    or closed, which no calendar changes. Who decides on the opening keeps the figures, too.
    Instants are seconds since 1970 (UTC).
    """

    ref: SlotRef
    end: str
    quota: int
    remaining: int
    next_number: int = 1
    state: SlotState = SlotState.OPEN
    reason: str | None = None
    release_at: int = 0
    kept_back: tuple[KeptBack, ...] = ()
    fixed: bool = False
    opening_fixed: bool = False
    settled_to: int = 1
    swept_to: int = 1
    swept_at: int = 0

    @property
    def taken(self) -> int:
        """Places that are gone: filed, claimed, or waiting for re-offer."""
        return self.quota - self.remaining - self.kept_back_places

    @property
    def kept_back_places(self) -> int:
        """Places that are kept back for now."""
        return sum(part.places for part in self.kept_back)

    def due(self, now: int) -> tuple[KeptBack, ...]:
        """Return the kept-back places whose instant has come at `now` (seconds, UTC)."""
        return tuple(part for part in self.kept_back if part.at <= now)

    def bookable(self, now: int) -> int:
        """Return how many places there are at `now`, those included that are due for release."""
        return self.remaining + sum(part.places for part in self.due(now))

    def movable_to(self, now: int) -> int:
        """Return how many places the office can move people to at `now`, released or not."""
        return self.remaining + sum(p.places for p in self.kept_back if p.for_the_public(now))

    def availability(self, now: int, starts_at: int, party: int = 1) -> Availability:
        """Return why `party` people can or cannot book this slot at `now`.

        `starts_at` is the instant at which the window begins; both in seconds (UTC).
        """
        if starts_at <= now:
            return Availability.PAST
        if self.state is SlotState.CLOSED:
            return Availability.CLOSED
        if self.release_at > now:
            return Availability.NOT_RELEASED
        return Availability.OPEN if self.bookable(now) >= party else Availability.FULL


class Claim(NamedTuple):
    """Numbers taken from a slot for a party, not filed yet."""

    ref: SlotRef
    end: str
    numbers: range
