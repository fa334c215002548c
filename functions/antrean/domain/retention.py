"""How long personal data is kept."""

from datetime import UTC, date, datetime, timedelta

RETENTION = timedelta(days=90)
"""After the service date, unless the deployment says otherwise (RETENTION_DAYS). No statutory
period for a queue record was found; UU PDP 27/2022 asks for deletion when the purpose is reached,
so it is short."""


def expires_at(day: date, retention: timedelta = RETENTION) -> int:
    """Return when (seconds, UTC) the data of a service on `day` is deleted."""
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) + retention).timestamp())
