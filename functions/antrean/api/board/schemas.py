"""The JSON of the hall display: numbers, counters and figures, and nobody's name."""

import datetime as dt

from antrean.api.answers import local
from antrean.api.bookings.schemas import BookedOffice
from antrean.api.types import Output
from antrean.counter.board import DatedBoard
from antrean.domain.day import Board, Counter
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.waiting import pace_of


class NowServedOut(Output):
    """A number at a counter: when it was called last, and how often."""

    label: str
    counter: str
    called_at: dt.datetime
    calls: int


class PaceOut(Output):
    """How fast a lane is called now."""

    calls_per_hour: float


class LaneOut(Output):
    """A lane: numbers at counters (the last called first), labels waiting in order, figures."""

    lane: Lane
    now_serving: list[NowServedOut]
    waiting: int
    next: list[str]
    served: int
    pace: PaceOut | None


class BoardOut(Output):
    """An office's day as the hall sees it; lanes that nobody came to are left out."""

    office: BookedOffice
    date: dt.date
    as_of: dt.datetime
    lanes: list[LaneOut]


def board_out(office: Office, day: dt.date, seen: DatedBoard) -> BoardOut:
    """Return the board of an office's day (a local date)."""
    board = seen.board
    waiting = {one.number.lane for one in board.waiting}
    return BoardOut(
        office=BookedOffice(
            office_id=office.office_id,
            name=office.name,
            city=office.city,
            timezone=office.timezone,
        ),
        date=day,
        as_of=dt.datetime.fromtimestamp(seen.at, office.zone),
        lanes=[
            _lane_out(office, board, lane, seen.at)
            for lane in Lane
            if lane in board.lanes or lane in waiting
        ],
    )


def _lane_out(office: Office, board: Board, lane: Lane, now: int) -> LaneOut:
    waiting = board.waiting_in(lane)
    state = board.lane(lane)
    per_hour = pace_of(state.recent, now).per_hour
    at_counters = [one for one in board.counters if one.number and one.number.lane is lane]
    at_counters.sort(key=lambda one: (-one.called_at, one.name))
    return LaneOut(
        lane=lane,
        now_serving=[served for one in at_counters if (served := _served_out(office, one))],
        waiting=len(waiting),
        next=[one.number.label for one in waiting],
        served=state.served,
        pace=None if per_hour is None else PaceOut(calls_per_hour=round(per_hour, 1)),
    )


def _served_out(office: Office, counter: Counter) -> NowServedOut | None:
    at = local(office, counter.called_at)
    if counter.number is None or at is None:
        return None
    return NowServedOut(
        label=counter.number.label, counter=counter.name, called_at=at, calls=counter.calls
    )
