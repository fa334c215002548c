"""Indonesian mobile numbers, from the notations in use to E.164."""

import re
import unicodedata
from typing import Final

_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-\u2010-\u2015]+")
_NOTATION: Final = re.compile(r"(?:\+62|62|0)(8[0-9]{8,12})")


class InvalidPhone(ValueError):
    """The text is not an Indonesian mobile number; the message never holds it."""

    reason: Final = "notation"

    def __init__(self) -> None:
        super().__init__(
            "A mobile number begins with 08, 62 8 or +62 8 and has 9 to 13 digits from the 8 on."
        )


def to_e164(text: str) -> str:
    """The number as +62 and 9 to 13 digits from the 8 on. Raises InvalidPhone.

    Reads 08..., 62 8... and +62 8... with spaces, hyphens, dots and brackets between the
    digits, and drops the invisible direction marks that copying from a contact list adds. The
    lengths are the widest that any source names (ADR 0008): a number that is refused cannot
    be reached at all, one that is wrong is noticed.
    """
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    found = _NOTATION.fullmatch(_BETWEEN_DIGITS.sub("", visible))
    if found is None:
        raise InvalidPhone
    return "+62" + found.group(1)
