"""The board of an office's day: counters, lanes and who waits, by one Query.

These items stand in the day's partition before its tickets.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pynamodb.expressions.condition import Condition

from antrean.domain.day import Board, Counter, LaneState, Waiting
from antrean.domain.slots import Lane
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item, table
from antrean.store.items.counter import COUNTER, CounterItem
from antrean.store.items.lane_state import LANE, LaneItem
from antrean.store.items.ticket import partition
from antrean.store.items.waiting import WAIT, WaitItem
from antrean.store.retrying import call


def read_board(office_id: str, day: date, deadline: Deadline, *, consistent: bool = True) -> Board:
    """Return the day as it stands: one Query. Raises `Unavailable`."""
    between = Item.sk.between(COUNTER, f"{WAIT}~")
    found = call(
        lambda: _raw_items(partition(office_id, day), between, consistent=consistent), deadline
    )
    return board_of(found)


def _raw_items(pk: str, between: Condition, *, consistent: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start: Any = None
    while True:
        page = table().query(
            pk,
            range_key_condition=between,
            consistent_read=consistent,
            exclusive_start_key=start,
        )
        found += page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return found


def board_of(items: Iterable[dict[str, Any]]) -> Board:
    """Return the board that raw items of one day make."""
    counters: list[Counter] = []
    lanes: dict[Lane, LaneState] = {}
    waiting: list[Waiting] = []
    for raw in items:
        kind = raw["sk"]["S"]
        if kind.startswith(COUNTER):
            counters.append(CounterItem.from_raw_data(raw).counter())
        elif kind.startswith(LANE):
            state = LaneItem.from_raw_data(raw).state()
            lanes[state.lane] = state
        elif kind.startswith(WAIT):
            waiting.append(WaitItem.from_raw_data(raw).waiting())
    return Board(tuple(counters), lanes, tuple(waiting))
