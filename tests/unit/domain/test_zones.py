"""The three zones by their names."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from antrean.domain.zones import abbreviation
from tests.support.people import TUESDAY, an_office

NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@pytest.mark.parametrize(("zone", "name"), NAMES.items())
def test_an_instant_of_an_office_has_the_name_of_its_zone(zone: str, name: str) -> None:
    assert abbreviation(an_office(timezone=zone).instant(TUESDAY, "0800")) == name


@pytest.mark.parametrize(("hours", "name"), [(7, "WIB"), (8, "WITA"), (9, "WIT")])
def test_a_stored_instant_has_it_by_its_offset_alone(hours: int, name: str) -> None:
    at = datetime(2026, 11, 23, 18, tzinfo=timezone(timedelta(hours=hours)))

    assert abbreviation(at) == name
    assert abbreviation(datetime.fromisoformat(at.isoformat())) == name


def test_an_instant_of_another_zone_has_its_offset() -> None:
    assert abbreviation(datetime(2026, 11, 23, 18, tzinfo=UTC)) == "+0000"
