"""Hours of an office's day: HHMM as they are stored, HH:MM as they are written."""


def hour(start: str) -> str:
    """Return an HHMM as people write it: 08:00."""
    return f"{start[:2]}:{start[2:]}"
