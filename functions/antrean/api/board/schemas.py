"""The JSON of the hall display: numbers, counters and figures, and nobody's name."""

import datetime as dt
from typing import Self

from antrean.api.bookings.schemas import BookedOffice
from antrean.api.types import Output
from antrean.counter.board import DatedBoard
from antrean.domain.day import Board, Counter, Number
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.waiting import pace_of


class NowServedOut(Output):
    """A number at a counter: when it was called last, and how often."""

    label: str
    counter: str
    called_at: dt.datetime
    calls: int

    @classmethod
    def of(cls, number: Number, counter: Counter, office: Office) -> Self:
        return cls(
            label=number.label,
            counter=counter.name,
            called_at=office.local_time(counter.called_at),
            calls=counter.calls,
        )


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

    @classmethod
    def of(cls, lane: Lane, board: Board, office: Office, now: int) -> Self:
        """Return a lane of the board as it is `now` (seconds, UTC)."""
        waiting = board.waiting_in(lane)
        state = board.lane(lane)
        per_hour = pace_of(state.recent, now).per_hour
        counters = sorted(board.counters, key=lambda counter: (-counter.called_at, counter.name))
        return cls(
            lane=lane,
            now_serving=[
                NowServedOut.of(counter.number, counter, office)
                for counter in counters
                if counter.number and counter.number.lane is lane
            ],
            waiting=len(waiting),
            next=[arrival.number.label for arrival in waiting],
            served=state.served,
            pace=None if per_hour is None else PaceOut(calls_per_hour=round(per_hour, 1)),
        )


class BoardOut(Output):
    """An office's day as the hall sees it; lanes that nobody came to are left out."""

    office: BookedOffice
    date: dt.date
    as_of: dt.datetime
    lanes: list[LaneOut]

    @classmethod
    def of(cls, office: Office, day: dt.date, dated: DatedBoard) -> Self:
        """Return the board of an office's day (a local date)."""
        board = dated.board
        waiting = {arrival.number.lane for arrival in board.waiting}
        return cls(
            office=BookedOffice.of(office),
            date=day,
            as_of=office.local_time(dated.at),
            lanes=[
                LaneOut.of(lane, board, office, dated.at)
                for lane in Lane
                if lane in board.lanes or lane in waiting
            ],
        )
