"""Room by date: on which dates an office has room for parties of one to five, by lane."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.domain.offices import Office, Position
from antrean.domain.slots import Availability, Lane, Slot
from antrean.domain.tickets import LARGEST_PARTY

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Room:
    """The dates with room in one window for a party of 1, 2, ... 5, by lane.

    Each is a number whose bit i stands for the date i days after `base` (local): a quarter of a
    year for one office in some 120 bytes, so that all offices fit into one item.
    """

    base: date
    lanes: Mapping[Lane, tuple[int, ...]]

    def earliest(self, lane: Lane, party: int, first: date | None = None) -> date | None:
        """Return the earliest date with room from `first` on, or None."""
        dates = self.lanes.get(lane)
        if not dates:
            return None
        gone = max(0, (first - self.base).days) if first else 0
        left = dates[party - 1] >> gone << gone
        return self.base + timedelta(days=(left & -left).bit_length() - 1) if left else None


def room_in(office: Office, slots: Iterable[Slot], base: date, now: int) -> Room:
    """Return the room that an office's slots have at `now` (seconds, UTC), from `base` on."""
    lanes: dict[Lane, list[int]] = {}
    for slot in slots:
        days = (slot.ref.day - base).days
        if days < 0 or office.availability(slot, now) is not Availability.OPEN:
            continue
        dates = lanes.setdefault(slot.ref.lane, [0] * LARGEST_PARTY)
        for index in range(min(LARGEST_PARTY, slot.bookable(now))):
            dates[index] |= 1 << days
    return Room(base, {lane: tuple(dates) for lane, dates in lanes.items()})


def distance_km(one: Position, other: Position) -> float:
    """Return the great-circle distance of two positions in kilometres (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
