"""Admins change a day: quotas, places for walk-ins, closures."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import batched

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.calendar import Holiday
from antrean.domain.errors import (
    AntreanError,
    BelowTaken,
    ChangedMeanwhile,
    FieldProblem,
    InvalidRequest,
    NotAsSeen,
)
from antrean.domain.hours import written_hour
from antrean.domain.offices import Office
from antrean.domain.planning import LeftOpen, WhyOpen, left_open, plan_day
from antrean.domain.quotas import DayChange, QuotaChange, WindowChange
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotState
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.holiday import get_holiday, holidays_between
from antrean.store.items.slot import slots_between
from antrean.store.writes.change_quotas import QuotaRefused, change_quotas
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.release_due import release_due

TOGETHER = 99
"""Slots of one change, so that with its record it is one transaction."""

RULES_LOOK_BACK = timedelta(days=40)
"""How much of the calendar before a date its release rule may ask for."""


@dataclass(frozen=True, slots=True)
class DayResult:
    """What became of one date of a range: its slots and which stay open, or why it was refused."""

    day: date
    slots: Sequence[Slot] = ()
    stays_open: Sequence[LeftOpen] = ()
    refused: AntreanError | None = None


def change_day(
    office: Office,
    day: date,
    change: DayChange,
    author: Author,
    deadline: Deadline,
    seen_version: str | None = None,
) -> list[Slot]:
    """Change a day, all or nothing, and return its slots as they are then.

    Of a day with more than 99 slots to change, each 99 are all or nothing, with a record of their
    own; what was changed stays, and the same change again does what is left. A day that was not
    opened yet is opened first. Raises `InvalidRequest` for a window that the day does not have,
    and for a day that would be opened beyond the office's horizon. Raises `NotAsSeen` when the day
    is not in the version `seen_version` that the admin saw. Raises `BelowTaken` with the figures
    when places are taken that a quota or a reserve would need, unless the change is forced. Raises
    `ChangedMeanwhile`, `Unavailable`.
    """
    slots = _opened(office, day, deadline)
    if seen_version is not None and day_version(slots) != seen_version:
        raise NotAsSeen("The day is not what you saw. Read it again, then decide.")
    changes = _changes(office, _with_due_on_offer(office, day, slots, deadline), change)
    if not change.force:
        _refuse_below_taken(changes)
    holiday = get_holiday(day, deadline) if changes else None
    stays = [
        _stays(one) for one in still_open(office, _afterwards(slots, changes), change, holiday)
    ]
    for together in batched(changes, TOGETHER, strict=False):
        entry = _entry(office, day, together, change, author, stays)
        stays = []
        try:
            change_quotas(together, entry, deadline, force=change.force)
        except QuotaRefused:
            _refuse_again(office, day, together, change, deadline)
    return day_slots(office.office_id, day, deadline)


def change_days(
    office: Office, days: Sequence[date], change: DayChange, author: Author, deadline: Deadline
) -> list[DayResult]:
    """Change many dates alike, each on its own: a refused date does not stop the others.

    Raises `Unavailable`. What was changed stays changed, and the same request may be repeated.
    """
    holidays = holidays_between(days[0], days[-1], deadline) if days else {}
    results = []
    for day in days:
        try:
            slots = change_day(office, day, change, author, deadline)
        except (InvalidRequest, BelowTaken, ChangedMeanwhile) as refused:
            results.append(DayResult(day, refused=refused))
        else:
            stays = still_open(office, slots, change, holidays.get(day))
            results.append(DayResult(day, slots, stays))
    return results


def still_open(
    office: Office, slots: Iterable[Slot], change: DayChange, holiday: Holiday | None
) -> list[LeftOpen]:
    """Return which of a day's slots a change leaves open that is a closure, or of a holiday."""
    if change.closure and change.closure.closed:
        open_slots_of_day = (slot for slot in slots if slot.state is SlotState.OPEN)
        return [LeftOpen(slot, WhyOpen.NOT_ASKED) for slot in open_slots_of_day]
    return list(left_open(office, slots, clock.epoch())) if holiday else []


def _afterwards(slots: Sequence[Slot], changes: Sequence[QuotaChange]) -> Iterator[Slot]:
    """Yield the slots with the opening that they have after the changes."""
    closures = {one.before.ref: one.closure for one in changes if one.closure}
    for slot in slots:
        if closure := closures.get(slot.ref):
            state = SlotState.CLOSED if closure.closed else SlotState.OPEN
            yield replace(slot, state=state, opening_fixed=True)
        else:
            yield slot


def _stays(left: LeftOpen) -> dict[str, object]:
    """Return what the record says of a slot that stays open."""
    ref = left.slot.ref
    return {"lane": ref.lane, "window": written_hour(ref.start), "stays_open": left.why}


def day_version(slots: Sequence[Slot]) -> str:
    """Return what stands for a day as an admin saw it: all that an admin sets, no sales."""
    facts = [
        (
            slot.ref.lane,
            slot.ref.start,
            slot.quota,
            slot.kept_back,
            slot.state,
            slot.reason,
            slot.opening_fixed,
        )
        for slot in slots
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def day_slots(office_id: str, day: date, deadline: Deadline) -> list[Slot]:
    """Return the slots of a day as they are now, by lane and window; strongly consistent."""
    return slots_between(office_id, day, day, deadline, consistent=True)


def _opened(office: Office, day: date, deadline: Deadline) -> list[Slot]:
    """Return the slots of a day, which is opened if it was not; none where there is no service.

    Raises `InvalidRequest` for a day that would be opened beyond the office's horizon: there no
    holiday reaches it, and from some date on no sweeper.
    """
    slots = day_slots(office.office_id, day, deadline)
    if slots:
        return slots
    last = office.last_opened(clock.now())
    if day > last:
        detail = f"The office's days are opened up to {last.isoformat()}. Choose a date up to then."
        raise InvalidRequest([FieldProblem("/date", detail)])
    holidays = holidays_between(day - RULES_LOOK_BACK, day, deadline)
    planned = list(plan_day(office, day, holidays))
    if not planned:
        return []
    open_slots(planned, deadline)
    return day_slots(office.office_id, day, deadline)


def _with_due_on_offer(
    office: Office, day: date, slots: Sequence[Slot], deadline: Deadline
) -> Sequence[Slot]:
    """Put places that are due on offer, so that they count as free and not as kept back."""
    now = clock.epoch()
    due = [slot for slot in slots if slot.due(now)]
    for slot in due:
        release_due(slot, now, deadline)
    return day_slots(office.office_id, day, deadline) if due else slots


def _changes(office: Office, slots: Sequence[Slot], change: DayChange) -> list[QuotaChange]:
    """Return what the change says of each slot, but for those that stay as they are."""
    windows = _by_window(slots, change.windows)
    if change.closure and not slots:
        raise InvalidRequest([FieldProblem("/closed", "The office does not serve on this date.")])
    changes = []
    for slot in slots:
        window = windows.get((slot.ref.lane, slot.ref.start))
        closes = change.closure_lane in (None, slot.ref.lane) and change.closure_start in (
            None,
            slot.ref.start,
        )
        slot_change = QuotaChange(
            before=slot,
            quota=slot.quota if window is None or window.quota is None else window.quota,
            reserve=_reserve(office, slot, window),
            closure=change.closure if closes else None,
        )
        if _differs(slot_change):
            changes.append(slot_change)
    return changes


def _by_window(
    slots: Sequence[Slot], windows: Sequence[WindowChange]
) -> Mapping[tuple[Lane, str], WindowChange]:
    """Return the changes by lane and window. Raises `InvalidRequest` for those that fit no slot."""
    known = {(slot.ref.lane, slot.ref.start) for slot in slots}
    by_window: dict[tuple[Lane, str], WindowChange] = {}
    problems = []
    for window in windows:
        key = (window.lane, window.start)
        if key not in known:
            detail = "The day has no such window in this lane."
            problems.append(FieldProblem(f"{window.pointer}/window", detail))
        elif key in by_window:
            detail = "This window stands in the request already."
            problems.append(FieldProblem(window.pointer, detail))
        by_window[key] = window
    if problems:
        raise InvalidRequest(problems)
    return by_window


def _reserve(office: Office, slot: Slot, window: WindowChange | None) -> KeptBack | None:
    if window is None or window.reserve is None:
        return None
    until = office.instant(slot.ref.day, window.reserve.until)
    return KeptBack(int(until.timestamp()), window.reserve.places, KeptFor.WALK_IN)


def _differs(slot_change: QuotaChange) -> bool:
    """Return whether a slot is to be anything else than it is."""
    slot, closure = slot_change.before, slot_change.closure
    more, kept_back = slot_change.split()
    recloses = closure is not None and (
        not slot.opening_fixed
        or (closure.closed, closure.reason if closure.closed else None)
        != (slot.state is SlotState.CLOSED, slot.reason)
    )
    return slot_change.quota != slot.quota or bool(more) or kept_back != slot.kept_back or recloses


def _refuse_below_taken(changes: Sequence[QuotaChange]) -> None:
    below = [
        slot_change
        for slot_change in changes
        if (more := slot_change.split()[0]) < 0 and slot_change.before.remaining < -more
    ]
    if below:
        raise BelowTaken(
            "More places are taken than the change leaves. Choose figures that leave what is "
            "taken, or set force: then nobody loses a place and nothing more is sold.",
            slots=[
                _facts(slot_change) | {"taken": slot_change.before.taken} for slot_change in below
            ],
        )


def _refuse_again(
    office: Office, day: date, changes: Sequence[QuotaChange], change: DayChange, deadline: Deadline
) -> None:
    """Say why the store refused a change: sold meanwhile, or changed by somebody else."""
    now = {slot.ref: slot for slot in day_slots(office.office_id, day, deadline)}
    if not change.force:
        _refuse_below_taken(
            [replace(slot_change, before=now[slot_change.before.ref]) for slot_change in changes]
        )
    raise ChangedMeanwhile("The day changed since it was read. Read it again, then decide.")


def _entry(
    office: Office,
    day: date,
    changes: Sequence[QuotaChange],
    change: DayChange,
    author: Author,
    stays: Sequence[dict[str, object]],
) -> AuditEntry:
    return AuditEntry(
        office_id=office.office_id,
        who=author.user,
        what=f"change {day.isoformat()}" + (", forced" if change.force else ""),
        before=[
            _facts(QuotaChange(slot_change.before, slot_change.before.quota))
            for slot_change in changes
        ],
        after=[*map(_facts, changes), *stays],
        request_id=author.request_id,
    )


def _facts(slot_change: QuotaChange) -> dict[str, object]:
    """Return what the record says of a slot as it is to be."""
    slot, closure = slot_change.before, slot_change.closure
    facts: dict[str, object] = {
        "lane": slot.ref.lane,
        "window": written_hour(slot.ref.start),
        "quota": slot_change.quota,
    }
    _, kept_back = slot_change.split()
    walk_in = sum(kept.places for kept in kept_back if kept.kept_for is KeptFor.WALK_IN)
    if walk_in or any(kept.kept_for is KeptFor.WALK_IN for kept in slot.kept_back):
        facts["walk_in"] = walk_in
    closed, reason = slot.state is SlotState.CLOSED, slot.reason
    if closure:
        closed, reason = closure.closed, closure.reason
    if closed or closure:
        facts["closed"] = closed
        facts["reason"] = reason if closed else None
    return facts
