"""The kinds of values that people send, in JSON or in a file, as pydantic checks them."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

LONGEST_LINE = 120
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""An hour of the office's day, such as 08:00."""
Flag = Annotated[bool, Field(strict=True)]
"""Yes or no, and not a number or a word for it."""


def one_line(text: str) -> str:
    """Return a text of one line as it is. Raises ValueError for one that is not."""
    if not text.isprintable():
        raise ValueError("Line breaks and other control characters are not allowed here.")
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE),
    AfterValidator(one_line),
]
"""A text of one line."""

LineOrNothing = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_LINE),
    AfterValidator(one_line),
]


class Input(BaseModel):
    """What somebody sends: unknown fields are refused, so that a typing error is seen.

    It is built when it is first used: a cold function's first request needs a few of its models,
    and should not wait for all of them.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)
