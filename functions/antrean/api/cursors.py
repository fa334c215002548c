"""Opaque cursors: where a page ended, in a form that nobody is tempted to make up."""

import base64
import binascii

from antrean.domain.errors import FieldProblem, InvalidRequest


def cursor_after(key: str) -> str:
    """Return the cursor of a page that ended with what has this key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def last_key(cursor: str | None) -> str | None:
    """Return the key that a cursor holds. Raises `InvalidRequest` for what is no cursor."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise not_a_cursor() from None


def not_a_cursor() -> InvalidRequest:
    """Return the refusal of a cursor that was not given by us."""
    return InvalidRequest(
        [FieldProblem("query:cursor", "Send the cursor as it was given in `next`.")]
    )
