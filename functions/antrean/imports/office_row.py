"""An office's facts as admins send it: as JSON through the API, or as a row of an import.

Checked by pydantic in one place, so that both ways take and refuse the same.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from antrean.domain.day import ORDINARY_DAY, DayRules
from antrean.domain.hours import stored_hour
from antrean.domain.offices import (
    LONGEST_HORIZON,
    LONGEST_OFFICE_ID,
    OFFICE_ID,
    OfficeFacts,
    Position,
    Service,
)
from antrean.runtime.field_types import Hour, Input, Line, LineOrNothing

LARGEST_DAILY_QUOTA = 5_000
"""Places of a day in the ordinary week, ten times the largest that is known of."""
DAY_SECONDS = 24 * 60 * 60
MOST_CALLS = 10


class PositionIO(Input):
    """Degrees north and east (WGS 84)."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class ReofferIO(Input):
    """A returned place is offered again after a random time between these (seconds)."""

    at_least: Annotated[int, Field(ge=0, le=DAY_SECONDS, strict=True)] = 300
    at_most: Annotated[int, Field(ge=0, le=DAY_SECONDS, strict=True)] = 3600


class DayRulesIO(Input):
    """When check-in opens before a window and who did not come is a no-show after it (seconds).

    `calls`: how often a number is called before it is a no-show.
    """

    opens_before: Annotated[int, Field(ge=0, le=DAY_SECONDS, strict=True)] = (
        ORDINARY_DAY.opens_before
    )
    no_show_after: Annotated[int, Field(ge=0, le=DAY_SECONDS, strict=True)] = (
        ORDINARY_DAY.no_show_after
    )
    calls: Annotated[int, Field(ge=1, le=MOST_CALLS, strict=True)] = ORDINARY_DAY.calls


class LimitsIO(Input):
    """An office's limits. `closes_at`: of the day before, local; null: as a window begins."""

    horizon_days: Annotated[int, Field(ge=1, le=LONGEST_HORIZON, strict=True)] = 30
    reoffer_after: Annotated[ReofferIO, Field(default_factory=ReofferIO)]
    closes_at: Hour | None = None
    day: Annotated[DayRulesIO, Field(default_factory=DayRulesIO)]


class OfficeIn(Input):
    """An office's facts and limits. Of some offices no class is published: leave it empty."""

    name: Line
    office_class: LineOrNothing = ""
    city: Line
    province: Line
    timezone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    parent_office_id: (
        Annotated[str, StringConstraints(pattern=OFFICE_ID, max_length=LONGEST_OFFICE_ID)] | None
    ) = None
    services: Annotated[list[Service], Field(max_length=len(Service), default_factory=list)]
    position: PositionIO | None = None
    daily_quota: Annotated[int, Field(ge=0, le=LARGEST_DAILY_QUOTA, strict=True)]
    quota_basis: Literal["stated", "assumed"] = "stated"
    limits: Annotated[LimitsIO, Field(default_factory=LimitsIO)]

    def facts(self) -> OfficeFacts:
        """Return the domain's facts."""
        reoffer, closes_at = self.limits.reoffer_after, self.limits.closes_at
        position, day = self.position, self.limits.day
        return OfficeFacts(
            name=self.name,
            office_class=self.office_class,
            city=self.city,
            province=self.province,
            timezone=self.timezone,
            daily_quota=self.daily_quota,
            quota_basis=self.quota_basis,
            parent_office_id=self.parent_office_id,
            services=tuple(service for service in Service if service in self.services),
            position=Position(position.latitude, position.longitude) if position else None,
            horizon_days=self.limits.horizon_days,
            reoffer_after=(reoffer.at_least, reoffer.at_most),
            closes_at=closes_at and stored_hour(closes_at),
            day_rules=DayRules(day.opens_before, day.no_show_after, day.calls),
        )
