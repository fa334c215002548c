"""Items of a lane's figures on one day.

Partition `DAY#{office_id}#{date}`, sort key `!LANE#{lane}`.
"""

from datetime import date

from pynamodb.attributes import NumberAttribute

from antrean.domain.day import LaneState
from antrean.domain.slots import Lane
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute, version_is
from antrean.store.dynamodb import Item
from antrean.store.items.ticket import partition
from antrean.store.retention import expires_at
from antrean.store.retrying import call
from antrean.store.transaction import Transaction

LANE = "!LANE#"


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


def read_lane(office_id: str, day: date, lane: Lane, deadline: Deadline) -> LaneState:
    """Return a lane's figures as they are now; strongly consistent. Raises `Unavailable`."""
    pk, sk = partition(office_id, day), f"{LANE}{lane}"
    try:
        return call(lambda: LaneItem.get(pk, sk, consistent_read=True), deadline).state()
    except LaneItem.DoesNotExist:
        return LaneState(lane)


def read_lanes(office_id: str, day: date, deadline: Deadline) -> list[LaneState]:
    """Return the figures of those lanes in which anything happened yet. Raises `Unavailable`."""
    between = LaneItem.sk.between(LANE, f"{LANE}~")
    items = call(
        lambda: list(
            LaneItem.query(
                partition(office_id, day), range_key_condition=between, consistent_read=True
            )
        ),
        deadline,
    )
    return [item.state() for item in items]


def put_lane(writing: Transaction, office_id: str, day: date, state: LaneState) -> None:
    """Make a lane's new figures part of a transaction; `state.version` is that which was read."""
    item = LaneItem.of(office_id, day, state)
    item.version = state.version + 1
    writing.put(f"lane {state.lane}", item, version_is(LaneItem.version, state.version))
