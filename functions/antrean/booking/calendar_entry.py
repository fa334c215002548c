"""The calendar entry of a booking: an iCalendar file (RFC 5545) that a phone opens.

Fetched again after a change, it replaces the entry it made before: the UID is the code's, and
SEQUENCE and DTSTAMP tell when it was made. A day may close, open again and close without any change
of the booking, so only the time of making puts entries in their order. It holds no name and no NIK.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from antrean.domain.closed_day import ClosedDay
from antrean.domain.codes import display_code
from antrean.domain.hours import time_of
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, BookingStatus
from antrean.domain.zones import abbreviation
from antrean.runtime import clock

if TYPE_CHECKING:
    from icalendar import Alarm, Event, Timezone


EVENING_BEFORE: Final = time(18)
"""Office local time of the first reminder, on the day before."""

FIRST_MADE: Final = 1_767_225_600
"""2026-01-01 UTC, before any entry was made: SEQUENCE counts seconds from here, in 31 bits."""

SHORTLY_BEFORE: Final = timedelta(hours=2)
"""From the second reminder to the window's start."""


@dataclass(frozen=True, slots=True)
class CalendarInput:
    """What a calendar entry says.

    `code` is the normalised code; `timezone` an IANA name; `day` the office's local date;
    `start` and `end` of the window 'HHMM', office local time; `labels` one per person;
    `changed_at` is the instant of the booking's last change and `made_at` that of this entry, in
    seconds since 1970 (UTC). `closed` says what closed the day.
    """

    code: str
    office_name: str
    city: str
    timezone: str
    day: date
    start: str
    end: str
    labels: tuple[str, ...]
    changed_at: int
    made_at: int
    cancelled: bool = False
    closed: ClosedDay | None = None

    @property
    def stands(self) -> bool:
        """Whether anybody is to come."""
        return not (self.cancelled or self.closed)

    @classmethod
    def of(
        cls, booking: Booking, office: Office, closed: ClosedDay | None = None
    ) -> "CalendarInput":
        """Return what the calendar entry of a booking says."""
        return cls(
            code=booking.code,
            office_name=office.name,
            city=office.city,
            timezone=office.timezone,
            day=booking.ref.day,
            start=booking.ref.start,
            end=booking.end,
            labels=booking.labels,
            changed_at=booking.changed_at,
            made_at=clock.epoch(),
            cancelled=booking.status is BookingStatus.CANCELLED,
            closed=closed,
        )


def calendar_ics(entry: CalendarInput) -> bytes:
    """The entry as an iCalendar file in UTF-8; the same input always gives the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Antrean//Antrean Paspor//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if entry.stands else "CANCEL")
    calendar.add_component(_timezone(entry))
    calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _timezone(entry: CalendarInput) -> "Timezone":
    """The zone with its offset on the day of the visit; Indonesia has no daylight saving.

    The library's own reading of a zone costs 25 ms, searching 70 years for changes.
    """
    from icalendar import Timezone, TimezoneStandard

    visit = _local(entry, entry.day, time_of(entry.start))
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local time, as RFC 5545 has it
    standard.add("tzname", abbreviation(visit))
    standard.add("tzoffsetfrom", visit.utcoffset())
    standard.add("tzoffsetto", visit.utcoffset())
    zone = Timezone()
    zone.add("tzid", entry.timezone)
    zone.add_component(standard)
    return zone


def _event(entry: CalendarInput) -> "Event":
    from icalendar import Event, vCalAddress

    starts = _local(entry, entry.day, time_of(entry.start))
    event = Event()
    event.add("uid", f"{entry.code}@antrean")
    event.add("dtstamp", datetime.fromtimestamp(entry.made_at, UTC))
    event.add("last-modified", datetime.fromtimestamp(entry.changed_at, UTC))
    event.add("sequence", max(0, entry.made_at - FIRST_MADE))
    event.add("dtstart", starts)
    event.add("dtend", _local(entry, entry.day, time_of(entry.end)))
    event.add("status", "CONFIRMED" if entry.stands else "CANCELLED")
    event.add("summary", _summary(entry))
    event.add("location", f"{entry.office_name}, {entry.city}")
    event.add("description", _description(entry))
    event.add("class", "PRIVATE")
    # RFC 5546 asks for an organizer of what is published; the office has no address to mail to.
    name = entry.office_name.replace('"', "'")  # a parameter cannot hold a double quote
    event.add("organizer", vCalAddress("invalid:nomail", params={"CN": name}))
    if entry.stands:
        evening = _local(entry, entry.day - timedelta(days=1), EVENING_BEFORE)
        event.add_component(_alarm(entry, starts - evening))
        event.add_component(_alarm(entry, SHORTLY_BEFORE))
    return event


def _summary(entry: CalendarInput) -> str:
    what = "KANTOR TUTUP" if entry.closed else "Antrean paspor"
    return f"{what}: {entry.office_name}"


def _alarm(entry: CalendarInput, before: timedelta) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", f"Antrean paspor: {entry.office_name}")
    return alarm


def _description(entry: CalendarInput) -> str:
    labels = ", ".join(entry.labels)
    code = display_code(entry.code)
    if entry.cancelled:
        return f"Dibatalkan. Kode: {code}\nCancelled. Code: {code}"
    if entry.closed:
        reason = f" {entry.closed.reason}" if entry.closed.reason else ""
        return (
            f"Kantor tutup, jangan datang.{reason}\nKode: {code}\n\n"
            f"The office is closed, do not come.{reason}\nCode: {code}"
        )
    return (
        f"Kode: {code}\nNomor antrean: {labels}\nTunjukkan kode saat tiba.\n\n"
        f"Code: {code}\nQueue number: {labels}\nShow the code when you arrive."
    )


def _local(entry: CalendarInput, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(entry.timezone))
