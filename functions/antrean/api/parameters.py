"""The parts of a request besides its body that several routes have, and how they are read."""

from typing import Annotated
from uuid import UUID

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from antrean.api.types import MOST_DAYS, ServiceDate
from antrean.domain.offices import LONGEST_OFFICE_ID, OFFICE_ID

OfficeId = Annotated[str, Path(max_length=LONGEST_OFFICE_ID)]
"""An office that may be there or not: what cannot be an id is not found."""
NewOfficeId = Annotated[str, Path(max_length=LONGEST_OFFICE_ID, pattern=OFFICE_ID)]
"""An office that the request may create."""
Day = Annotated[ServiceDate, Path(alias="date")]
First = Annotated[ServiceDate | None, Query(alias="from")]
"""The first date that is asked for."""
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
"""How many dates are asked for."""
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40)]
"""The `version` (or ETag) that the caller saw; without it a change is made whatever it is now."""


def seen_version(if_match: str | None) -> str | None:
    """Return the version that an If-Match header names."""
    return if_match and if_match.strip('"')


IdempotencyKey = Annotated[UUID, Header(alias="Idempotency-Key")]
Bearer = Annotated[str, Header(alias="Authorization")]


def bearer_token(authorization: str) -> str:
    """Return the token that an Authorization header bears; empty when it bears none."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


Code = Annotated[str, Path(max_length=120)]
"""A booking's code; it may still be percent-encoded, API Gateway does not promise either."""
