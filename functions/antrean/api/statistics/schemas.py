"""The JSON of an office's statistics."""

import datetime as dt
from collections.abc import Mapping
from typing import Self

from antrean.api.types import Output
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.statistics import DayFigures, LaneFigures, Spread


class SpreadOut(Output):
    """How long something took, in seconds; nine in ten took no longer than `p90`."""

    mean: int
    median: int
    p90: int

    @classmethod
    def of(cls, spread: Spread | None) -> Self | None:
        """Return how long it took; None where nobody was measured."""
        if spread is None:
            return None
        return cls(mean=spread.mean, median=spread.median, p90=spread.p90)


class LaneFiguresOut(Output):
    """How a lane's day went, in people; `pace` is people called an hour."""

    lane: Lane
    places: int
    booked: int
    walk_ins: int
    checked_in: int
    served: int
    no_show: int
    returned: int
    left_waiting: int
    unnoted: int
    waiting: SpreadOut | None
    service: SpreadOut | None
    pace: float | None

    @classmethod
    def of(cls, figures: LaneFigures) -> Self:
        return cls(
            lane=figures.lane,
            places=figures.places,
            booked=figures.booked,
            walk_ins=figures.walk_ins,
            checked_in=figures.checked_in,
            served=figures.served,
            no_show=figures.no_show,
            returned=figures.returned,
            left_waiting=figures.left_waiting,
            unnoted=figures.unnoted,
            waiting=SpreadOut.of(figures.waiting),
            service=SpreadOut.of(figures.service),
            pace=figures.pace,
        )


class DayStatisticsOut(Output):
    """How a day went, by lane."""

    date: dt.date
    lanes: list[LaneFiguresOut]

    @classmethod
    def of(cls, day: dt.date, figures: DayFigures) -> Self:
        return cls(date=day, lanes=[LaneFiguresOut.of(lane) for lane in figures.lanes])


class StatisticsOut(Output):
    """How an office's days went; days of which nothing is kept are left out."""

    office_id: str
    timezone: str
    days: list[DayStatisticsOut]

    @classmethod
    def of(cls, office: Office, by_day: Mapping[dt.date, DayFigures]) -> Self:
        return cls(
            office_id=office.office_id,
            timezone=office.timezone,
            days=[DayStatisticsOut.of(day, figures) for day, figures in by_day.items()],
        )
