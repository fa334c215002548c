"""The weekly schedule, and how a day's places are shared over its windows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.schedule import (
    ExtraDay,
    Hours,
    Schedule,
    Timetable,
    Window,
    ordinary_week,
    spread,
)
from antrean.domain.slots import Lane

MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)


@given(st.integers(0, 10_000), st.integers(1, 48))
def test_a_quota_is_shared_whole_evenly_and_early(quota: int, windows: int) -> None:
    shares = spread(quota, windows)
    assert sum(shares) == quota
    assert len(shares) == windows
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("days", range(14))
def test_the_ordinary_week_is_monday_to_friday(days: int) -> None:
    day = MONDAY + timedelta(days=days)
    windows = ordinary_week(20).windows_on(day, Lane.REGULAR)
    assert bool(windows) == (day.strftime("%A") not in ("Saturday", "Sunday"))


def test_the_ordinary_day_has_a_break_and_ends_at_three() -> None:
    windows = ordinary_week(20).windows_on(MONDAY, Lane.REGULAR)
    assert [(window.start, window.end) for window in windows] == [
        ("0800", "0900"),
        ("0900", "1000"),
        ("1000", "1100"),
        ("1100", "1200"),
        ("1300", "1400"),
        ("1400", "1500"),
    ]
    assert [window.quota for window in windows] == [4, 4, 3, 3, 3, 3]


@pytest.mark.parametrize("lane", [Lane.PRIORITY, Lane.EXPRESS])
def test_the_ordinary_week_has_the_regular_lane_alone(lane: Lane) -> None:
    assert ordinary_week(20).windows_on(MONDAY, lane) == ()


def hours(*starts: str, lane: Lane = Lane.REGULAR, days: str = "01234") -> Hours:
    """Windows of 5 places on some days of the week."""
    windows = tuple(Window(start, f"{int(start) + 100:04d}", 5) for start in starts)
    return Hours(lane, frozenset(map(int, days)), windows)


def starts(schedule: Schedule, day: date, lane: Lane = Lane.REGULAR) -> list[str]:
    return [window.start for window in schedule.windows_on(day, lane)]


ORDINARY = Timetable("ordinary", date(2026, 1, 1), None, (hours("0800", "1300"),))
RAMADAN = Timetable("Ramadan", date(2027, 2, 8), date(2027, 3, 9), (hours("0700"),))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["0800", "1300"]),
        (date(2027, 2, 5), ["0800", "1300"]),
        (date(2027, 2, 8), ["0700"]),
        (date(2027, 3, 9), ["0700"]),
        (date(2027, 3, 10), ["0800", "1300"]),
    ],
)
def test_a_variant_takes_over_between_its_dates(day: date, expected: list[str]) -> None:
    assert starts(Schedule((ORDINARY, RAMADAN)), day) == expected
    assert starts(Schedule((RAMADAN, ORDINARY)), day) == expected


def test_an_extra_day_is_served_whatever_its_weekday_and_in_place_of_the_timetable() -> None:
    saturday = ExtraDay(SATURDAY, "Sabtu Simpatik", (hours("0900"),))
    monday = ExtraDay(MONDAY, "half day", (hours("0800"),))
    schedule = Schedule((ORDINARY,), (saturday, monday))
    assert starts(schedule, SATURDAY) == ["0900"]
    assert starts(schedule, MONDAY) == ["0800"]
    assert starts(schedule, SATURDAY + timedelta(days=7)) == []
    assert schedule.is_extra(SATURDAY)
    assert not schedule.is_extra(SATURDAY + timedelta(days=7))


def test_lanes_have_hours_of_their_own_and_windows_come_by_hour() -> None:
    both = (hours("1300", "0800"), hours("1000", lane=Lane.PRIORITY, days="0"), hours("0900"))
    schedule = Schedule((Timetable("both", MONDAY, None, both),))
    assert starts(schedule, MONDAY) == ["0800", "0900", "1300"]
    assert starts(schedule, MONDAY, Lane.PRIORITY) == ["1000"]
    assert starts(schedule, MONDAY + timedelta(days=1), Lane.PRIORITY) == []
    assert starts(schedule, MONDAY, Lane.EXPRESS) == []


def test_without_timetables_nothing_is_served() -> None:
    assert Schedule().windows_on(MONDAY, Lane.REGULAR) == ()
