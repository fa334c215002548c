"""The JSON of an office's statistics."""

import datetime as dt
from collections.abc import Mapping

from antrean.api.types import Output
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.statistics import DayFigures, LaneFigures, Spread


class SpreadOut(Output):
    """How long something took, in seconds; nine in ten took no longer than `p90`."""

    mean: int
    median: int
    p90: int


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


class DayStatisticsOut(Output):
    """How a day went, by lane."""

    date: dt.date
    lanes: list[LaneFiguresOut]


class StatisticsOut(Output):
    """How an office's days went; days of which nothing is kept are left out."""

    office_id: str
    timezone: str
    days: list[DayStatisticsOut]


def statistics_out(office: Office, kept: Mapping[dt.date, DayFigures]) -> StatisticsOut:
    """Return what is kept."""
    return StatisticsOut(
        office_id=office.office_id,
        timezone=office.timezone,
        days=[
            DayStatisticsOut(date=day, lanes=[_lane_out(lane) for lane in figures.lanes])
            for day, figures in kept.items()
        ],
    )


def _lane_out(lane: LaneFigures) -> LaneFiguresOut:
    return LaneFiguresOut(
        lane=lane.lane,
        places=lane.places,
        booked=lane.booked,
        walk_ins=lane.walk_ins,
        checked_in=lane.checked_in,
        served=lane.served,
        no_show=lane.no_show,
        returned=lane.returned,
        left_waiting=lane.left_waiting,
        unnoted=lane.unnoted,
        waiting=_spread_out(lane.waiting),
        service=_spread_out(lane.service),
        pace=lane.pace,
    )


def _spread_out(spread: Spread | None) -> SpreadOut | None:
    if spread is None:
        return None
    return SpreadOut(mean=spread.mean, median=spread.median, p90=spread.p90)
