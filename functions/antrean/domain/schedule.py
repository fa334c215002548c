"""The weekly schedule: which arrival windows an office day has in each lane, and their places."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from antrean.domain.errors import FieldProblem
from antrean.domain.slots import Lane

MOST_WINDOWS = 48
"""Windows of one lane on one day: half hours around the clock. They are opened all or none."""


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

    @property
    def lanes(self) -> frozenset[Lane]:
        """The lanes that have windows on some day."""
        stretches: list[Timetable | ExtraDay] = [*self.timetables, *self.extra_days]
        return frozenset(
            hours.lane for stretch in stretches for hours in stretch.hours if hours.windows
        )

    def problems(self) -> list[FieldProblem]:
        """Return what is wrong with the schedule, by where it stands (JSON pointers).

        An end before its start; two timetables that begin on one date, of which neither would
        take over from the other; a date that is an extra day twice; windows of a lane that
        overlap on a day, so that one person would count for two.
        """
        if not self.timetables and not self.extra_days:
            return [FieldProblem("", "Give at least one timetable or extra day.")]
        return [*self._timetable_problems(), *self._extra_day_problems()]

    def _timetable_problems(self) -> Iterator[FieldProblem]:
        for index, timetable in enumerate(self.timetables):
            at = f"/timetables/{index}"
            if timetable.valid_to is not None and timetable.valid_to < timetable.valid_from:
                yield FieldProblem(f"{at}/valid_to", "It ends before it begins.")
            if any(
                timetable.valid_from == earlier.valid_from for earlier in self.timetables[:index]
            ):
                yield FieldProblem(
                    f"{at}/valid_from", "Another timetable begins on this date already."
                )
            yield from _window_problems(at, timetable.hours)

    def _extra_day_problems(self) -> Iterator[FieldProblem]:
        for index, extra in enumerate(self.extra_days):
            at = f"/extra_days/{index}"
            if any(extra.day == earlier.day for earlier in self.extra_days[:index]):
                yield FieldProblem(f"{at}/date", "This date is an extra day already.")
            every_day = [Hours(hours.lane, frozenset({0}), hours.windows) for hours in extra.hours]
            yield from _window_problems(at, every_day)


def _window_problems(at: str, week: Sequence[Hours]) -> Iterator[FieldProblem]:
    passed: list[tuple[Hours, Window]] = []
    for i, hours in enumerate(week):
        for k, window in enumerate(hours.windows):
            pointer = f"{at}/hours/{i}/windows/{k}"
            beside = [
                other
                for earlier, other in passed
                if earlier.lane is hours.lane and earlier.weekdays & hours.weekdays
            ]
            if window.end <= window.start:
                yield FieldProblem(f"{pointer}/end", "A window ends after its start, on its day.")
            elif any(window.start < other.end and other.start < window.end for other in beside):
                yield FieldProblem(
                    pointer, "It overlaps another window of its lane on the same day."
                )
            elif len(beside) >= MOST_WINDOWS:
                yield FieldProblem(pointer, f"A lane has at most {MOST_WINDOWS} windows a day.")
            passed.append((hours, window))


def _windows(week: Iterable[Hours], lane: Lane) -> tuple[Window, ...]:
    windows = (window for hours in week if hours.lane is lane for window in hours.windows)
    return tuple(sorted(windows, key=lambda window: window.start))


ORDINARY_STARTS = ("0800", "0900", "1000", "1100", "1300", "1400")
"""08:00-15:00 without the break 12:00-13:00."""


@lru_cache(maxsize=1_000)
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
    share, over = divmod(quota, windows)
    return [share + (i < over) for i in range(windows)]
