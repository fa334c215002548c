"""The kinds of values that the API's JSON is made of."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

FIRST_YEAR, LAST_YEAR = 2017, 2099


Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""An hour of the office's day, such as 08:00."""


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


class Input(BaseModel):
    """What a client sends: unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)


class Output(BaseModel):
    """What a client gets.

    Like an input it is built when it is first used: a cold function's first request needs a few
    of its API's models, and should not wait for all of them.
    """

    model_config = ConfigDict(defer_build=True)
