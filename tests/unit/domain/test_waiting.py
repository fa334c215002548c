"""When somebody is called: an interval that keeps its word, and no word where there is no pace."""

import random
from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.waiting import (
    LONGEST_LULL,
    SHARE,
    Ahead,
    Basis,
    Estimate,
    Pace,
    When,
    estimate,
    pace_of,
)

NOW = 1_795_500_000
MEAN = 60
"""Seconds between simulated calls."""
EVERY_TWO_MINUTES = [NOW - 120 * n for n in range(19, -1, -1)]

gaps = st.lists(st.integers(0, 900), min_size=2, max_size=19)
people = st.integers(0, 200)


def calls(between: list[int], ago: int = 0) -> list[int]:
    """First calls with these gaps, the last of them some seconds ago."""
    return list(accumulate(between, initial=NOW - ago - sum(between)))


def when(pace: Pace, ahead: Ahead) -> When:
    """The estimate, where there is one."""
    interval = estimate(pace, ahead, NOW).when
    assert interval is not None
    return interval


@given(gaps, st.integers(0, 900), people, people, st.integers(-3_600, 7_200))
@settings(max_examples=60)
def test_an_interval_is_in_order_and_never_before_its_time(
    between: list[int], ago: int, waiting: int, expected: int, opens_in: int
) -> None:
    ahead = Ahead(waiting, expected, min(expected, 4), NOW + opens_in)
    interval = when(pace_of(calls(between, ago), NOW), ahead)
    assert max(NOW, NOW + opens_in) <= interval.earliest <= interval.likely <= interval.latest


@given(gaps, people, people, st.integers(1, 50))
@settings(max_examples=60)
def test_more_people_ahead_never_bring_the_call_nearer(
    between: list[int], waiting: int, expected: int, more: int
) -> None:
    pace = pace_of(calls(between), NOW)

    fewer = when(pace, Ahead(waiting, expected))
    for further in (Ahead(waiting + more, expected), Ahead(waiting, expected + more)):
        assert all(a <= b for a, b in zip(fewer, when(pace, further), strict=True))


def width(pace: Pace, ahead: int) -> int:
    interval = when(pace, Ahead(ahead))
    return interval.latest - interval.earliest


def test_the_interval_widens_with_people_ahead_and_with_few_calls() -> None:
    many, few = pace_of(EVERY_TWO_MINUTES, NOW), pace_of(EVERY_TWO_MINUTES[-4:], NOW)
    widths = [width(many, ahead) for ahead in (0, 5, 20, 80)]
    assert widths == sorted(set(widths))
    assert width(few, 5) > 1.3 * width(many, 5)


def test_uneven_counters_widen_it() -> None:
    even, uneven = pace_of(calls([120] * 20), NOW), pace_of(calls([10, 10, 10, 450] * 5), NOW)
    assert even.dispersion < 1 < uneven.dispersion
    assert width(uneven, 9) > width(even, 9)


def inside(draw: Callable[[random.Random], float], known: int, ahead: int) -> float:
    """The share of seeded days on which somebody was called within their interval."""
    chance, days, hits = random.Random(20261124), 400, 0
    for _ in range(days):
        instants = list(accumulate(draw(chance) for _ in range(200)))
        now = chance.uniform(40, 60)  # times the mean gap: nobody looks at the instant of a call
        latest_calls = [round(NOW + (at - now) * MEAN) for at in instants if at <= now][-known:]
        called = NOW + ([at for at in instants if at > now][ahead] - now) * MEAN
        interval = when(pace_of(latest_calls, NOW), Ahead(ahead))
        hits += interval.earliest <= called <= interval.latest
    return hits / days


@pytest.mark.parametrize("known", [3, 6, 20])
@pytest.mark.parametrize("ahead", [0, 4, 19])
def test_counters_that_work_by_chance_keep_the_stated_share(known: int, ahead: int) -> None:
    assert inside(lambda chance: chance.expovariate(1), known, ahead) == pytest.approx(
        SHARE, abs=0.06
    )


@pytest.mark.parametrize(
    ("shape", "ahead", "least"),
    [(2, 9, SHARE), (6, 9, SHARE), (6, 0, SHARE), (0.6, 9, SHARE - 0.12)],
)
def test_even_counters_keep_more_than_the_share_and_uneven_ones_most_of_it(
    shape: float, ahead: int, least: float
) -> None:
    share = inside(lambda chance: chance.gammavariate(shape, 1 / shape), 20, ahead)
    assert least - 0.03 <= share <= 0.98


@pytest.mark.parametrize("known", [0, 1, 2])
def test_below_three_calls_nothing_is_claimed(known: int) -> None:
    interval = estimate(pace_of(EVERY_TWO_MINUTES[20 - known :], NOW), Ahead(3), NOW)
    assert interval == Estimate(Basis.FEW_CALLS)


def test_when_nobody_was_called_for_long_nothing_is_claimed() -> None:
    assert pace_of(EVERY_TWO_MINUTES, NOW + LONGEST_LULL).basis is Basis.PACE
    assert pace_of(EVERY_TWO_MINUTES, NOW + LONGEST_LULL + 1) == Pace(Basis.STALLED)


def test_where_calls_are_rare_a_lull_is_longer() -> None:
    assert pace_of(calls([600] * 5, ago=2_400), NOW).basis is Basis.PACE


def test_the_pace_before_a_break_is_forgotten() -> None:
    morning, afternoon = [120] * 9, [60] * 3
    assert pace_of(calls([*morning, 3_600, *afternoon]), NOW) == Pace(
        Basis.PACE, 4, 180, pace_of(calls(afternoon), NOW).dispersion
    )
    assert pace_of(calls([*morning, 3_600, 60]), NOW).basis is Basis.FEW_CALLS


def test_the_pace_counts_the_time_since_the_last_call() -> None:
    assert pace_of(calls([120] * 5), NOW).per_hour == pytest.approx(36)
    assert pace_of(calls([120] * 5, ago=600), NOW).per_hour == pytest.approx(18)
    assert Pace(Basis.STALLED).per_hour is None


def test_the_early_end_counts_on_nobody_who_has_not_come() -> None:
    pace = pace_of(EVERY_TWO_MINUTES, NOW)
    some, everybody = when(pace, Ahead(2, 8)), when(pace, Ahead(10))
    assert some.earliest == when(pace, Ahead(2)).earliest < everybody.earliest
    assert some[1:] == everybody[1:]


def test_who_comes_with_the_window_waits_for_those_before_them_in_it() -> None:
    pace, start = pace_of(EVERY_TWO_MINUTES, NOW), NOW + 7_200
    interval = when(pace, Ahead(0, 4, companions=4, not_before=start))
    assert interval.earliest == start
    assert interval.likely > start + 4 * 100
    assert interval.latest > start + 4 * 120
