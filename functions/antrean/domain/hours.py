"""Hours of an office's day, local time: stored as HHMM ('0800'), written as HH:MM ('08:00')."""

from datetime import time


def written_hour(stored: str) -> str:
    """Return a stored hour as it is written; the empty text stays empty."""
    return f"{stored[:2]}:{stored[2:]}" if stored else ""


def stored_hour(written: str) -> str:
    """Return a written hour as it is stored."""
    return written.replace(":", "")


def time_of(stored: str) -> time:
    """Return the time of day that a stored hour means."""
    return time(int(stored[:2]), int(stored[2:]))
