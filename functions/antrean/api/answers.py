"""Answers that several subjects give, and instants as the office writes them."""

from datetime import datetime

from antrean.domain.offices import Office


def local(office: Office, instant: int | None) -> datetime | None:
    """Return an instant (seconds, UTC) with the office's offset."""
    return None if instant is None else datetime.fromtimestamp(instant, office.zone)
