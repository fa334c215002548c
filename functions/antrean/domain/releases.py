"""Release rules: when which share of a slot's places becomes bookable.

The rules that offices use or used: each Friday for the next week (Padang, Kalbar), the last
working day of a month at 09:00 for the next (February 2022), 10% three months before, 30% two
months before and 60% one month before (Karawang), rolling a number of days ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from antrean.domain.calendar import Holidays, last_working_day, months_before

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Immediate:
    """Bookable as soon as the day is opened."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """Each date `days` ahead of it, at a local time (HHMM)."""

    days: int
    at: str


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday (Monday is 0) and a local time open all dates of the following week."""

    weekday: int
    at: str


@dataclass(frozen=True, slots=True)
class Monthly:
    """The last working day of a month at a local time opens all dates of the next month."""

    at: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a slot's places (percent), so many calendar months before its date."""

    months: int
    percent: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Shares that become bookable one after another, each at a local time; they add up to 100."""

    shares: tuple[Share, ...]
    at: str


ReleaseRule = Immediate | Rolling | Weekly | Monthly | Staged


@dataclass(frozen=True, slots=True)
class Stage:
    """Places of a slot that become bookable at an instant (seconds, UTC)."""

    at: int
    places: int


def release_instants(
    rule: ReleaseRule, day: date, zone: ZoneInfo, holidays: Holidays
) -> tuple[tuple[int, int], ...]:
    """Return when (seconds, UTC) which share (percent) of a date's places is released, in order.

    An immediate release is at 0.
    """
    match rule:
        case Immediate():
            return ((0, WHOLE),)
        case Rolling(days, at):
            return ((_epoch(day - timedelta(days=days), at, zone), WHOLE),)
        case Weekly(weekday, at):
            monday = day - timedelta(days=day.weekday())
            return ((_epoch(monday - timedelta(days=7 - weekday), at, zone), WHOLE),)
        case Monthly(at):
            before = day.replace(day=1) - timedelta(days=1)
            opening = last_working_day(before.year, before.month, holidays)
            return ((_epoch(opening, at, zone), WHOLE),)
        case Staged(shares, at):
            staged = (
                (_epoch(months_before(day, share.months), at, zone), share.percent)
                for share in shares
            )
            return tuple(sorted(staged))


def stages(quota: int, instants: Sequence[tuple[int, int]]) -> tuple[Stage, ...]:
    """Divide a slot's places over its release instants.

    Cumulative shares are rounded down, so that no stage gives more than its share has come to;
    the last one gives the rest. Stages without a place are left out, except a slot's only one.
    """
    divided, percent, given = [], 0, 0
    for at, share in instants:
        percent += share
        upto = quota * percent // WHOLE
        divided.append(Stage(at, upto - given))
        given = upto
    return tuple(stage for stage in divided if stage.places) or (Stage(instants[-1][0], quota),)


def _epoch(day: date, at: str, zone: ZoneInfo) -> int:
    local = datetime.combine(day, time(int(at[:2]), int(at[2:])), zone)
    return int(local.timestamp())
