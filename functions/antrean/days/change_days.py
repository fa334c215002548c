"""Admins change a day: quotas, places for walk-ins, closures."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.domain.audit import AuditEntry, Author
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
from antrean.domain.planning import plan_day
from antrean.domain.quotas import DayChange, QuotaChange, WindowChange
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotState
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.holiday import holidays_between
from antrean.store.items.slot import slots_between
from antrean.store.writes.change_quotas import QuotaRefused, change_quotas
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.release_due import release_due

RULES_LOOK_BACK = timedelta(days=40)
"""How much of the calendar before a date its release rule may ask for."""


def version(slots: Sequence[Slot]) -> str:
    """Return what stands for a day as an admin saw it: all that an admin sets, no sales."""
    seen = [
        (slot.ref.lane, slot.ref.start, slot.quota, slot.kept_back, slot.state, slot.reason)
        for slot in slots
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def day_slots(office_id: str, day: date, deadline: Deadline) -> list[Slot]:
    """Return the slots of a day as they are now, by lane and window."""
    return slots_between(office_id, day, day, deadline, consistent=True)


def change_day(
    office: Office,
    day: date,
    wanted: DayChange,
    author: Author,
    deadline: Deadline,
    seen_version: str | None = None,
) -> list[Slot]:
    """Change a day, all or nothing, and return its slots as they are then.

    A day that was not opened yet is opened first. Raises `InvalidRequest` for a window that the
    day does not have; `NotAsSeen` when the day is not what the admin saw; `BelowTaken`
    with the figures when places are taken that a quota or reserve would need, unless it is
    forced; `ChangedMeanwhile`; `Unavailable`.
    """
    slots = _opened(office, day, deadline)
    if seen_version is not None and version(slots) != seen_version:
        raise NotAsSeen("The day is not what you saw. Read it again and decide anew.")
    changes = _changes(office, _with_due_on_offer(office, day, slots, deadline), wanted)
    if not wanted.force:
        _refuse_below_taken(changes)
    if changes:
        try:
            change_quotas(
                changes, _record(office, day, changes, wanted, author), deadline, force=wanted.force
            )
        except QuotaRefused:
            _refuse_again(office, day, changes, wanted, deadline)
    return day_slots(office.office_id, day, deadline)


@dataclass(frozen=True, slots=True)
class DayResult:
    """What became of one date of a range: its slots, or why it was refused."""

    day: date
    slots: Sequence[Slot] = ()
    refused: AntreanError | None = None


def change_days(
    office: Office, days: Sequence[date], wanted: DayChange, author: Author, deadline: Deadline
) -> list[DayResult]:
    """Change many dates alike, each on its own: a refused date does not stop the others.

    Raises `Unavailable`; what was changed stays changed, and the same request may be repeated.
    """
    results = []
    for day in days:
        try:
            slots = change_day(office, day, wanted, author, deadline)
        except (InvalidRequest, BelowTaken, ChangedMeanwhile) as refused:
            results.append(DayResult(day, refused=refused))
        else:
            results.append(DayResult(day, slots))
    return results


def _opened(office: Office, day: date, deadline: Deadline) -> list[Slot]:
    slots = day_slots(office.office_id, day, deadline)
    if slots:
        return slots
    holidays = holidays_between(day - RULES_LOOK_BACK, day, deadline)
    planned = list(plan_day(office, day, holidays))
    if not planned:
        return []
    open_slots(planned, deadline)
    return day_slots(office.office_id, day, deadline)


def _with_due_on_offer(
    office: Office, day: date, slots: Sequence[Slot], deadline: Deadline
) -> Sequence[Slot]:
    """Put on offer what is due, so that it counts as free and not as kept back."""
    now = clock.epoch()
    due = [slot for slot in slots if slot.due(now)]
    for slot in due:
        release_due(slot, now, deadline)
    return day_slots(office.office_id, day, deadline) if due else slots


def _changes(office: Office, slots: Sequence[Slot], wanted: DayChange) -> list[QuotaChange]:
    asked = _by_window(slots, wanted.windows)
    if wanted.closure and not slots:
        raise InvalidRequest([FieldProblem("/closed", "The office does not serve on this date.")])
    changes = []
    for slot in slots:
        window = asked.get((slot.ref.lane, slot.ref.start))
        closes = wanted.closure_lane in (None, slot.ref.lane) and wanted.closure_start in (
            None,
            slot.ref.start,
        )
        change = QuotaChange(
            before=slot,
            quota=slot.quota if window is None or window.quota is None else window.quota,
            reserve=_reserve(office, slot, window),
            closure=wanted.closure if closes else None,
        )
        if _says_something(change):
            changes.append(change)
    return changes


def _by_window(
    slots: Sequence[Slot], windows: Sequence[WindowChange]
) -> Mapping[tuple[Lane, str], WindowChange]:
    there = {(slot.ref.lane, slot.ref.start) for slot in slots}
    asked: dict[tuple[Lane, str], WindowChange] = {}
    problems = []
    for window in windows:
        key = (window.lane, window.start)
        if key not in there:
            detail = "The day has no such window in this lane."
            problems.append(FieldProblem(f"{window.pointer}/window", detail))
        elif key in asked:
            detail = "This window stands in the request already."
            problems.append(FieldProblem(window.pointer, detail))
        asked[key] = window
    if problems:
        raise InvalidRequest(problems)
    return asked


def _reserve(office: Office, slot: Slot, window: WindowChange | None) -> KeptBack | None:
    if window is None or window.reserve is None:
        return None
    until = office.instant(slot.ref.day, window.reserve.until)
    return KeptBack(int(until.timestamp()), window.reserve.places, KeptFor.WALK_IN)


def _says_something(change: QuotaChange) -> bool:
    more, held = change.split()
    closure = change.closure
    recloses = closure is not None and (
        (closure.closed, closure.reason if closure.closed else None)
        != (change.before.state is SlotState.CLOSED, change.before.reason)
    )
    return (
        change.quota != change.before.quota
        or bool(more)
        or held != change.before.kept_back
        or recloses
    )


def _refuse_below_taken(changes: Sequence[QuotaChange]) -> None:
    below = [
        change
        for change in changes
        if (more := change.split()[0]) < 0 and change.before.remaining < -more
    ]
    if below:
        raise BelowTaken(
            "More places are taken than the change leaves. Choose figures that leave what is "
            "taken, or set force: then nobody loses a place and nothing more is sold.",
            slots=[_told(change) | {"taken": change.before.taken} for change in below],
        )


def _refuse_again(
    office: Office, day: date, changes: Sequence[QuotaChange], wanted: DayChange, deadline: Deadline
) -> None:
    """Say why a change was refused by the store: sold meanwhile, or changed by somebody else."""
    now = {slot.ref: slot for slot in day_slots(office.office_id, day, deadline)}
    if not wanted.force:
        _refuse_below_taken(
            [
                QuotaChange(now[change.before.ref], change.quota, change.reserve, change.closure)
                for change in changes
            ]
        )
    raise ChangedMeanwhile("The day changed since it was read. Read it again and decide anew.")


def _record(
    office: Office,
    day: date,
    changes: Sequence[QuotaChange],
    wanted: DayChange,
    author: Author,
) -> AuditEntry:
    return AuditEntry(
        office_id=office.office_id,
        who=author.user,
        what=f"change {day.isoformat()}" + (", forced" if wanted.force else ""),
        before=[_told(QuotaChange(change.before, change.before.quota)) for change in changes],
        after=[_told(change) for change in changes],
        request_id=author.request_id,
    )


def _told(change: QuotaChange) -> dict[str, object]:
    ref = change.before.ref
    told: dict[str, object] = {
        "lane": ref.lane,
        "window": written_hour(ref.start),
        "quota": change.quota,
    }
    walk_in = sum(one.places for one in change.split()[1] if one.kept_for is KeptFor.WALK_IN)
    if walk_in or any(one.kept_for is KeptFor.WALK_IN for one in change.before.kept_back):
        told["walk_in"] = walk_in
    closed = change.before.state is SlotState.CLOSED
    reason = change.before.reason
    if change.closure:
        closed, reason = change.closure.closed, change.closure.reason
    if closed or change.closure:
        told["closed"] = closed
        told["reason"] = reason if closed else None
    return told
