"""Release rules: when which share of a slot's places becomes bookable.

The rules that offices use or used: each Friday for the next week (Padang, Kalbar), the last
working day of a month at 09:00 for the next (February 2022), 10% three months before, 30% two
months before and 60% one month before (Karawang), rolling a number of days ahead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from antrean.domain.calendar import Holidays, last_working_day, months_before
from antrean.domain.errors import FieldProblem
from antrean.domain.hours import time_of, written_hour

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
    """A share of a slot's places (percent), released `months` calendar months before its date."""

    months: int
    percent: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Shares that become bookable one after another, each at a local time; they add up to 100."""

    shares: tuple[Share, ...]
    at: str


ReleaseRule = Immediate | Rolling | Weekly | Monthly | Staged

LONGEST_MONTH = 31
LONGEST_HOLIDAYS = 14
"""Days that a month's last working day lies before its end at most. The longest stretch of
days off was Lebaran's in 2025: eleven, from 28 March to 7 April."""
LONGEST_LEAD = 92
"""Days of three calendar months: as far ahead as a date is opened and released."""
DAYS_ARE_OPEN_BY = "0300"
"""Local hour by which the day's run of the OpenDays job has ended in every zone."""


def lead(rule: ReleaseRule) -> tuple[int, int]:
    """Return the fewest and the most days that a date is released ahead of itself."""
    match rule:
        case Immediate():
            return (0, 0)
        case Rolling(days, _):
            return (days, days)
        case Weekly(weekday, _):
            return (7 - weekday, 13 - weekday)
        case Monthly():
            return (1, LONGEST_MONTH + LONGEST_HOLIDAYS)
        case Staged(shares, _):
            months = [share.months for share in shares]
            # February shortens one month of several at most.
            return (28 * min(months), min(LONGEST_LEAD, LONGEST_MONTH * max(months)))


def problems(rule: ReleaseRule, horizon_days: int, closes_at: str | None) -> Iterator[FieldProblem]:
    """Yield what is wrong with a rule at an office that opens its days so far ahead, and closes
    the bookings of a day at `closes_at` (HHMM) of the day before; by the place in the rule.

    A date must be open when it is released, and be released before its bookings close.
    """
    if isinstance(rule, Immediate):
        return
    if isinstance(rule, Staged):
        yield from _share_problems(rule.shares)
    fewest, most = lead(rule)
    needed = most + (rule.at < DAYS_ARE_OPEN_BY)
    if needed > horizon_days:
        yield FieldProblem(
            "",
            f"It releases dates up to {most} days ahead, at {written_hour(rule.at)}; the "
            f"office must open its days at least {needed} days ahead and opens them "
            f"{horizon_days} days ahead. After 03:00 one day less will do.",
        )
    if closes_at is not None and (fewest == 0 or (fewest == 1 and rule.at >= closes_at)):
        yield FieldProblem(
            "/at", "Some dates would be released when their bookings have closed already."
        )


def _share_problems(shares: Sequence[Share]) -> Iterator[FieldProblem]:
    if sum(share.percent for share in shares) != WHOLE:
        yield FieldProblem("/shares", "The shares add up to 100 percent.")
    if len({share.months for share in shares}) != len(shares):
        yield FieldProblem("/shares", "There is one share for each number of months.")


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
    local = datetime.combine(day, time_of(at), zone)
    return int(local.timestamp())
