"""Whether the day of a booking still stands, and if not, what closed it.

Everything that tells people when to come asks this one rule: the page's answer, the proof, the
calendar entry, every message, the roster.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Slot, SlotState


class ClosedBy(StrEnum):
    """What closed a booking's day: its own slot, or the whole office."""

    DAY = "day"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """Why nobody is to come: what closed the day, and the public reason if one was given."""

    by: ClosedBy
    reason: str | None


def closed_day(office: Office, day: date, slot: Slot | None, now: datetime) -> ClosedDay | None:
    """Return what closed a window of `day` (local date) at an office; None: it stands.

    `slot` is None when the office has no such window any more. The slot comes first, since its
    closure outlasts that of the office, whose status says nothing of dates that are over at `now`
    (aware).
    """
    if slot and slot.state is SlotState.CLOSED:
        return ClosedDay(ClosedBy.DAY, slot.reason)
    if office.status is not OfficeStatus.OPEN and office.local_date(now) <= day:
        return ClosedDay(ClosedBy.OFFICE, office.status_reason)
    return None if slot else ClosedDay(ClosedBy.DAY, None)
