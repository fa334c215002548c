"""The label of a queue number as it is printed, called out and typed: `R0800-012`."""

import re
from typing import Final

from antrean.domain.slots import Lane

_LETTER: Final = {Lane.REGULAR: "R", Lane.PRIORITY: "P", Lane.EXPRESS: "E"}
_LANE: Final = {letter: lane for lane, letter in _LETTER.items()}
_START: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")
_LABEL: Final = re.compile(r"([A-Z])\s*([0-9]{4})\s*-?\s*([0-9]{3,4})")
HIGHEST: Final = 9999
"""The highest queue number of a slot: a ticket's sort key has four digits."""


def label(lane: Lane, start: str, number: int) -> str:
    """The label of `number` in the window that starts at `start` ('HHMM', office local time).

    Raises ValueError for a start or a number that no slot has.
    """
    _check(start, number)
    return f"{_LETTER[lane]}{start}-{number:03d}"


def parse_label(text: str) -> tuple[Lane, str, int]:
    """Lane, start ('HHMM') and number of a label, in any case, with spaces or without the hyphen.

    Raises ValueError with a text for the person who typed it.
    """
    found = _LABEL.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError(
            "A label is a letter, the window's four digits, a hyphen and the number, "
            "as in R0800-012."
        )
    letter, start, digits = found.groups()
    lane = _LANE.get(letter)
    if lane is None:
        raise ValueError("A label begins with R (regular), P (priority) or E (express).")
    number = int(digits)
    _check(start, number)
    return lane, start, number


def _check(start: str, number: int) -> None:
    if _START.fullmatch(start) is None:
        raise ValueError("The window's start is four digits from 0000 to 2359.")
    if not 1 <= number <= HIGHEST:
        raise ValueError(f"A queue number is from 1 to {HIGHEST}.")
