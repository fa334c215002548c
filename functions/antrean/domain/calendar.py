"""The calendar: national holidays and collective leave, as the yearly joint decree sets them.

They are data, never computed: SKB 3 Menteri names them, and presidential policy may move them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class HolidayKind(StrEnum):
    """What the decree calls a day off."""

    NATIONAL = "libur_nasional"
    COLLECTIVE_LEAVE = "cuti_bersama"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off for every office, with the decree that set it."""

    day: date
    name: str
    kind: HolidayKind
    decree: str


Holidays = Mapping[date, Holiday]


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Return whether `day` is a Monday to Friday that is no holiday."""
    return day.weekday() < 5 and day not in holidays


def last_working_day(year: int, month: int, holidays: Holidays) -> date:
    """Return the last working day of a month; its last day if it has none."""
    last = month_end(year, month)
    for day in _back_from(last):
        if day.month != month:
            return last
        if is_working_day(day, holidays):
            return day
    return last


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or that month's last if it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), month_end(year, month + 1))


def last_of(first: date, days: int) -> date:
    """Return the last of `days` days from `first`."""
    return first + timedelta(days=days - 1)


def _back_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= timedelta(days=1)
