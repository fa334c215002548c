"""The calendar entry, read back by the library and held against RFC 5545."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from antrean.booking.calendar_entry import CalendarInput, calendar_ics
from antrean.domain.closed_day import ClosedBy, ClosedDay

ENTRY = CalendarInput(
    code="K7QF2M9PXT",
    office_name="Kantor Imigrasi Kotabumi",
    city="Kotabumi",
    timezone="Asia/Jakarta",
    day=date(2026, 11, 24),
    start="0800",
    end="0900",
    labels=("R0800-012", "R0800-013"),
    changed_at=1_790_000_000,
    made_at=1_790_000_000,
)

ZONES = [
    ("Asia/Jakarta", 7, "WIB"),
    ("Asia/Pontianak", 7, "WIB"),
    ("Asia/Makassar", 8, "WITA"),
    ("Asia/Jayapura", 9, "WIT"),
]


def read(entry: CalendarInput) -> Calendar:
    """The entry's file as the library reads it."""
    calendar = Calendar.from_ical(calendar_ics(entry))
    assert isinstance(calendar, Calendar)
    return calendar


def event(entry: CalendarInput) -> Event:
    """The one event of the entry's file."""
    (found,) = read(entry).events
    return found


def sequence(entry: CalendarInput) -> int:
    """By what a calendar knows the later of two entries."""
    found = event(entry)["SEQUENCE"]
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize(("timezone", "hours", "name"), ZONES)
def test_the_window_is_in_the_offices_zone(timezone: str, hours: int, name: str) -> None:
    visit = event(replace(ENTRY, timezone=timezone))
    assert visit.start.isoformat() == f"2026-11-24T08:00:00+0{hours}:00"
    assert visit.end.isoformat() == f"2026-11-24T09:00:00+0{hours}:00"
    assert visit["DTSTART"].params["TZID"] == timezone
    assert visit["DTEND"].params["TZID"] == timezone


@pytest.mark.parametrize(("timezone", "hours", "name"), ZONES)
def test_the_file_brings_its_zone_along(timezone: str, hours: int, name: str) -> None:
    (zone,) = read(replace(ENTRY, timezone=timezone)).timezones
    assert zone.tz_name == timezone
    own = zone.to_tz(lookup_tzid=False)
    visit = datetime(2026, 11, 24, 8, tzinfo=own)
    assert visit.utcoffset() == timedelta(hours=hours)
    assert visit.tzname() == name


def test_the_properties_that_rfc_5545_demands_stand_once() -> None:
    text = calendar_ics(ENTRY).decode().replace("\r\n ", "")
    head, _, rest = text.partition("BEGIN:VEVENT\r\n")
    visit, _, alarms = rest.partition("BEGIN:VALARM\r\n")
    for once in ("PRODID", "VERSION", "METHOD"):
        assert len(re.findall(rf"(?m)^{once}:", head)) == 1
    for once in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "ORGANIZER"):
        assert len(re.findall(rf"(?m)^{once}[:;]", visit)) == 1
    for once in ("ACTION", "TRIGGER", "DESCRIPTION"):
        assert len(re.findall(rf"(?m)^{once}[:;]", alarms)) == 2
    assert "VERSION:2.0\r\n" in head
    assert "METHOD:PUBLISH\r\n" in head
    assert not read(ENTRY).errors


@pytest.mark.parametrize("name", [ENTRY.office_name, "Kantor Imigrasi " + "Ujungpañdang " * 20])
def test_lines_end_in_crlf_and_are_folded_at_75_bytes(name: str) -> None:
    content = calendar_ics(replace(ENTRY, office_name=name))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(line.strip() for line in lines)
    assert max(len(line) for line in lines) <= 75
    assert event(replace(ENTRY, office_name=name))["LOCATION"] == f"{name}, Kotabumi"


def test_the_uid_is_the_codes_and_stays() -> None:
    moved = replace(ENTRY, day=date(2026, 12, 1), changed_at=1_790_000_500)
    assert event(moved)["UID"] == event(ENTRY)["UID"] == "K7QF2M9PXT@antrean"
    assert event(replace(ENTRY, code="0000000001"))["UID"] != event(ENTRY)["UID"]


def test_who_was_made_later_has_the_higher_sequence_and_the_later_stamp() -> None:
    later = replace(ENTRY, changed_at=1_790_000_500, made_at=1_790_000_501)
    assert sequence(later) - sequence(ENTRY) == 501
    assert sequence(ENTRY) > 100, "more than any that counted a booking's changes"
    assert datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC) == event(ENTRY).DTSTAMP
    assert datetime(2026, 9, 21, 14, 21, 41, tzinfo=UTC) == event(later).DTSTAMP
    assert datetime(2026, 9, 21, 14, 21, 40, tzinfo=UTC) == event(later).LAST_MODIFIED


def test_a_sequence_fits_31_bits_for_a_lifetime() -> None:
    in_2090 = int(datetime(2090, 1, 1, tzinfo=UTC).timestamp())
    assert sequence(replace(ENTRY, made_at=in_2090)) < 2**31


@pytest.mark.parametrize("by", ClosedBy)
def test_a_closed_day_cancels_the_entry_with_the_reason_and_the_opening_puts_it_back(
    by: ClosedBy,
) -> None:
    closed = replace(ENTRY, closed=ClosedDay(by, "Banjir"), made_at=ENTRY.made_at + 1)
    assert read(closed)["METHOD"] == "CANCEL"
    cancelled = event(closed)
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["UID"] == event(ENTRY)["UID"]
    assert sequence(closed) > sequence(ENTRY)
    assert not cancelled.walk("VALARM")
    assert str(cancelled["SUMMARY"]).startswith("KANTOR TUTUP")
    assert str(cancelled["DESCRIPTION"]).count("Banjir") == 2
    opened = replace(ENTRY, made_at=ENTRY.made_at + 2)
    assert read(opened)["METHOD"] == "PUBLISH"
    assert sequence(opened) > sequence(closed)
    assert "None" not in calendar_ics(replace(closed, closed=ClosedDay(by, None))).decode()


def test_reminders_ring_the_evening_before_and_two_hours_before() -> None:
    times = event(ENTRY).alarms.times
    assert [alarm.trigger.isoformat() for alarm in times] == [
        "2026-11-23T18:00:00+07:00",
        "2026-11-24T06:00:00+07:00",
    ]
    later = event(replace(ENTRY, timezone="Asia/Jayapura", start="1330", end="1430")).alarms.times
    assert [alarm.trigger.isoformat() for alarm in later] == [
        "2026-11-23T18:00:00+09:00",
        "2026-11-24T11:30:00+09:00",
    ]


def test_a_cancelled_booking_cancels_the_entry_and_rings_no_more() -> None:
    entry = replace(ENTRY, cancelled=True, made_at=ENTRY.made_at + 1)
    assert read(entry)["METHOD"] == "CANCEL"
    cancelled = event(entry)
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["UID"] == event(ENTRY)["UID"]
    assert sequence(entry) > sequence(ENTRY)
    assert not cancelled.walk("VALARM")
    assert "Dibatalkan" in str(cancelled["DESCRIPTION"])
    assert event(ENTRY)["STATUS"] == "CONFIRMED"


def test_an_entry_says_where_and_with_which_code_and_numbers() -> None:
    visit = event(ENTRY)
    assert visit["SUMMARY"] == "Antrean paspor: Kantor Imigrasi Kotabumi"
    assert visit["LOCATION"] == "Kantor Imigrasi Kotabumi, Kotabumi"
    indonesian, english = str(visit["DESCRIPTION"]).split("\n\n")
    for text in ("K7QF2-M9PXT", "R0800-012, R0800-013"):
        assert text in indonesian
        assert text in english
    assert visit["CLASS"] == "PRIVATE"


@pytest.mark.parametrize("name", ['ULP "Mal"; A, B: C\\D', "Kantor Imigrasi Ūjung"])
def test_any_office_name_comes_through(name: str) -> None:
    visit = event(replace(ENTRY, office_name=name))
    assert visit["LOCATION"] == f"{name}, Kotabumi"
    assert visit["ORGANIZER"].params["CN"] == name.replace('"', "'")


def test_an_entry_has_room_for_no_name_and_no_nik() -> None:
    assert {field.name for field in fields(CalendarInput)} == {
        "code",
        "office_name",
        "city",
        "timezone",
        "day",
        "start",
        "end",
        "labels",
        "changed_at",
        "made_at",
        "cancelled",
        "closed",
    }


def test_the_same_booking_gives_the_same_bytes() -> None:
    assert calendar_ics(ENTRY) == calendar_ics(replace(ENTRY))
