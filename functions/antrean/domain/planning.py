"""Planning days: the slots that schedule, calendar and release rules ask for, and what differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from antrean.domain.calendar import Holiday, Holidays
from antrean.domain.offices import Office
from antrean.domain.releases import Stage, release_instants, stages
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState


def plan_day(office: Office, day: date, holidays: Holidays) -> Iterator[Slot]:
    """Yield the slots of `day` (the office's local date), in every lane.

    A holiday's slots are closed with the holiday's name as the reason, so that the calendar says
    why; an extra day of the schedule is served all the same.
    """
    holiday = holiday_at(office, day, holidays)
    for lane in Lane:
        windows = office.windows_on(day, lane)
        if not windows:
            continue
        instants = release_instants(office.release_rule(lane), day, office.zone, holidays)
        for window in windows:
            slot = Slot(
                ref=SlotRef(office.office_id, day, lane, window.start),
                end=window.end,
                quota=window.quota,
                remaining=window.quota,
            )
            yield _in_state(_staged(slot, stages(window.quota, instants)), holiday)


def holiday_at(office: Office, day: date, holidays: Holidays) -> Holiday | None:
    """Return the holiday that closes an office on `day`, if one does."""
    if office.schedule and office.schedule.is_extra(day):
        return None
    return holidays.get(day)


class WhyOpen(StrEnum):
    """Why a slot is open although its date is a holiday, or is being closed.

    `opened`: an admin opened it. `extra_day`: the schedule serves the date all the same. `begun`:
    its window had begun. `not_asked`: only another lane was closed. `changed_meanwhile`: it changed
    while it was to be closed; ask again.
    """

    OPENED = "opened"
    EXTRA_DAY = "extra_day"
    BEGUN = "begun"
    NOT_ASKED = "not_asked"
    CHANGED_MEANWHILE = "changed_meanwhile"


class LeftOpen(NamedTuple):
    """A slot that stays open on a day off, and why."""

    slot: Slot
    why: WhyOpen


def left_open(office: Office, slots: Iterable[Slot], now: int) -> Iterator[LeftOpen]:
    """Yield those of a holiday's `slots` that are open at `now` (seconds, UTC), and why."""
    for slot in slots:
        if slot.state is not SlotState.OPEN:
            continue
        why = WhyOpen.CHANGED_MEANWHILE
        if slot.opening_fixed:
            why = WhyOpen.OPENED
        elif office.schedule and office.schedule.is_extra(slot.ref.day):
            why = WhyOpen.EXTRA_DAY
        elif office.instant(slot.ref.day, slot.ref.start).timestamp() <= now:
            why = WhyOpen.BEGUN
        yield LeftOpen(slot, why)


@dataclass(frozen=True, slots=True)
class Open:
    """A lane's day to open: slots that are written all or none."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A slot as it was read, and as it is to be. Nobody has taken a number of it, unless only its
    state and reason differ."""

    before: Slot
    planned: Slot

    @property
    def of_state_alone(self) -> bool:
        """Whether no counter changes."""
        return self.planned == replace(
            self.before, state=self.planned.state, reason=self.planned.reason
        )


@dataclass(frozen=True, slots=True)
class Remove:
    """A slot that the schedule no longer has and nobody has taken a number of."""

    before: Slot


type SlotDifference = Open | Rewrite | Remove
type LaneDay = tuple[SlotDifference, ...]
"""The changes of one lane on one day: they are written all or none."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far opened days may be changed, besides what the calendar closes and opens again.

    `replan`: slots that nobody has touched become what the schedule says now, or go; without it
    they keep their windows and quotas. `fixed_releases`: a release rule reaches slots that an
    admin decided about, too; their quotas stay. `opens`: days that are not open are opened.
    """

    replan: bool = False
    fixed_releases: bool = False
    opens: bool = True


AS_OPENED = Extent()


def differences(
    office: Office,
    days: Sequence[date],
    there: Iterable[Slot],
    holidays: Holidays,
    now: int,
    extent: Extent = AS_OPENED,
) -> Iterator[LaneDay]:
    """Yield what is to change so that the slots of `days` are what they should be at `now`.

    `there` are the days' slots, in the table's order.

    - A lane without a slot on a day is opened. One that has slots is open: a window that the
      schedule has by now is not added beside the old ones.
    - A holiday closes slots; an extra day, or the holiday's end, opens them again. Those that an
      admin opened or closed stay so.
    - Places that are not released yet follow the lane's release rule.

    Left alone are windows that have begun; and, in all but their state, slots whose figures an
    admin fixed, but for `extent`, and those whose number 1 was taken. Applying the differences
    leaves none.
    """
    opened = {lane_day: tuple(slots) for lane_day, slots in groupby(there, key=_lane_day)}
    planning = _Planning(office, holidays, now, extent)
    for day in days:
        planned = {
            lane_day: tuple(slots)
            for lane_day, slots in groupby(plan_day(office, day, holidays), key=_lane_day)
        }
        for lane in Lane:
            lane_day = (day, lane)
            changes = planning.changes(opened.get(lane_day, ()), planned.get(lane_day, ()))
            if changes:
                yield changes


def _lane_day(slot: Slot) -> tuple[date, Lane]:
    return slot.ref.day, slot.ref.lane


@dataclass(frozen=True, slots=True)
class _Planning:
    """What decides about every slot of an office."""

    office: Office
    holidays: Holidays
    now: int
    extent: Extent

    def changes(self, slots: Sequence[Slot], planned: Sequence[Slot]) -> LaneDay:
        """Return the changes of a lane's day that has `slots` and should have `planned`."""
        if not slots:
            return (Open(tuple(planned)),) if planned and self.extent.opens else ()
        planned_at = {slot.ref: slot for slot in planned}
        kept: list[Slot] = []
        changes: list[SlotDifference] = []
        for slot in slots:
            should_be = self._should_be(slot, planned_at.get(slot.ref))
            if should_be is None:
                changes.append(Remove(slot))
                continue
            kept.append(slot)
            if should_be != slot:
                changes.append(Rewrite(slot, should_be))
        if self.extent.replan:
            changes += [Open((slot,)) for slot in planned if self._fits(slot, kept)]
        return tuple(changes)

    def _fits(self, slot: Slot, kept: Iterable[Slot]) -> bool:
        """Return whether a window can be opened beside those that stay."""
        return not self._has_begun(slot.ref) and not any(
            slot.ref.start < other.end and other.ref.start < slot.end for other in kept
        )

    def _should_be(self, slot: Slot, planned: Slot | None) -> Slot | None:
        """Return the slot as it should be; None for one that should not be there."""
        if self._has_begun(slot.ref):
            return slot
        untouched = slot.next_number == 1
        if self.extent.replan and untouched and not slot.fixed:
            return planned and self._but_for_what_is_released(planned, slot)
        if (
            untouched
            and slot.release_at > self.now
            and (self.extent.fixed_releases or not slot.fixed)
        ):
            slot = self._retimed(slot)
        if slot.opening_fixed:
            return slot
        return _in_state(slot, holiday_at(self.office, slot.ref.day, self.holidays))

    def _but_for_what_is_released(self, planned: Slot, slot: Slot) -> Slot:
        """Return the planned slot; the one that is there if both offer the same by now."""

        def by_now(slot: Slot) -> Slot:
            due = slot.due(self.now)
            kept = tuple(part for part in slot.kept_back if part not in due)
            return replace(slot, remaining=slot.bookable(self.now), kept_back=kept)

        return slot if by_now(planned) == by_now(slot) else planned

    def _retimed(self, slot: Slot) -> Slot:
        """Return the slot with its places released as its lane's rule says; a reserve stays."""
        ref, office = slot.ref, self.office
        instants = release_instants(
            office.release_rule(ref.lane), ref.day, office.zone, self.holidays
        )
        kept = tuple(part for part in slot.kept_back if part.kept_for is not KeptFor.RELEASE)
        places = slot.quota - sum(part.places for part in kept)
        if places < 0:
            return slot
        return _staged(slot, stages(places, instants), kept)

    def _has_begun(self, ref: SlotRef) -> bool:
        return self.office.instant(ref.day, ref.start).timestamp() <= self.now


def _staged(slot: Slot, divided: Sequence[Stage], kept: Sequence[KeptBack] = ()) -> Slot:
    first, *later = divided
    waiting = [KeptBack(stage.at, stage.places, KeptFor.RELEASE) for stage in later]
    return replace(
        slot,
        remaining=first.places,
        release_at=first.at,
        kept_back=tuple(sorted([*waiting, *kept])),
    )


def _in_state(slot: Slot, holiday: Holiday | None) -> Slot:
    if holiday is None:
        return replace(slot, state=SlotState.OPEN, reason=None)
    return replace(slot, state=SlotState.CLOSED, reason=holiday.name)
