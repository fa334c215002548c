"""Opening days, and keeping those that are open in line with schedule, calendar and rules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.planning import (
    AS_OPENED,
    Extent,
    Open,
    Remove,
    Rewrite,
    SlotDifference,
    differences,
)
from antrean.domain.releases import LONGEST_LEAD
from antrean.domain.slots import Slot, SlotRef
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.holiday import holidays_between
from antrean.store.items.office import get_office
from antrean.store.items.slot import slots_between
from antrean.store.writes.plan_days import Recording, Written, write_lane_days

ANNOUNCED_DAYS = 60
"""How far ahead (days) releases are announced."""

LOOK_BACK = timedelta(days=62)
"""How far back the calendar decides about a slot or release: to a month's last working day."""

LOOK_AHEAD = timedelta(days=ANNOUNCED_DAYS + LONGEST_LEAD + 1)
"""How far ahead it does: to the dates of the last release that is announced."""

ROUNDS = 3
"""How often slots are read and planned, when they change while they are planned."""


def open_days(
    office_id: str, author: Author, deadline: Deadline, *, replan: bool = False
) -> Written:
    """Open an office's days up to its horizon now, without waiting for the OpenDays job.

    With `replan`, and at an office that is preparing, slots that nobody has touched (no number
    taken, no admin's decision) become what the schedule and the rules say now, or go. A repeat
    writes nothing. Raises `NotFound`, `Unavailable`; what was written stays, and a repeat goes on.
    """
    office = get_office(office_id, deadline)
    extent = Extent(replan=True) if replan else extent_of(office)
    return plan_days_ahead(office, extent, author, deadline)


def extent_of(office: Office) -> Extent:
    """Return how far the days of an office follow its schedule once they are open.

    The days of an office that is preparing follow whatever is set up: it has no people yet.
    """
    return Extent(replan=True) if office.status is OfficeStatus.PREPARING else AS_OPENED


def plan_days_ahead(office: Office, extent: Extent, author: Author, deadline: Deadline) -> Written:
    """Plan all days up to an office's horizon for `author`, as far as `extent` lets them change.

    See `keep_in_line`.
    """
    return keep_in_line(
        office,
        days_ahead(office),
        holidays_around(deadline),
        deadline,
        extent=extent,
        recording=planned_on_record(office.office_id, author, "plan days"),
    )


def days_ahead(office: Office, days: int | None = None) -> list[date]:
    """Return the dates from the office's today to its horizon, or `days` dates."""
    today = office.local_date(clock.now())
    return [today + timedelta(days=i) for i in range(days or office.horizon_days + 1)]


def holidays_around(deadline: Deadline) -> Holidays:
    """Return the holidays that decide about the days to come, at any office."""
    today = clock.now().date()
    return holidays_between(today - LOOK_BACK, today + LOOK_AHEAD, deadline)


def keep_in_line(
    office: Office,
    days: Sequence[date],
    holidays: Holidays,
    deadline: Deadline,
    *,
    extent: Extent = AS_OPENED,
    recording: Recording | None = None,
    seen: Callable[[Sequence[Slot]], object] = lambda _slots: None,
) -> Written:
    """Open what is not open of `days` (local dates, in order) and mend what differs from the plan.

    Reads first, so that a repeated run writes nothing. What an admin or an applicant changes at
    the same moment is read and planned again. What still changes after some rounds is left, and
    counted as refused. `seen` is told what was read, each time. Raises `Unavailable`; what was
    written stays, and a repeat goes on.
    """
    done = Written()
    for attempt in range(ROUNDS):
        slots = slots_between(office.office_id, days[0], days[-1], deadline, consistent=attempt > 0)
        seen(slots)
        planned = differences(office, days, slots, holidays, clock.epoch(), extent)
        written = write_lane_days(planned, deadline, recording)
        done = replace(done + written, refused=written.refused)
        if not written.refused:
            break
    return done


def planned_on_record(office_id: str, author: Author, what: str) -> Recording:
    """Return what makes the entry of changes of an office's slots, as done by `author`."""

    def entry_of(differing: Sequence[SlotDifference]) -> AuditEntry:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for difference in differing:
            match difference:
                case Open(slots):
                    after |= {_name(slot.ref): _facts(slot) for slot in slots}
                case Rewrite(slot, planned):
                    before[_name(slot.ref)] = _facts(slot)
                    after[_name(slot.ref)] = _facts(planned)
                case Remove(slot):
                    before[_name(slot.ref)] = _facts(slot)
        return AuditEntry(
            office_id=office_id,
            who=author.user,
            what=what,
            before=before or None,
            after=after or None,
            request_id=author.request_id,
        )

    return entry_of


def _name(ref: SlotRef) -> str:
    return f"{ref.day.isoformat()} {ref.lane} {ref.start}"


def _facts(slot: Slot) -> list[object]:
    """Return what the record says of a slot that was planned."""
    return [slot.quota, slot.release_at, slot.state]
