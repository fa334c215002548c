"""Names as people have them.

Indonesian names are one word or ten, have apostrophes, hyphens, dots and the commas of titles.
Since 2022 new entries in the register have at least two words and at most 60 letters
(Permendagri 73/2022, Art. 4), but what was recorded before stays valid, so neither is asked for.
"""

import re
import unicodedata
from typing import Final, Literal

LONGEST_NAME: Final = 100
"""Characters; a longer one does not fit the roster's line."""

_PUNCTUATION: Final = frozenset(
    ".,/()"
    "'`\u00b4\u2018\u2019"  # the ways to type an apostrophe
    "-\u2010\u2011\u2013"  # the ways to type a hyphen
)
_WORD: Final = re.compile(r"\S+")

NameFault = Literal["empty", "too_long", "characters", "no_letter"]

_TEXTS: Final[dict[NameFault, str]] = {
    "empty": "A name is needed.",
    "too_long": f"A name has at most {LONGEST_NAME} characters.",
    "characters": (
        "A name has letters, spaces, apostrophes, hyphens, dots, commas, slashes and brackets."
    ),
    "no_letter": "A name has letters in it.",
}


class InvalidName(ValueError):
    """The text is not a name. `reason` says why; the message never holds the text."""

    def __init__(self, reason: NameFault) -> None:
        super().__init__(_TEXTS[reason])
        self.reason = reason


def clean_name(text: str) -> str:
    """The name in Unicode NFC, single-spaced, without the invisible characters that pasting adds.

    Letters of any script and digits may stand in it. Raises InvalidName for an empty text, one
    without a letter, one longer than LONGEST_NAME, and for control characters and symbols.
    """
    visible = "".join(c for c in text.strip() if unicodedata.category(c) != "Cf")
    if any(unicodedata.category(c) == "Cc" for c in visible):
        raise InvalidName("characters")
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not name:
        raise InvalidName("empty")
    if len(name) > LONGEST_NAME:
        raise InvalidName("too_long")
    if not all(_may_stand_in_a_name(c) for c in name):
        raise InvalidName("characters")
    if not any(c.isalpha() for c in name):
        raise InvalidName("no_letter")
    return name


def mask_name(name: str) -> str:
    """The first character of each word, and a star for each other: `S*** A*****`, for lists."""
    return _WORD.sub(lambda word: word[0][0] + "*" * (len(word[0]) - 1), name)


def _may_stand_in_a_name(character: str) -> bool:
    if character == " " or character in _PUNCTUATION:
        return True
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"
