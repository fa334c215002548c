"""A clock for tests: it stands still, and moves when it is told to or when somebody sleeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from antrean.runtime import clock

MONDAY_MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""07:00 in Jakarta, 08:00 in Makassar, 09:00 in Jayapura, on Monday 23 November 2026."""


class StandingClock:
    """Takes the place of the system clock by `antrean.runtime.clock.use`."""

    def __init__(self, instant: datetime = MONDAY_MORNING) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)

    def forward(self, **parts: float) -> None:
        """Let time pass: `forward(minutes=5)`."""
        self.instant += timedelta(**parts)

    def set(self, instant: datetime) -> None:
        """Make it `instant` (aware)."""
        self.instant = instant.astimezone(UTC)

    def seconds(self) -> float:
        """The present instant in seconds since 1970 (UTC)."""
        return self.instant.timestamp()


class NoClock:
    """Refuses to tell the time: a test finds in the evening what it found in the morning."""

    def now(self) -> datetime:
        raise AssertionError("this test reads the system clock: have the time stand")

    def sleep(self, seconds: float) -> None:
        raise AssertionError("this test sleeps by the system clock: have the time stand")


@contextmanager
def standing(instant: datetime = MONDAY_MORNING) -> Iterator[StandingClock]:
    """Have the time stand at `instant` for the length of a `with` block."""
    stands = StandingClock(instant)
    with clock.use(stands):
        yield stands
