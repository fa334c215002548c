"""A clock that stands still until it is told to move: `with antrean.clock.use(FakeClock(...))`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""A Tuesday, 08:00 in Jakarta."""


@dataclass(slots=True)
class FakeClock:
    """Time moves by `advance` and by what the code under test sleeps, never by itself."""

    at: datetime = EPOCH
    slept: list[float] = field(default_factory=list)
    """Every sleep so far, in seconds."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass without anyone sleeping."""
        self.at += timedelta(seconds=seconds)
