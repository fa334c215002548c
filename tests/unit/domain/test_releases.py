"""Release rules: to the second, in the office's zone, over month ends, leap days and year ends."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.calendar import Holiday, HolidayKind, is_working_day, months_before
from antrean.domain.releases import (
    LONGEST_LEAD,
    Immediate,
    Monthly,
    ReleaseRule,
    Rolling,
    Share,
    Staged,
    Weekly,
    lead,
    problems,
    release_instants,
    stages,
)
from tests.support.people import ZONES

FIRST, LAST = date(2017, 1, 1), date(2099, 12, 31)
FRIDAY = 4
KARAWANG = Staged((Share(3, 10), Share(2, 30), Share(1, 60)), "0900")

zones = st.sampled_from(ZONES).map(ZoneInfo)
near_ends = st.builds(
    lambda year, month, days: date(year, month, 1) + timedelta(days=days),
    st.sampled_from((2024, 2026, 2027, 2028, 2096)),
    st.integers(1, 12),
    st.integers(-3, 3),
)
dates = st.dates(FIRST, LAST) | near_ends
hours = st.builds(lambda h, m: f"{h:02}{m:02}", st.integers(0, 23), st.integers(0, 59))
staged = st.builds(
    lambda months, cuts, at: Staged(
        tuple(
            Share(month, percent)
            for month, percent in zip(
                months, [b - a for a, b in pairwise([0, *sorted(cuts), 100])], strict=True
            )
        ),
        at,
    ),
    st.just((3, 2, 1)),
    st.sets(st.integers(1, 99), min_size=2, max_size=2),
    hours,
)
rules = st.one_of(
    st.builds(Rolling, st.integers(0, 91), hours),
    st.builds(Weekly, st.integers(0, 6), hours),
    st.builds(Monthly, hours),
    staged,
)


def holidays_of(*days: date) -> dict[date, Holiday]:
    return {day: Holiday(day, "Libur", HolidayKind.NATIONAL, "SKB") for day in days}


days_off = st.builds(
    lambda day, length: holidays_of(*(day + timedelta(days=i) for i in range(length))),
    dates,
    st.integers(0, 10),
)


def local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


@given(rules, dates, zones, days_off)
def test_a_date_is_released_at_the_rules_hour_to_the_second_in_the_offices_zone(
    rule: ReleaseRule, day: date, zone: ZoneInfo, holidays: dict[date, Holiday]
) -> None:
    assert not isinstance(rule, Immediate)
    for at, _ in release_instants(rule, day, zone, holidays):
        assert local(at, zone).strftime("%H%M%S") == f"{rule.at}00"


@given(rules, dates, days_off)
def test_the_same_hour_comes_earlier_in_the_east(
    rule: ReleaseRule, day: date, holidays: dict[date, Holiday]
) -> None:
    wib, wita, wit = (release_instants(rule, day, ZoneInfo(zone), holidays) for zone in ZONES)
    for west, middle, east in zip(wib, wita, wit, strict=True):
        assert (west[0] - middle[0], middle[0] - east[0]) == (3600, 3600)
        assert west[1] == middle[1] == east[1]


@given(rules, dates, zones, days_off)
def test_the_shares_come_in_order_and_are_the_whole(
    rule: ReleaseRule, day: date, zone: ZoneInfo, holidays: dict[date, Holiday]
) -> None:
    instants = release_instants(rule, day, zone, holidays)
    assert sum(percent for _, percent in instants) == 100
    assert list(instants) == sorted(instants)


@given(rules, dates, zones, days_off)
def test_a_date_is_released_as_far_ahead_as_the_rule_is_said_to_lead(
    rule: ReleaseRule, day: date, zone: ZoneInfo, holidays: dict[date, Holiday]
) -> None:
    fewest, most = lead(rule)
    assert most <= LONGEST_LEAD
    for at, _ in release_instants(rule, day, zone, holidays):
        assert fewest <= (day - local(at, zone).date()).days <= most


@given(st.integers(0, 6), dates, zones)
def test_a_weekday_releases_the_monday_to_sunday_after_it(
    weekday: int, day: date, zone: ZoneInfo
) -> None:
    ((at, _),) = release_instants(Weekly(weekday, "1400"), day, zone, {})
    released = local(at, zone).date()
    assert released.weekday() == weekday
    next_monday = released + timedelta(days=7 - weekday)
    assert next_monday <= day < next_monday + timedelta(days=7)


@given(dates, zones, days_off)
def test_a_month_is_released_on_the_last_working_day_of_the_month_before(
    day: date, zone: ZoneInfo, holidays: dict[date, Holiday]
) -> None:
    ((at, _),) = release_instants(Monthly("0900"), day, zone, holidays)
    released = local(at, zone).date()
    assert (released + timedelta(days=31)).replace(day=1) in (
        day.replace(day=1),
        (day.replace(day=1) + timedelta(days=31)).replace(day=1),
    )
    assert is_working_day(released, holidays)
    after = released + timedelta(days=1)
    while after < day.replace(day=1):
        assert not is_working_day(after, holidays)
        after += timedelta(days=1)


@given(dates, st.integers(1, 3))
def test_months_before_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int
) -> None:
    before = months_before(day, months)
    passed = (day.year - before.year) * 12 + day.month - before.month
    assert passed == months
    is_last = (before + timedelta(days=1)).day == 1
    assert before.day == day.day or (is_last and before.day < day.day)


@pytest.mark.parametrize(
    ("rule", "day", "released"),
    [
        (Rolling(7, "0800"), date(2027, 1, 3), ["2026-12-27T08:00"]),
        (Rolling(1, "0000"), date(2028, 3, 1), ["2028-02-29T00:00"]),
        (Weekly(FRIDAY, "1400"), date(2027, 1, 1), ["2026-12-25T14:00"]),
        (Weekly(FRIDAY, "1400"), date(2027, 1, 4), ["2027-01-01T14:00"]),
        (Monthly("0900"), date(2027, 1, 4), ["2026-12-31T09:00"]),
        (Monthly("0900"), date(2028, 3, 31), ["2028-02-29T09:00"]),
        (Monthly("0900"), date(2026, 12, 1), ["2026-11-30T09:00"]),
        (
            KARAWANG,
            date(2028, 5, 31),
            ["2028-02-29T09:00", "2028-03-31T09:00", "2028-04-30T09:00"],
        ),
        (
            KARAWANG,
            date(2027, 1, 15),
            ["2026-10-15T09:00", "2026-11-15T09:00", "2026-12-15T09:00"],
        ),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_dates_around_the_ends_of_months_and_years(
    rule: ReleaseRule, day: date, released: list[str], zone: str
) -> None:
    own = ZoneInfo(zone)
    instants = release_instants(rule, day, own, holidays_of(date(2026, 12, 24), date(2026, 12, 25)))
    assert [local(at, own).strftime("%Y-%m-%dT%H:%M") for at, _ in instants] == released


def test_a_month_whose_end_is_off_is_followed_by_an_earlier_release() -> None:
    off = holidays_of(*(date(2026, 12, day) for day in range(24, 32)))
    ((at, _),) = release_instants(Monthly("0900"), date(2027, 1, 4), ZoneInfo(ZONES[0]), off)
    assert local(at, ZoneInfo(ZONES[0])).date() == date(2026, 12, 23)


def test_a_month_without_a_working_day_is_followed_by_a_release_on_its_last_day() -> None:
    off = holidays_of(*(date(2026, 12, day) for day in range(1, 32)))
    ((at, _),) = release_instants(Monthly("0900"), date(2027, 1, 4), ZoneInfo(ZONES[0]), off)
    assert local(at, ZoneInfo(ZONES[0])).date() == date(2026, 12, 31)


def test_an_immediate_release_was_always() -> None:
    assert release_instants(Immediate(), FIRST, ZoneInfo(ZONES[0]), {}) == ((0, 100),)


@given(st.integers(0, 9_999), staged)
def test_stages_give_all_places_and_never_more_than_their_shares(quota: int, rule: Staged) -> None:
    instants = [(index, share.percent) for index, share in enumerate(rule.shares)]
    divided = stages(quota, instants)
    assert sum(stage.places for stage in divided) == quota
    given_by_then = {stage.at: stage.places for stage in divided}
    given_so_far = percent = 0
    for at, share in instants[:-1]:
        percent += share
        given_so_far += given_by_then.get(at, 0)
        assert given_so_far <= quota * percent / 100 < given_so_far + 1
    assert quota == 0 or all(stage.places > 0 for stage in divided)


@pytest.mark.parametrize(
    ("rule", "horizon", "closes_at", "pointers"),
    [
        (Immediate(), 1, "1200", []),
        (Rolling(30, "0300"), 30, None, []),
        (Rolling(30, "0259"), 30, None, [""]),
        (Rolling(30, "0259"), 31, None, []),
        (Rolling(0, "0600"), 30, None, []),
        (Rolling(0, "0600"), 30, "1700", ["/at"]),
        (Rolling(1, "1659"), 30, "1700", []),
        (Rolling(1, "1700"), 30, "1700", ["/at"]),
        (Weekly(6, "1800"), 7, "1700", ["/at"]),
        (Weekly(0, "1800"), 12, "1700", [""]),
        (Monthly("0900"), 44, None, [""]),
        (Monthly("0900"), 45, None, []),
        (KARAWANG, 92, "1700", []),
        (KARAWANG, 91, None, [""]),
        (Staged((Share(1, 40), Share(2, 59)), "0900"), 92, None, ["/shares"]),
        (Staged((Share(1, 40), Share(1, 60)), "0900"), 92, None, ["/shares"]),
    ],
)
def test_a_rule_must_fit_the_office(
    rule: ReleaseRule, horizon: int, closes_at: str | None, pointers: list[str]
) -> None:
    assert [problem.pointer for problem in problems(rule, horizon, closes_at)] == pointers
