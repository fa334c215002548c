"""How schedules and release rules stand on an office item: small lists, as JSON text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from antrean.domain.releases import Immediate, Monthly, ReleaseRule, Rolling, Share, Staged, Weekly
from antrean.domain.schedule import ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane


def schedule_as_stored(schedule: Schedule) -> dict[str, Any]:
    """Return a schedule as lists and texts."""
    return {
        "timetables": [
            [
                timetable.name,
                timetable.valid_from.isoformat(),
                timetable.valid_to and timetable.valid_to.isoformat(),
                _hours_as_stored(timetable.hours),
            ]
            for timetable in schedule.timetables
        ],
        "extra_days": [
            [extra.day.isoformat(), extra.name, _hours_as_stored(extra.hours)]
            for extra in schedule.extra_days
        ],
    }


def schedule_from(stored: Mapping[str, Any]) -> Schedule:
    """Return the schedule that was stored."""
    return Schedule(
        timetables=tuple(
            Timetable(name, date.fromisoformat(first), _date(last), _hours_from(hours))
            for name, first, last, hours in stored["timetables"]
        ),
        extra_days=tuple(
            ExtraDay(date.fromisoformat(day), name, _hours_from(hours))
            for day, name, hours in stored["extra_days"]
        ),
    )


def _hours_as_stored(hours: tuple[Hours, ...]) -> list[Any]:
    return [
        [
            week.lane,
            sorted(week.weekdays),
            [[window.start, window.end, window.quota] for window in week.windows],
        ]
        for week in hours
    ]


def _hours_from(stored: list[Any]) -> tuple[Hours, ...]:
    return tuple(
        Hours(Lane(lane), frozenset(weekdays), tuple(Window(*window) for window in windows))
        for lane, weekdays, windows in stored
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def rule_as_stored(rule: ReleaseRule) -> list[Any]:
    """Return a release rule as a list that begins with its name."""
    match rule:
        case Immediate():
            return ["immediate"]
        case Rolling(days, at):
            return ["rolling", days, at]
        case Weekly(weekday, at):
            return ["weekly", weekday, at]
        case Monthly(at):
            return ["monthly", at]
        case Staged(shares, at):
            return ["staged", [[share.months, share.percent] for share in shares], at]


def rule_from(stored: list[Any]) -> ReleaseRule:
    """Return the release rule that was stored."""
    match stored:
        case ["rolling", days, at]:
            return Rolling(days, at)
        case ["weekly", weekday, at]:
            return Weekly(weekday, at)
        case ["monthly", at]:
            return Monthly(at)
        case ["staged", shares, at]:
            return Staged(tuple(Share(*share) for share in shares), at)
        case _:
            return Immediate()
