"""How long personal data is kept."""

from datetime import UTC, date, datetime, timedelta


def expires_at(day: date, retention: timedelta) -> int:
    """Return when (seconds, UTC) the data of a service on `day` is deleted.

    `retention` counts from the beginning of the day. No statutory period for a queue record was
    found; UU PDP 27/2022 asks for deletion when the purpose is reached, so it is short.
    """
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) + retention).timestamp())
