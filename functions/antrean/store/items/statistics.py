"""Statistics items: how an office's days went, kept when the people's data is deleted.

Partition `STATS#{office_id}`, sort key the date. Figures alone: nothing here says who.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from antrean.domain.slots import Lane
from antrean.domain.statistics import DayFigures, LaneFigures, Outcomes, Spread
from antrean.domain.tickets import TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.retrying import call


class StatisticsItem(Item):
    """The figures of one office day, without an end: they are nobody's data."""

    lanes = JsonAttribute()
    outcomes = JsonAttribute()

    @classmethod
    def of(cls, office_id: str, day: date, figures: DayFigures) -> "StatisticsItem":
        """Return the item of a day's figures. Made twice of the same, it is the same."""
        return cls(
            pk=_partition(office_id),
            sk=day.isoformat(),
            lanes=[asdict(lane) for lane in figures.lanes],
            outcomes={
                f"{lane}#{start}": dict(counts)
                for (lane, start), counts in figures.outcomes.items()
            },
        )

    def figures(self) -> DayFigures:
        """Return the figures that this item holds."""
        return DayFigures([_lane_from(stored) for stored in self.lanes], _outcomes(self.outcomes))


def _partition(office_id: str) -> str:
    return f"STATS#{office_id}"


def _lane_from(stored: Mapping[str, Any]) -> LaneFigures:
    spreads = {
        name: Spread(**stored[name]) if stored[name] else None for name in ("waiting", "service")
    }
    return LaneFigures(**{**stored, **spreads, "lane": Lane(stored["lane"])})


def _outcomes(stored: Mapping[str, Mapping[str, int]]) -> Outcomes:
    found = {}
    for slot, counts in stored.items():
        lane, _, start = slot.partition("#")
        found[Lane(lane), start] = {TicketStatus(status): n for status, n in counts.items()}
    return found


def put_statistics(office_id: str, day: date, figures: DayFigures, deadline: Deadline) -> None:
    """Write a day's figures in place of those that were kept of it. Raises `Unavailable`."""
    call(StatisticsItem.of(office_id, day, figures).save, deadline)


def statistics_between(
    office_id: str, first: date, last: date, deadline: Deadline
) -> dict[date, DayFigures]:
    """Return what is kept of the days from `first` to `last` (both inside), in order."""
    between = StatisticsItem.sk.between(first.isoformat(), last.isoformat())
    items = call(
        lambda: list(StatisticsItem.query(_partition(office_id), range_key_condition=between)),
        deadline,
    )
    return {date.fromisoformat(item.sk): item.figures() for item in items}
