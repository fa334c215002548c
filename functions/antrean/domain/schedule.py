"""The weekly schedule: which arrival windows an office day has, and their places."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Window:
    """An arrival interval of an office day, local time, each end as HHMM."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of the week (Monday is 0) that an office serves, and their windows."""

    weekdays: frozenset[int]
    windows: tuple[Window, ...]

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the windows of `day` (the office's local date); none when it does not serve."""
        return self.windows if day.weekday() in self.weekdays else ()


DEFAULT_SCHEDULE = Schedule(
    weekdays=frozenset(range(5)),
    windows=tuple(Window(f"{h:02}00", f"{h + 1:02}00") for h in (8, 9, 10, 11, 13, 14)),
)
"""08:00-15:00 without the break 12:00-13:00, Monday to Friday."""


def spread(quota: int, windows: int) -> list[int]:
    """Share `quota` places over `windows`, the remainder to the early ones.

    >>> spread(20, 6)
    [4, 4, 3, 3, 3, 3]
    """
    each, over = divmod(quota, windows)
    return [each + (i < over) for i in range(windows)]
