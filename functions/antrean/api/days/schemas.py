"""The JSON of an office's days, as admins read and change them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from antrean.api.problems import told
from antrean.api.types import Hour, Input, Output, ServiceDate
from antrean.days.change_days import DayResult, version
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.moves import MoveProgress
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.slots import KeptFor, Lane, Slot, SlotState

LARGEST_QUOTA = 9_999
"""Places of one window: a queue number has four digits."""


MOST_WINDOWS = 90
"""Windows in one change: it is one transaction."""


MOST_DAYS = 92
"""Dates in one change."""


Places = Annotated[int, Field(ge=0, le=LARGEST_QUOTA, strict=True)]


Flag = Annotated[bool, Field(strict=True)]


Reason = Annotated[str, StringConstraints(min_length=3, max_length=200, strip_whitespace=True)]


class ReserveIn(Input):
    """Places for walk-ins; those unused go to the public at a local hour of the day."""

    places: Places
    until: Hour

    def wanted(self) -> Reserve:
        """Return the use case's words for it."""
        return Reserve(self.places, stored_hour(self.until))


class QuotaIn(Input):
    """What a window is to have."""

    lane: Lane = Lane.REGULAR
    window: Hour
    quota: Places | None = None
    walk_in: ReserveIn | None = None


class DayIn(Input):
    """What is to change about a day; what is left out stays."""

    quotas: Annotated[list[QuotaIn], Field(max_length=MOST_WINDOWS, default_factory=list)]
    closed: Flag | None = None
    lane: Lane | None = None
    reason: Reason | None = None
    force: Flag = False

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.quotas and self.closed is None:
            raise ValueError("Say what is to change: quotas, closed, or both.")
        if self.closed and not self.reason:
            raise ValueError("Give the public reason of the closure.")
        return self

    def wanted(self) -> DayChange:
        """Return the use case's words for it."""
        windows = [
            WindowChange(
                lane=one.lane,
                start=stored_hour(one.window),
                quota=one.quota,
                reserve=one.walk_in.wanted() if one.walk_in else None,
                pointer=f"/quotas/{index}",
            )
            for index, one in enumerate(self.quotas)
        ]
        closure = None if self.closed is None else Closure(self.closed, self.reason)
        return DayChange(windows, closure, self.lane, force=self.force)


class DaysIn(DayIn):
    """The same for a range of dates, all of its dates or those on some days of the week."""

    first: Annotated[ServiceDate, Field(alias="from")]
    to: ServiceDate
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(max_length=7)] | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 0 <= (self.to - self.first).days < MOST_DAYS:
            raise ValueError(f"The range goes from a date to a later one, {MOST_DAYS} at the most.")
        return self

    def dates(self) -> list[dt.date]:
        """Return the dates that are meant, in order."""
        count = (self.to - self.first).days + 1
        dates = (self.first + dt.timedelta(days=i) for i in range(count))
        return [day for day in dates if self.weekdays is None or day.weekday() in self.weekdays]


class SlotOut(Output):
    """A slot's figures. `remaining` may be below zero after a forced lowering."""

    lane: Lane
    start: str
    end: str
    quota: int
    remaining: int
    taken: int
    not_released: int
    walk_in: int
    state: SlotState
    reason: str | None


class DayOut(Output):
    """A day's slots, and the version to send as If-Match with a change."""

    date: dt.date
    version: str
    slots: list[SlotOut]


class DaysOut(Output):
    """Days of an office."""

    office_id: str
    days: list[DayOut]


class ResultOut(Output):
    """What became of one date of a range: the day, or the problem."""

    date: dt.date
    day: DayOut | None
    problem: dict[str, object] | None


class ResultsOut(Output):
    """What became of each date."""

    office_id: str
    results: list[ResultOut]


class MoveDayIn(Input):
    """Which people of a day are to move, and the public reason."""

    reason: Reason
    lane: Lane | None = None
    window: Hour | None = None


class MoveDayOut(Output):
    """How far a move is: bookings moved, and those that found no place."""

    office_id: str
    date: dt.date
    lane: Lane | None
    window: str | None
    reason: str
    state: str
    moved: int
    without_place: int
    started_at: dt.datetime


def days_out(office_id: str, slots: Iterable[Slot]) -> DaysOut:
    """Return slots by day."""
    days = groupby(slots, key=lambda slot: slot.ref.day)
    return DaysOut(office_id=office_id, days=[day_out(day, list(same)) for day, same in days])


def day_out(day: dt.date, slots: Sequence[Slot]) -> DayOut:
    """Return a day's slots."""
    return DayOut(date=day, version=version(slots), slots=[_slot_out(slot) for slot in slots])


def results_out(office_id: str, results: Sequence[DayResult]) -> ResultsOut:
    """Return what became of each date of a range."""
    return ResultsOut(
        office_id=office_id,
        results=[
            ResultOut(
                date=result.day,
                day=None if result.refused else day_out(result.day, result.slots),
                problem=told(result.refused) if result.refused else None,
            )
            for result in results
        ],
    )


def move_out(progress: MoveProgress) -> MoveDayOut:
    """Return how far a move is."""
    return MoveDayOut(
        office_id=progress.office_id,
        date=progress.day,
        lane=progress.lane,
        window=progress.start and written_hour(progress.start),
        reason=progress.reason,
        state=progress.state,
        moved=progress.moved,
        without_place=progress.without_place,
        started_at=dt.datetime.fromtimestamp(progress.started_at, dt.UTC),
    )


def _slot_out(slot: Slot) -> SlotOut:
    held = dict.fromkeys(KeptFor, 0)
    for one in slot.kept_back:
        held[one.kept_for] += one.places
    return SlotOut(
        lane=slot.ref.lane,
        start=written_hour(slot.ref.start),
        end=written_hour(slot.end),
        quota=slot.quota,
        remaining=slot.remaining,
        taken=slot.taken,
        not_released=held[KeptFor.RELEASE],
        walk_in=held[KeptFor.WALK_IN],
        state=slot.state,
        reason=slot.reason,
    )
