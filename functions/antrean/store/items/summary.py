"""The summary item: every office's room by date, in one item.

Partition `SUMMARY`, sort key `ROOM`. The sweeper, which reads every slot anyway, writes it; a
search across all offices then reads this one item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pynamodb.attributes import NumberAttribute

from antrean.domain.room import Room
from antrean.domain.slots import Lane
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.retrying import call

PARTITION, ROOM = "SUMMARY", "ROOM"


class SummaryItem(Item):
    """Room by office, and when (seconds, UTC) it was last looked at."""

    offices = JsonAttribute()
    as_of = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Summary:
    """Every office's room by date, as of an instant (seconds, UTC)."""

    offices: Mapping[str, Room]
    as_of: int


def get_summary(deadline: Deadline) -> Summary:
    """Return the summary as it was a moment ago; an empty one before the first sweep."""
    try:
        item = call(lambda: SummaryItem.get(PARTITION, ROOM), deadline)
    except SummaryItem.DoesNotExist:
        return Summary({}, 0)
    rooms = {office_id: _room_from(stored) for office_id, stored in item.offices.items()}
    return Summary(rooms, int(item.as_of))


def put_summary(summary: Summary, deadline: Deadline) -> None:
    """Write the summary in place of the last one."""
    stored = {office_id: _room_as_stored(room) for office_id, room in summary.offices.items()}
    item = SummaryItem(pk=PARTITION, sk=ROOM, offices=stored, as_of=summary.as_of)
    call(item.save, deadline)


def _room_as_stored(room: Room) -> list[Any]:
    lanes = {lane: [f"{dates:x}" for dates in parties] for lane, parties in room.lanes.items()}
    return [room.base.isoformat(), lanes]


def _room_from(stored: list[Any]) -> Room:
    base, lanes = stored
    return Room(
        date.fromisoformat(base),
        {Lane(lane): tuple(int(dates, 16) for dates in parties) for lane, parties in lanes.items()},
    )
