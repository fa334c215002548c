"""When a person is likely to be called, and how sure that is.

The model: first calls of a lane come as a renewal process of today's pace. Of n calls since the
first of them T seconds ago, the time until the k-th next call relates to T as a ratio of two gamma
sums, which is an F distribution with 2k and 2n degrees of freedom (prediction for a Poisson
process: G. J. Hahn, W. Q. Meeker, "Statistical Intervals", Wiley 1991, chapter 7; J. F. Lawless,
"Statistical Models and Methods for Lifetime Data", Wiley 2003, chapter 4). So the interval grows
with the people ahead and with few calls. Counters that work more evenly, or less, than chance have
both degrees divided by the dispersion of the gaps (quasi-likelihood: P. McCullagh, J. A. Nelder,
"Generalized Linear Models", 1989, chapter 9), drawn towards 1 while they are few. Quantiles of F by
E. Paulson's normal approximation (Ann. Math. Stat. 13, 1942), which needs no library.

Not in the model: the midday break, counters that open or close, and people ahead who leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import ceil, floor, sqrt
from typing import Final, NamedTuple

SHARE: Final = 0.8
"""Of all people, those who are called within their interval; the others half before, half after."""
_Z: Final = 1.2815515655446004  # the normal quantile of 0.9

FEWEST_CALLS: Final = 3
"""With fewer calls there is no pace to speak of."""

LONGEST_LULL: Final = 20 * 60
"""Seconds without a call that say nothing, ..."""
LULL: Final = 8
"""... unless they are this many times the median gap: of gaps by chance 1 in 250 is longer."""

_GAPS_BY_CHANCE: Final = 5  # as many gaps of dispersion 1 are put beside those observed
_DISPERSION: Final = (0.25, 2.0)


class Basis(StrEnum):
    """What an estimate rests on: today's pace, or why there is none."""

    PACE = "pace"
    FEW_CALLS = "few_calls"
    STALLED = "stalled"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a lane is called: `calls` in `seconds` until now, and how unevenly.

    Means nothing unless `basis` is `PACE`.
    """

    basis: Basis
    calls: int = 0
    seconds: int = 0
    dispersion: float = 1.0

    @property
    def per_hour(self) -> float | None:
        """Calls in an hour, if there is a pace."""
        return self.calls * 3600 / self.seconds if self.basis is Basis.PACE else None

    def until(self, call: int, z: float) -> float:
        """Return a quantile of the seconds until the `call`-th next call (`z`: the normal's)."""
        # The next gap has begun at a time that has nothing to do with us, so that however evenly
        # the counters work, what is left of it is by chance.
        own = max(self.dispersion, (1 + (call - 1) * self.dispersion) / call)
        ratio = _quantile_of_f(2 * call / own, 2 * self.calls / self.dispersion, z)
        return ratio * call / self.calls * self.seconds


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who comes before a person: `waiting` are there, `expected` may still come.

    `companions` are those of both who belong to the person's own arrival window. `not_before`
    (seconds, UTC) is the window's start for somebody who is not there yet.
    """

    waiting: int
    expected: int = 0
    companions: int = 0
    not_before: int = 0


class When(NamedTuple):
    """An interval of instants (seconds, UTC), and the middle of what is likely."""

    earliest: int
    likely: int
    latest: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """When a person is called; without a pace nothing but the reason."""

    basis: Basis
    when: When | None = None


def pace_of(first_calls: Sequence[int], now: int) -> Pace:
    """Return the pace of a lane from its latest first calls (ascending instants, seconds UTC).

    A lull ends what is known: the pace before the midday break is not the one after it.
    """
    gaps = [later - earlier for earlier, later in pairwise(first_calls)]
    longest = max(LONGEST_LULL, LULL * _median(gaps))
    if first_calls and now - first_calls[-1] > longest:
        return Pace(Basis.STALLED)
    begins = max((i + 1 for i, gap in enumerate(gaps) if gap > longest), default=0)
    calls = len(first_calls) - begins
    if calls < FEWEST_CALLS:
        return Pace(Basis.FEW_CALLS)
    seconds = max(1, now - first_calls[begins])
    return Pace(Basis.PACE, calls, seconds, _dispersion(gaps[begins:]))


def estimate(pace: Pace, ahead: Ahead, now: int) -> Estimate:
    """Return when somebody with these people ahead is called.

    The early end counts on nobody who has not come, the late end on everybody. Nobody is called
    before now, nor, while they are not there, before their window starts: its companions neither.
    """
    if pace.basis is not Basis.PACE:
        return Estimate(pace.basis)
    everybody = ahead.waiting + ahead.expected + 1

    def by(z: float) -> float:
        called = now + pace.until(everybody, z)
        if ahead.not_before <= now:
            return called
        return max(called, ahead.not_before + pace.until(ahead.companions + 1, z))

    surely = floor(now + pace.until(ahead.waiting + 1, -_Z))
    earliest = max(surely, ahead.not_before)
    likely = max(earliest, round(by(0.0)))
    return Estimate(Basis.PACE, When(earliest, likely, max(likely, ceil(by(_Z)))))


def _median(gaps: Sequence[int]) -> float:
    ordered = sorted(gaps)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2 if ordered else 0.0


def _dispersion(gaps: Sequence[int]) -> float:
    """Return variance over squared mean of the gaps, 1 where they come by chance."""
    count = len(gaps)
    mean = sum(gaps) / count
    if mean == 0:
        return 1.0
    variance = sum((gap - mean) ** 2 for gap in gaps) / (count - 1)
    observed = (count + 1) / count * variance / mean**2  # the factor makes it unbiased by chance
    drawn = (_GAPS_BY_CHANCE + (count - 1) * observed) / (_GAPS_BY_CHANCE + count - 1)
    return min(_DISPERSION[1], max(_DISPERSION[0], drawn))


def _quantile_of_f(above: float, below: float, z: float) -> float:
    """Return the quantile of F with these degrees of freedom that the normal has at `z`."""
    a, b = 2 / (9 * above), 2 / (9 * below)
    root = sqrt(a * (1 - b) ** 2 + b * (1 - a) ** 2 - z * z * a * b)
    cubic = ((1 - a) * (1 - b) + z * root) / ((1 - b) ** 2 - z * z * b)
    return float(max(0.0, cubic) ** 3)
