"""Offices: their dates and hours are local."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.releases import Monthly, Rolling
from antrean.domain.slots import Availability, Lane, Slot, SlotRef
from tests.support.people import ZONES, an_office

OFFSETS = dict(zip(ZONES, (7, 8, 9), strict=True))
FIRST, LAST = datetime(2017, 1, 1, tzinfo=UTC), datetime(2099, 12, 30, tzinfo=UTC)
instants = st.integers(int(FIRST.timestamp()), int(LAST.timestamp())).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@pytest.mark.parametrize("zone", ZONES)
@given(instants)
def test_the_date_changes_at_local_midnight(zone: str, instant: datetime) -> None:
    office = an_office(timezone=zone)
    assert office.local_date(instant) == (instant + timedelta(hours=OFFSETS[zone])).date()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", [date(2026, 11, 24), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)]
)
def test_a_day_begins_at_local_midnight_and_not_a_second_before(zone: str, day: date) -> None:
    office = an_office(timezone=zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=OFFSETS[zone])
    assert office.local_date(midnight) == day
    assert office.local_date(midnight - timedelta(seconds=1)) == day - timedelta(days=1)
    assert office.instant(day, "0000") == midnight


@pytest.mark.parametrize("zone", ZONES)
def test_an_hour_is_local_and_knows_its_offset(zone: str) -> None:
    eight = an_office(timezone=zone).instant(date(2026, 11, 24), "0830")
    assert eight.isoformat() == f"2026-11-24T08:30:00+{OFFSETS[zone]:02d}:00"


def test_one_instant_is_two_dates_across_the_country() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    dates = [an_office(timezone=zone).local_date(late).day for zone in ZONES]
    assert dates == [24, 25, 25]


def test_an_office_is_preparing_until_it_is_said_to_be_open() -> None:
    office = Office(
        "x",
        name="X",
        office_class="Kelas II",
        city="X",
        province="Lampung",
        timezone="Asia/Jakarta",
        daily_quota=20,
    )
    assert office.status is OfficeStatus.PREPARING


SLOT = Slot(SlotRef("kotabumi", date(2027, 1, 1), Lane.REGULAR, "0800"), "0900", 4, 4)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("closes_at", "closing"), [(None, "2027-01-01T08:00:00"), ("1700", "2026-12-31T17:00:00")]
)
def test_bookings_close_to_the_second_in_the_offices_zone(
    zone: str, closes_at: str | None, closing: str
) -> None:
    office = an_office(timezone=zone, closes_at=closes_at)
    instant = datetime.fromisoformat(closing).replace(tzinfo=UTC) - timedelta(hours=OFFSETS[zone])
    now = int(instant.timestamp())
    assert office.closes(SLOT.ref.day, SLOT.ref.start) == instant
    assert office.availability(SLOT, now - 1) is Availability.OPEN
    shut = Availability.PAST if closes_at is None else Availability.CLOSED
    assert office.availability(SLOT, now) is shut


def test_a_window_that_began_has_passed_however_its_bookings_closed() -> None:
    office = an_office(closes_at="1700")
    began = int(office.instant(SLOT.ref.day, SLOT.ref.start).timestamp())
    assert office.availability(SLOT, began - 1) is Availability.CLOSED
    assert office.availability(SLOT, began) is Availability.PAST


def test_release_rules_must_fit_the_offices_limits() -> None:
    rules = {Lane.REGULAR: Monthly("0900"), Lane.PRIORITY: Rolling(1, "1800")}
    fits = an_office(releases=rules, horizon_days=45, closes_at="1801")
    assert fits.limit_problems() == []
    short = an_office(releases=rules, horizon_days=44, closes_at="1800")
    assert [problem.pointer for problem in short.limit_problems()] == ["/regular", "/priority/at"]
