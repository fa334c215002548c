"""Schedules of a zone, as the emulator that knows only UTC is to fire them."""

import pytest

from infra.local.schedules import in_utc


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Jakarta", "cron(30 17 * * ? *)"),
        ("Asia/Makassar", "cron(30 16 * * ? *)"),
        ("Asia/Jayapura", "cron(30 15 * * ? *)"),
        ("UTC", "cron(30 0 * * ? *)"),
    ],
)
def test_half_past_midnight_is_the_evening_before_in_utc(zone: str, expected: str) -> None:
    assert in_utc("cron(30 0 * * ? *)", zone) == expected


def test_a_rate_has_no_zone() -> None:
    assert in_utc("rate(1 minute)", "Asia/Jakarta") == "rate(1 minute)"


@pytest.mark.parametrize(
    ("expression", "zone"),
    [
        ("cron(0 18 ? * MON-FRI *)", "Asia/Jakarta"),  # midnight may lie between
        ("cron(0 18 1 * ? *)", "Asia/Jakarta"),
        ("cron(0/5 18 * * ? *)", "Asia/Jakarta"),
        ("at(2026-11-24T18:00:00)", "Asia/Jakarta"),
        ("cron(0 18 * * ? *)", "Europe/Amsterdam"),  # summer time
    ],
)
def test_what_cannot_be_moved_with_certainty_is_refused(expression: str, zone: str) -> None:
    with pytest.raises(ValueError, match=r"not one fixed time|daylight saving"):
        in_utc(expression, zone)
