"""How long personal data is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from antrean.domain.retention import expires_at


@pytest.mark.parametrize(
    ("day", "deleted"),
    [
        (date(2026, 11, 24), datetime(2027, 2, 22, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 3, 31, tzinfo=UTC)),
        (date(2027, 12, 1), datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_personal_data_goes_ninety_days_after_the_service(day: date, deleted: datetime) -> None:
    assert expires_at(day, timedelta(days=90)) == deleted.timestamp()
