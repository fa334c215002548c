"""Opaque cursors: where a page ended, in a form that nobody is tempted to make up."""

import base64
import binascii

from antrean.domain.errors import FieldProblem, InvalidRequest


def cursor_of(place: str) -> str:
    """Return the cursor of the place where a page ended."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> str | None:
    """Return the place that a cursor names. Raises `InvalidRequest` for what is no cursor."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        problem = FieldProblem("query:cursor", "Send the cursor as it was given in `next`.")
        raise InvalidRequest([problem]) from None
