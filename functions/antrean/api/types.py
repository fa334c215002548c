"""The kinds of values that the API's JSON is made of; those that imports share are in `runtime`."""

import re
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from antrean.runtime.field_types import one_line

FIRST_YEAR, LAST_YEAR = 2017, 2099
LARGEST_QUOTA = 9_999
"""Places of one window: a queue number has four digits."""
MOST_DAYS = 92
"""Dates in one question, answer or change: a quarter of a year."""


def _written_as_iso(value: object) -> object:
    # pydantic also takes seconds since 1970 and instants at midnight for a date.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise ValueError("A date is written as 2026-11-24.")


IsoDate = Annotated[date, BeforeValidator(_written_as_iso)]
"""A date as RFC 3339 writes it."""


def _of_service(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"A date of service lies in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return day


ServiceDate = Annotated[IsoDate, AfterValidator(_of_service)]
"""A local date of an office, past or to come; so far from the calendar's ends that any sum of
days has a date."""
Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]
"""Monday is 0."""
Places = Annotated[int, Field(ge=0, le=LARGEST_QUOTA, strict=True)]
"""Places of one window."""

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=300),
    AfterValidator(one_line),
]
"""Why something is so, for the public to read."""


class Output(BaseModel):
    """What a client gets; built when it is first used, as an `Input` is."""

    model_config = ConfigDict(defer_build=True)
