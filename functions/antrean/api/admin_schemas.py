"""The admin API's JSON."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, Field

from antrean.api.rendering import hour
from antrean.api.schemas import Hour, Input
from antrean.domain.slots import Lane, Slot, SlotState
from antrean.offices.quotas import WantedQuota
from antrean.store.audit import Record

LARGEST_QUOTA = 9_999
"""Places of one window: a queue number has four digits."""
MOST_WINDOWS = 90
"""Windows in one change: it is one transaction."""


class QuotaIn(Input):
    """The quota a window is to have."""

    lane: Lane = Lane.REGULAR
    window: Hour
    quota: Annotated[int, Field(ge=0, le=LARGEST_QUOTA, strict=True)]


class DayIn(Input):
    """What is to change about a day."""

    quotas: Annotated[list[QuotaIn], Field(min_length=1, max_length=MOST_WINDOWS)]
    force: Annotated[bool, Field(strict=True)] = False

    def quotas_wanted(self) -> list[WantedQuota]:
        """Return the use case's words for it."""
        return [
            WantedQuota(one.lane, one.window.replace(":", ""), one.quota) for one in self.quotas
        ]


class SlotOut(BaseModel):
    """A slot's figures. `remaining` may be below zero after a forced lowering."""

    lane: Lane
    start: str
    end: str
    quota: int
    remaining: int
    taken: int
    state: SlotState


class DayOut(BaseModel):
    """A day's slots."""

    date: dt.date
    slots: list[SlotOut]


class DaysOut(BaseModel):
    """Days of an office."""

    office_id: str
    days: list[DayOut]


class RecordOut(BaseModel):
    """One change on the record."""

    at: dt.datetime
    office_id: str
    who: str
    what: str
    before: Any
    after: Any
    request_id: str


class AuditOut(BaseModel):
    """A page of the record."""

    records: list[RecordOut]
    next: str | None


def last_of(first: dt.date, days: int) -> dt.date:
    """Return the last of `days` days from `first`."""
    return first + dt.timedelta(days=days - 1)


def days_out(office_id: str, slots: Iterable[Slot]) -> DaysOut:
    """Return slots by day."""
    days = groupby(slots, key=lambda slot: slot.ref.day)
    return DaysOut(office_id=office_id, days=[day_out(day, list(same)) for day, same in days])


def day_out(day: dt.date, slots: Sequence[Slot]) -> DayOut:
    """Return a day's slots."""
    return DayOut(date=day, slots=[_slot_out(slot) for slot in slots])


def _slot_out(slot: Slot) -> SlotOut:
    return SlotOut(
        lane=slot.ref.lane,
        start=hour(slot.ref.start),
        end=hour(slot.end),
        quota=slot.quota,
        remaining=slot.remaining,
        taken=slot.taken,
        state=slot.state,
    )


def record_out(record: Record) -> RecordOut:
    """Return a record as admins see it."""
    change = record.change
    return RecordOut(
        at=record.at,
        office_id=change.office_id,
        who=change.who,
        what=change.what,
        before=change.before,
        after=change.after,
        request_id=change.request_id,
    )
