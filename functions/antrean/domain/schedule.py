"""The weekly schedule: which arrival windows an office day has in each lane, and their places."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from antrean.domain.slots import Lane


@dataclass(frozen=True, slots=True)
class Window:
    """An arrival interval of an office day, local time, each end as HHMM, and its places."""

    start: str
    end: str
    quota: int


@dataclass(frozen=True, slots=True)
class Hours:
    """The windows of one lane on some days of the week (Monday is 0)."""

    lane: Lane
    weekdays: frozenset[int]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours of a stretch of dates: the ordinary week, Ramadan, a summer.

    Both dates are local and inside; `valid_to` None means until another takes over.
    """

    name: str
    valid_from: date
    valid_to: date | None
    hours: tuple[Hours, ...]

    def covers(self, day: date) -> bool:
        """Return whether `day` lies in the stretch."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """A day of service besides the weekly ones, such as a Saturday; weekdays do not matter."""

    day: date
    name: str
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What an office serves when. An extra day beats any timetable of its date."""

    timetables: tuple[Timetable, ...] = ()
    extra_days: tuple[ExtraDay, ...] = ()

    def windows_on(self, day: date, lane: Lane) -> tuple[Window, ...]:
        """Return the windows of a lane on `day` (local date), by hour; none without service.

        Of the timetables that cover the day, the one that begins last counts: a variant for
        Ramadan takes over from the ordinary week and hands back at its end.
        """
        for extra in self.extra_days:
            if extra.day == day:
                return _windows(extra.hours, lane)
        covering = [timetable for timetable in self.timetables if timetable.covers(day)]
        if not covering:
            return ()
        latest = max(covering, key=lambda timetable: timetable.valid_from)
        return _windows((h for h in latest.hours if day.weekday() in h.weekdays), lane)

    def is_extra(self, day: date) -> bool:
        """Return whether `day` is an extra day: it is served even if it is a holiday."""
        return any(extra.day == day for extra in self.extra_days)


def _windows(hours: Iterable[Hours], lane: Lane) -> tuple[Window, ...]:
    windows = (window for same in hours if same.lane is lane for window in same.windows)
    return tuple(sorted(windows, key=lambda window: window.start))


ORDINARY_STARTS = ("0800", "0900", "1000", "1100", "1300", "1400")
"""08:00-15:00 without the break 12:00-13:00."""


def ordinary_week(daily_quota: int) -> Schedule:
    """Return the schedule of an office that set none: Monday to Friday, the regular lane.

    The daily quota is spread over the windows, the remainder to the early ones.
    """
    windows = tuple(
        Window(start, f"{int(start[:2]) + 1:02}00", places)
        for start, places in zip(
            ORDINARY_STARTS, spread(daily_quota, len(ORDINARY_STARTS)), strict=True
        )
    )
    hours = Hours(Lane.REGULAR, frozenset(range(5)), windows)
    return Schedule((Timetable("ordinary", date.min, None, (hours,)),))


def spread(quota: int, windows: int) -> list[int]:
    """Share `quota` places over `windows`, the remainder to the early ones.

    >>> spread(20, 6)
    [4, 4, 3, 3, 3, 3]
    """
    each, over = divmod(quota, windows)
    return [each + (i < over) for i in range(windows)]
