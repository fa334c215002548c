"""The only caller of the system clock, so that tests can move time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a replacement clock offers."""

    def now(self) -> datetime:
        """Return the present instant as an aware UTC datetime."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_clock: Clock = _SystemClock()


def now() -> datetime:
    """Return the present instant as an aware UTC datetime."""
    return _clock.now()


def epoch() -> int:
    """Return the present instant in whole seconds since 1970 (UTC), as the table stores it."""
    return int(now().timestamp())


def sleep(seconds: float) -> None:
    """Let `seconds` pass."""
    _clock.sleep(seconds)


@contextmanager
def use(clock: Clock) -> Iterator[None]:
    """Put `clock` in the system clock's place for the length of a `with` block."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = before
