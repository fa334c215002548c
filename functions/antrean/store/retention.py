"""How long this deployment keeps personal data, and what counts as deleted.

DynamoDB deletes an item within some days after its `expires_at`. Until then it is in the way of
no write, but no read may tell of it any more.
"""

from datetime import date, timedelta

from antrean.domain import retention
from antrean.runtime import clock
from antrean.runtime.settings import settings


def kept_for() -> timedelta:
    """Return for how long after the service date personal data is kept."""
    return timedelta(days=settings().retention_days)


def expires_at(day: date) -> int:
    """Return when (seconds, UTC) the data of a service on `day` is deleted."""
    return retention.expires_at(day, kept_for())


def is_gone(expires_at: float | None) -> bool:
    """Return whether an item with this `expires_at` counts as deleted; None never does."""
    return expires_at is not None and expires_at <= clock.epoch()
