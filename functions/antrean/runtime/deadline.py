"""Until when a request may go on trying."""

import random
from dataclasses import dataclass

from antrean.domain.errors import Unavailable
from antrean.runtime import clock

FIRST_PAUSE, LONGEST_PAUSE = 0.025, 0.8
"""Seconds: the ceiling of the first pause, doubled each time, and where the doubling ends."""


def busy() -> Unavailable:
    """Return what a request is told whose time ends before the store has answered."""
    return Unavailable("The queue is very busy. Repeat the same request.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when (seconds since 1970) a request may go on trying."""

    until: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return a deadline of `seconds` from now."""
        return cls(clock.now().timestamp() + seconds)

    def within(self, seconds: float) -> "Deadline":
        """Return a deadline of `seconds` from now, or this one where it is earlier."""
        return Deadline(min(self.until, clock.now().timestamp() + seconds))

    def has_passed(self) -> bool:
        """Return whether the time is over."""
        return clock.now().timestamp() >= self.until

    def pause(self, attempt: int) -> bool:
        """Wait with full jitter before another attempt; False when there is no time for one.

        Full jitter: a uniformly random pause below an exponentially growing ceiling
        (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
        """
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        wait = random.uniform(0, ceiling)  # noqa: S311 - spreads load, guards nothing
        if clock.now().timestamp() + wait >= self.until:
            return False
        clock.sleep(wait)
        return True

    def wait(self, attempt: int) -> None:
        """Wait as `pause` does; raises `Unavailable` when there is no time for another attempt."""
        if not self.pause(attempt):
            raise busy()
