"""An admin changes the calendar: a holiday closes what is open of its date, at every office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.domain.audit import CALENDAR, AuditEntry, Author
from antrean.domain.calendar import Holiday, Holidays, month_end
from antrean.domain.errors import Unavailable
from antrean.domain.offices import LONGEST_HORIZON, Office
from antrean.domain.planning import Extent
from antrean.domain.releases import Monthly
from antrean.offices.opening import days_ahead, holidays_around, keep_in_line, planned_on_record
from antrean.runtime.deadline import Deadline
from antrean.store.items.holiday import get_holiday
from antrean.store.items.office import all_offices
from antrean.store.writes.change_holiday import change_holiday


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change of the calendar came: slots changed, offices gone through, offices left.

    What is left follows when the request is repeated, or with the next run of OpenDays.
    """

    slots: int
    offices: int
    offices_left: int


def set_holiday(holiday: Holiday, author: Author, deadline: Deadline) -> Reach:
    """Make a date a holiday, or correct the one it is, and close the slots that are open on it.

    Slots that an admin fixed stay as they are. A repeat writes what is left to write. Raises
    `ChangedMeanwhile`, `Unavailable`.
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
    """Keep the days that hang on a date in line at every office, as far as the time goes."""
    holidays = dict(holidays_around(deadline))
    holidays.pop(day, None)
    if holiday:
        holidays[day] = holiday
    offices = list(all_offices(deadline))
    slots = done = 0
    for office in offices:
        try:
            slots += _keep_in_line(office, day, holidays, author, deadline)
        except Unavailable:
            break
        done += 1
        if deadline.has_passed():
            break
    return Reach(slots, done, len(offices) - done)


def _keep_in_line(
    office: Office, day: date, holidays: Holidays, author: Author, deadline: Deadline
) -> int:
    """Keep the days of one office in line; return how many slots changed."""
    days = _hanging_on(office, day)
    if not days:
        return 0
    recording = planned_on_record(office.office_id, author, f"follow the calendar of {day}")
    extent = Extent(opens=False)
    return keep_in_line(office, days, holidays, deadline, extent=extent, recording=recording).slots


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
