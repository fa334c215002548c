"""The board of an office's day, read once for all who watch it."""

from dataclasses import dataclass
from datetime import date

from antrean.domain.day import Board, Number
from antrean.domain.slots import Lane
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.board import read_board
from antrean.store.items.ticket import numbers_to_come


@dataclass(frozen=True, slots=True)
class DatedBoard:
    """A board and when (seconds, UTC) it was read."""

    board: Board
    at: int


BOARDS: TtlCache[tuple[str, date], DatedBoard] = TtlCache(seconds=3, most=300)
"""As often as a hall display must change; thousands of watchers cost one Query in that time."""

TO_COME: TtlCache[tuple[str, date, Lane], tuple[Number, ...]] = TtlCache(seconds=20, most=600)
"""Longer than the board: it is every ticket of a lane, and who comes meanwhile is on the board."""


def watch(office_id: str, day: date, deadline: Deadline) -> DatedBoard:
    """Return the board of an office day, some seconds old at most. Raises `Unavailable`."""
    key = office_id, day
    return BOARDS.get(key) or BOARDS.put(
        key, DatedBoard(read_board(office_id, day, deadline, consistent=False), clock.epoch())
    )


def to_come(office_id: str, day: date, lane: Lane, deadline: Deadline) -> tuple[Number, ...]:
    """Return the numbers of a lane whose people had not come yet, some seconds ago.

    Raises `Unavailable`.
    """
    key = office_id, day, lane
    known = TO_COME.get(key)
    if known is not None:
        return known
    return TO_COME.put(key, tuple(numbers_to_come(office_id, day, lane, deadline)))
