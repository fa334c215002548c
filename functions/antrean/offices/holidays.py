"""An admin changes the calendar: a holiday closes what is open of its date, at every office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.domain.audit import CALENDAR, AuditEntry, Author
from antrean.domain.calendar import Holiday, Holidays, month_end
from antrean.domain.hours import written_hour
from antrean.domain.offices import LONGEST_HORIZON, Office
from antrean.domain.planning import Extent, LeftOpen, WhyOpen, left_open
from antrean.domain.releases import Monthly
from antrean.domain.slots import Slot
from antrean.offices.each_office import each_office
from antrean.offices.opening import days_ahead, holidays_around, keep_in_line, planned_on_record
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import record
from antrean.store.items.holiday import get_holiday
from antrean.store.items.office import all_offices
from antrean.store.writes.change_holiday import change_holiday

OFFICE_SECONDS = 0.5
"""How long a request tries at one office: there are 151, and six seconds for all of them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change of the calendar came: slots changed, offices gone through, offices left.

    `left_open` are the holiday's slots that stay open at the offices that were gone through.
    What is left follows when the request is repeated, or with the next run of OpenDays.
    """

    slots: int
    offices: int
    offices_left: int
    left_open: Sequence[LeftOpen] = ()


def set_holiday(holiday: Holiday, author: Author, deadline: Deadline) -> Reach:
    """Make a date a holiday, or correct the one it is, and close the slots that are open on it.

    Those that an admin opened stay open, are told, and stand on their office's record. A
    repeat writes what is left to write. Raises `ChangedMeanwhile`, `Unavailable`.
    """
    before = get_holiday(holiday.day, deadline)
    if before != holiday:
        entry = _entry(author, "set holiday", holiday.day, before, holiday)
        change_holiday(before, holiday, entry, deadline)
    return _reach(holiday.day, holiday, author, deadline)


def remove_holiday(day: date, author: Author, deadline: Deadline) -> Reach:
    """Make a holiday an ordinary date, and open again what it closed.

    A repeat finds an ordinary date, and writes what is left to write. Raises
    `ChangedMeanwhile`, `Unavailable`.
    """
    before = get_holiday(day, deadline)
    if before is not None:
        entry = _entry(author, "remove holiday", day, before, None)
        change_holiday(before, None, entry, deadline)
    return _reach(day, None, author, deadline)


def _reach(day: date, holiday: Holiday | None, author: Author, deadline: Deadline) -> Reach:
    """Keep the days that hang on a date in line at every office, as far as the time goes.

    An office that fails stops no other, and is one of those that are left.
    """
    holidays = dict(holidays_around(deadline))
    holidays.pop(day, None)
    if holiday:
        holidays[day] = holiday
    slots = 0
    stays: list[LeftOpen] = []

    def follow(office: Office, until: Deadline) -> None:
        nonlocal slots
        changed, of_office = _keep_in_line(office, day, holidays, author, until)
        slots += changed
        stays.extend(of_office)

    failure = "calendar not followed"
    visits = each_office(all_offices(deadline), follow, failure, deadline, OFFICE_SECONDS)
    failed = len(visits.failures)
    return Reach(slots, len(visits.made) - failed, len(visits.left) + failed, stays)


def _keep_in_line(
    office: Office, day: date, holidays: Holidays, author: Author, deadline: Deadline
) -> tuple[int, Sequence[LeftOpen]]:
    """Keep the days of one office in line; return how many slots changed, and which stay open."""
    days = _hanging_on(office, day)
    if not days:
        return 0, ()
    recording = planned_on_record(office.office_id, author, f"follow the calendar of {day}")
    extent = Extent(opens=False)
    seen: list[Sequence[Slot]] = []
    written = keep_in_line(
        office, days, holidays, deadline, extent=extent, recording=recording, seen=seen.append
    )
    if day not in holidays:
        return written.slots, ()
    of_day = (slot for slot in seen[-1] if slot.ref.day == day)
    stays = [
        left
        for left in left_open(office, of_day, clock.epoch())
        if written.refused or left.why is not WhyOpen.CHANGED_MEANWHILE
    ]
    if stays:
        record(_stays_entry(office, day, stays, author), deadline)
    return written.slots, stays


def _stays_entry(
    office: Office, day: date, stays: Sequence[LeftOpen], author: Author
) -> AuditEntry:
    """Return what the office's record says of what stays open on a holiday."""
    return AuditEntry(
        office_id=office.office_id,
        who=author.user,
        what=f"stay open on {day.isoformat()}",
        before=None,
        after=[
            {
                "lane": left.slot.ref.lane,
                "window": written_hour(left.slot.ref.start),
                "stays_open": left.why,
            }
            for left in stays
        ],
        request_id=author.request_id,
    )


def _hanging_on(office: Office, day: date) -> Sequence[date]:
    """Return the office's dates that a holiday on `day` decides about.

    That is the date itself. Where a lane's next month is released on the last working day of a
    month, it is every date up to the end of the next month.
    """
    last = day
    if any(isinstance(rule, Monthly) for rule in office.releases.values()):
        following = month_end(day.year, day.month) + timedelta(days=1)
        last = month_end(following.year, following.month)
    # Not only to the office's horizon: days that were opened when it was farther are bookable too.
    ahead = days_ahead(office, LONGEST_HORIZON + 1)
    return [open_day for open_day in ahead if day <= open_day <= last]


def _entry(
    author: Author, what: str, day: date, before: Holiday | None, after: Holiday | None
) -> AuditEntry:
    return AuditEntry(
        office_id=CALENDAR,
        who=author.user,
        what=f"{what} {day.isoformat()}",
        before=before and _facts(before),
        after=after and _facts(after),
        request_id=author.request_id,
    )


def _facts(holiday: Holiday) -> dict[str, str]:
    """Return what the record says of a holiday."""
    return {"name": holiday.name, "kind": holiday.kind, "decree": holiday.decree}
