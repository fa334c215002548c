"""Orders of rosters: one message per office and date on the publisher's queue."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from antrean.domain.offices import Office
from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings

RUNS = {"evening": range(1, 5), "morning": range(4)}
"""For which days, counted from the office's date, a run orders rosters. In the evening it is
tomorrow's, in the morning today's with what changed. The three days after it are what an office has
in hand when the centre is out."""


@dataclass(frozen=True, slots=True)
class RosterOrder:
    """An office day whose roster is to be published."""

    office_id: str
    day: date

    @property
    def body(self) -> str:
        """The message."""
        return json.dumps({"office_id": self.office_id, "date": self.day.isoformat()})


def due_rosters(
    offices: Iterable[Office], zone: str, at: datetime, ahead: range
) -> Iterator[RosterOrder]:
    """Yield the rosters that the offices of a time zone need at `at` (aware).

    `ahead` counts days from the offices' date at `at`. They come by date, so that tomorrow's are
    first. Offices of every status are among them: one that was suspended may have people coming.
    The publisher makes no roster where nobody comes and nobody serves.
    """
    in_zone = [office for office in offices if office.timezone == zone]
    for days in ahead:
        for office in in_zone:
            yield RosterOrder(office.office_id, office.local_date(at) + timedelta(days=days))


def enqueue_rosters(orders: Iterable[RosterOrder]) -> int:
    """Put one message for each order on the queue and return how many.

    Ordering twice is harmless: an unchanged roster is not written again. Raises `NotEnqueued` when
    the queue refused some after several attempts; the others are ordered.
    """
    return enqueue(settings().roster_queue_url, (order.body for order in orders))
