"""Offices: their dates and hours are local."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.offices import Office, OfficeStatus
from tests.people import ZONES, an_office

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
    office = Office("x", "X", "Kelas II", "X", "Lampung", "Asia/Jakarta", 20)
    assert office.status is OfficeStatus.PREPARING
