"""The JSON of an office's days, as admins read and change them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, Self

from pydantic import Field, model_validator

from antrean.api.problems import problem_members
from antrean.api.types import MOST_DAYS, Output, Places, Reason, ServiceDate
from antrean.days.change_days import DayResult, day_version
from antrean.domain.codes import display_code
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.moves import MoveProgress, Staying, Why
from antrean.domain.planning import LeftOpen, WhyOpen
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.slots import KeptFor, Lane, Slot, SlotState
from antrean.runtime.field_types import Flag, Hour, Input

MOST_QUOTAS = 90
"""Windows in one change: it is one transaction."""

MOST_STAYING = 500
"""Bookings that the answer of a move lists; all are counted."""


class ReserveIn(Input):
    """Places for walk-ins; those unused go to the public at a local hour of the day."""

    places: Places
    until: Hour

    def reserve(self) -> Reserve:
        return Reserve(self.places, stored_hour(self.until))


class QuotaIn(Input):
    """What a window is to have."""

    lane: Lane = Lane.REGULAR
    window: Hour
    quota: Places | None = None
    walk_in: ReserveIn | None = None

    def change(self, pointer: str) -> WindowChange:
        """Return the change of the window; `pointer` is where the request names it."""
        return WindowChange(
            lane=self.lane,
            start=stored_hour(self.window),
            quota=self.quota,
            reserve=self.walk_in.reserve() if self.walk_in else None,
            pointer=pointer,
        )


class DayIn(Input):
    """What is to change about a day; what is left out stays."""

    quotas: Annotated[list[QuotaIn], Field(max_length=MOST_QUOTAS, default_factory=list)]
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

    def change(self) -> DayChange:
        """Return the change of each date that is meant."""
        windows = [quota.change(f"/quotas/{index}") for index, quota in enumerate(self.quotas)]
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
            raise ValueError(
                f"The range goes from a date to a later one, at most {MOST_DAYS} dates."
            )
        return self

    def dates(self) -> list[dt.date]:
        """Return the dates that are meant, in order."""
        count = (self.to - self.first).days + 1
        dates = (self.first + dt.timedelta(days=i) for i in range(count))
        return [day for day in dates if self.weekdays is None or day.weekday() in self.weekdays]


class SlotOut(Output):
    """A slot's figures. `remaining` may be below zero after a forced lowering.

    What an admin decided: `figures_fixed`, its places, which no schedule changes; `opening_fixed`,
    that it is open or closed, which no holiday changes.
    """

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
    figures_fixed: bool
    opening_fixed: bool

    @classmethod
    def of(cls, slot: Slot) -> Self:
        kept = dict.fromkeys(KeptFor, 0)
        for kept_back in slot.kept_back:
            kept[kept_back.kept_for] += kept_back.places
        return cls(
            lane=slot.ref.lane,
            start=written_hour(slot.ref.start),
            end=written_hour(slot.end),
            quota=slot.quota,
            remaining=slot.remaining,
            taken=slot.taken,
            not_released=kept[KeptFor.RELEASE],
            walk_in=kept[KeptFor.WALK_IN],
            state=slot.state,
            reason=slot.reason,
            figures_fixed=slot.fixed,
            opening_fixed=slot.opening_fixed,
        )


class LeftOpenOut(Output):
    """A window that is open although the day is a holiday, or is being closed, and why."""

    lane: Lane
    window: str
    why: WhyOpen

    @classmethod
    def of(cls, left: LeftOpen) -> Self:
        ref = left.slot.ref
        return cls(lane=ref.lane, window=written_hour(ref.start), why=left.why)


class DayOut(Output):
    """A day's slots, and the version to send as If-Match with a change.

    `stays_open`: what a change left open of a day that it closes, or that is a holiday.
    """

    date: dt.date
    version: str
    slots: list[SlotOut]
    stays_open: list[LeftOpenOut]

    @classmethod
    def of(cls, day: dt.date, slots: Sequence[Slot], stays: Iterable[LeftOpen] = ()) -> Self:
        return cls(
            date=day,
            version=day_version(slots),
            slots=[SlotOut.of(slot) for slot in slots],
            stays_open=[LeftOpenOut.of(left) for left in stays],
        )


class DaysOut(Output):
    """Days of an office."""

    office_id: str
    days: list[DayOut]

    @classmethod
    def of(cls, office_id: str, slots: Iterable[Slot]) -> Self:
        """Return slots, which are in the order of their dates, by day."""
        by_day = groupby(slots, key=lambda slot: slot.ref.day)
        return cls(
            office_id=office_id,
            days=[DayOut.of(day, list(day_slots)) for day, day_slots in by_day],
        )


class ResultOut(Output):
    """What became of one date of a range: the day, or the problem."""

    date: dt.date
    day: DayOut | None
    problem: dict[str, object] | None

    @classmethod
    def of(cls, result: DayResult) -> Self:
        refused = result.refused
        return cls(
            date=result.day,
            day=None if refused else DayOut.of(result.day, result.slots, result.stays_open),
            problem=problem_members(refused) if refused else None,
        )


class ResultsOut(Output):
    """What became of each date."""

    office_id: str
    results: list[ResultOut]

    @classmethod
    def of(cls, office_id: str, results: Sequence[DayResult]) -> Self:
        return cls(office_id=office_id, results=[ResultOut.of(result) for result in results])


class MoveDayIn(Input):
    """Which people of a day are to move, and the public reason."""

    reason: Reason
    lane: Lane | None = None
    window: Hour | None = None


class StayingOut(Output):
    """A booking that a move found and did not move, and why."""

    code: str
    why: Why


class MoveDayOut(Output):
    """How far a move is, in bookings: moved, left where they were for good, waiting for a place.

    `staying` lists who is left or waiting, up to 500 of them; `without_place` is `waiting` as the
    last run through the whole move counted it.
    """

    office_id: str
    date: dt.date
    lane: Lane | None
    window: str | None
    reason: str
    state: str
    moved: int
    without_place: int
    started_at: dt.datetime
    left: int
    waiting: int
    staying: list[StayingOut]

    @classmethod
    def of(cls, progress: MoveProgress, staying: Sequence[Staying]) -> Self:
        waiting = sum(each.waits for each in staying)
        return cls(
            office_id=progress.office_id,
            date=progress.day,
            lane=progress.lane,
            window=progress.start and written_hour(progress.start),
            reason=progress.reason,
            state=progress.state,
            moved=progress.moved,
            without_place=progress.without_place,
            started_at=dt.datetime.fromtimestamp(progress.started_at, dt.UTC),
            left=len(staying) - waiting,
            waiting=waiting,
            staying=[
                StayingOut(code=display_code(code), why=why) for code, why in staying[:MOST_STAYING]
            ],
        )
