"""Items of the running day: counters, lanes' figures, and who waits.

They stand in the day's partition `DAY#{office_id}#{date}`, before its tickets: `!COUNTER#{name}`,
`!LANE#{lane}`, `!WAIT#{lane}#{turn}`. One Query between the first and the last is the whole board.
Who waits is an item of its own, put by the check-in and deleted by the call, so that the board of
a day with a thousand tickets reads those alone who are in the hall.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.domain.day import Board, Counter, LaneState, Number, Waiting
from antrean.domain.slots import Lane
from antrean.store.attributes import JsonAttribute
from antrean.store.calls import Budget, Transaction, call
from antrean.store.retention import expires_at
from antrean.store.table import Item, table
from antrean.store.tickets import partition, sort_key

COUNTER, LANE, WAIT = "!COUNTER#", "!LANE#", "!WAIT#"


class CounterItem(Item):
    """One counter. `number` and `answered` are sort keys of tickets."""

    number = UnicodeAttribute(null=True)
    called_at = NumberAttribute()
    calls = NumberAttribute()
    key = UnicodeAttribute()
    answered = UnicodeAttribute(null=True)
    version = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, counter: Counter) -> "CounterItem":
        """Return the item of `counter`."""
        return cls(
            pk=partition(office_id, day),
            sk=f"{COUNTER}{counter.name}",
            number=counter.number and sort_key(*counter.number),
            called_at=counter.called_at,
            calls=counter.calls,
            key=counter.key,
            answered=counter.answered and sort_key(*counter.answered),
            version=counter.version,
            expires_at=expires_at(day),
        )

    def counter(self) -> Counter:
        """Return the counter that this item holds."""
        return Counter(
            name=self.sk.removeprefix(COUNTER),
            number=number_from(self.number) if self.number else None,
            called_at=int(self.called_at),
            calls=int(self.calls),
            key=self.key,
            answered=number_from(self.answered) if self.answered else None,
            version=int(self.version),
        )


class LaneItem(Item):
    """The figures of one lane's day; written whole."""

    checked_in = NumberAttribute()
    called = NumberAttribute()
    served = NumberAttribute()
    no_show = NumberAttribute()
    walk_ins = NumberAttribute()
    wait_seconds = NumberAttribute()
    service_seconds = NumberAttribute()
    recent = JsonAttribute()
    version = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, state: LaneState) -> "LaneItem":
        """Return the item of `state`."""
        return cls(
            pk=partition(office_id, day),
            sk=f"{LANE}{state.lane}",
            checked_in=state.checked_in,
            called=state.called,
            served=state.served,
            no_show=state.no_show,
            walk_ins=state.walk_ins,
            wait_seconds=state.wait_seconds,
            service_seconds=state.service_seconds,
            recent=list(state.recent),
            version=state.version,
            expires_at=expires_at(day),
        )

    def state(self) -> LaneState:
        """Return the figures that this item holds."""
        return LaneState(
            lane=Lane(self.sk.removeprefix(LANE)),
            checked_in=int(self.checked_in),
            called=int(self.called),
            served=int(self.served),
            no_show=int(self.no_show),
            walk_ins=int(self.walk_ins),
            wait_seconds=int(self.wait_seconds),
            service_seconds=int(self.service_seconds),
            recent=tuple(self.recent),
            version=int(self.version),
        )


class WaitItem(Item):
    """One person who is checked in and waits to be called."""

    checked_in_at = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, waiting: Waiting) -> "WaitItem":
        """Return the item of a person who waits."""
        return cls(
            pk=partition(office_id, day),
            sk=f"{WAIT}{waiting.number.lane}#{waiting.turn}",
            checked_in_at=waiting.checked_in_at,
            expires_at=expires_at(day),
        )

    def waiting(self) -> Waiting:
        """Return the person that this item stands for."""
        lane, at, start, number = self.sk.removeprefix(WAIT).split("#")
        return Waiting(
            number=Number(Lane(lane), start, int(number)),
            turn=f"{at}#{start}#{number}",
            checked_in_at=int(self.checked_in_at),
        )


def number_from(ticket_sort_key: str) -> Number:
    """Return the number whose ticket has this sort key."""
    lane, start, number = ticket_sort_key.split("#")
    return Number(Lane(lane), start, int(number))


def read_board(office_id: str, day: date, budget: Budget, *, consistent: bool = True) -> Board:
    """Return the day as it stands: one Query. Raises `Unavailable`."""
    between = Item.sk.between(COUNTER, f"{WAIT}~")
    found = call(
        lambda: _raw_items(partition(office_id, day), between, consistent=consistent), budget
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


def read_lane(office_id: str, day: date, lane: Lane, budget: Budget) -> LaneState:
    """Return a lane's figures as they are now; strongly consistent. Raises `Unavailable`."""
    pk, sk = partition(office_id, day), f"{LANE}{lane}"
    try:
        return call(lambda: LaneItem.get(pk, sk, consistent_read=True), budget).state()
    except LaneItem.DoesNotExist:
        return LaneState(lane)


def read_lanes(office_id: str, day: date, budget: Budget) -> list[LaneState]:
    """Return the figures of those lanes in which anything happened yet. Raises `Unavailable`."""
    between = LaneItem.sk.between(LANE, f"{LANE}~")
    items = call(
        lambda: list(
            LaneItem.query(
                partition(office_id, day), range_key_condition=between, consistent_read=True
            )
        ),
        budget,
    )
    return [item.state() for item in items]


def put_lane(writing: Transaction, office_id: str, day: date, state: LaneState) -> None:
    """Make a lane's new figures part of a transaction; `state.version` is that which was read."""
    item = LaneItem.of(office_id, day, state)
    item.version = state.version + 1
    writing.put(f"lane {state.lane}", item, _version_is(LaneItem.version, state.version))


def put_counter(writing: Transaction, office_id: str, day: date, counter: Counter) -> None:
    """Make a counter's new state part of a transaction; its version is that which was read."""
    item = CounterItem.of(office_id, day, counter)
    item.version = counter.version + 1
    writing.put("counter", item, _version_is(CounterItem.version, counter.version))


def put_waiting(writing: Transaction, office_id: str, day: date, waiting: Waiting) -> None:
    """Make it part of a transaction that a person begins to wait."""
    item = WaitItem.of(office_id, day, waiting)
    writing.put(f"wait {waiting.turn}", item, WaitItem.pk.does_not_exist())


def delete_waiting(writing: Transaction, office_id: str, day: date, waiting: Waiting) -> None:
    """Make it part of a transaction that a person waits no longer."""
    item = WaitItem.of(office_id, day, waiting)
    writing.delete(f"wait {waiting.turn}", item, WaitItem.pk.exists())


def _version_is(attribute: NumberAttribute, version: int) -> Condition:
    same: Condition = attribute == version if version else attribute.does_not_exist()
    return same
