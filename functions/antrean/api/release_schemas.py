"""The JSON of release rules, and of the releases that they make."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from antrean.api.rendering import hour, local
from antrean.api.schemas import Hour, Input
from antrean.domain.announcing import Release, in_order
from antrean.domain.offices import LONGEST_HORIZON, Office, OfficeStatus
from antrean.domain.releases import (
    Immediate,
    Monthly,
    ReleaseRule,
    Rolling,
    Share,
    Staged,
    Weekly,
)
from antrean.domain.slots import Lane
from antrean.domain.zones import stated

Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]
"""Monday is 0."""


class ImmediateIO(Input):
    """Bookable as soon as the day is opened."""

    kind: Literal["immediate"]


class RollingIO(Input):
    """Each date so many days ahead of it, at a local time."""

    kind: Literal["rolling"]
    days: Annotated[int, Field(ge=0, le=LONGEST_HORIZON, strict=True)]
    at: Hour


class WeeklyIO(Input):
    """A weekday (Monday is 0) and a local time open all dates of the following week."""

    kind: Literal["weekly"]
    weekday: Weekday
    at: Hour


class MonthlyIO(Input):
    """The last working day of a month at a local time opens all dates of the next month."""

    kind: Literal["monthly"]
    at: Hour


class ShareIO(Input):
    """A share (percent) so many calendar months before the date."""

    months: Annotated[int, Field(ge=1, le=3, strict=True)]
    percent: Annotated[int, Field(ge=1, le=100, strict=True)]


class StagedIO(Input):
    """Shares of a date's places, one after another, each at a local time."""

    kind: Literal["staged"]
    shares: Annotated[list[ShareIO], Field(min_length=1, max_length=3)]
    at: Hour


RuleIO = Annotated[
    ImmediateIO | RollingIO | WeeklyIO | MonthlyIO | StagedIO, Field(discriminator="kind")
]


def rule_of(rule: RuleIO) -> ReleaseRule:
    """Return the domain's rule."""
    match rule:
        case ImmediateIO():
            return Immediate()
        case RollingIO():
            return Rolling(rule.days, rule.at.replace(":", ""))
        case WeeklyIO():
            return Weekly(rule.weekday, rule.at.replace(":", ""))
        case MonthlyIO():
            return Monthly(rule.at.replace(":", ""))
        case StagedIO():
            shares = tuple(Share(share.months, share.percent) for share in rule.shares)
            return Staged(shares, rule.at.replace(":", ""))


def rule_out(rule: ReleaseRule) -> RuleIO:
    """Return a rule as it is sent."""
    match rule:
        case Immediate():
            return ImmediateIO(kind="immediate")
        case Rolling(days, at):
            return RollingIO(kind="rolling", days=days, at=hour(at))
        case Weekly(weekday, at):
            return WeeklyIO(kind="weekly", weekday=weekday, at=hour(at))
        case Monthly(at):
            return MonthlyIO(kind="monthly", at=hour(at))
        case Staged(shares, at):
            sent = [ShareIO(months=share.months, percent=share.percent) for share in shares]
            return StagedIO(kind="staged", shares=sent, at=hour(at))


class DatePlacesOut(BaseModel):
    """Places of a date that a release makes bookable."""

    date: dt.date
    places: int


class LaneReleaseOut(BaseModel):
    """What a release brings in one lane, by date."""

    lane: Lane
    places: int
    dates: list[DatePlacesOut]


class ReleaseOut(BaseModel):
    """Places that become bookable at one instant: local time, and in the country's three zones."""

    at: dt.datetime
    stated: dict[str, dt.datetime]
    places: int
    lanes: list[LaneReleaseOut]


class ReleasesOut(BaseModel):
    """What an office releases in the coming weeks, and by which rule each lane is released."""

    office_id: str
    timezone: str
    status: OfficeStatus
    days: int
    rules: dict[Lane, RuleIO]
    releases: list[ReleaseOut]


def releases_out(office: Office, releases: Sequence[Release], days: int) -> ReleasesOut:
    """Return the releases of the next `days` days."""
    return ReleasesOut(
        office_id=office.office_id,
        timezone=office.timezone,
        status=office.status,
        days=days,
        rules={
            lane: rule_out(office.release_rule(lane)) for lane in Lane if _is_served(office, lane)
        },
        releases=[_release_out(office, at, same) for at, same in in_order(releases).items()],
    )


def _is_served(office: Office, lane: Lane) -> bool:
    return lane in office.releases or lane in office.working_schedule.lanes


def _release_out(office: Office, at: int, lanes: Sequence[Release]) -> ReleaseOut:
    return ReleaseOut.model_validate(
        {
            "at": local(office, at),
            "stated": stated(at),
            "places": sum(release.total for release in lanes),
            "lanes": [
                {
                    "lane": release.lane,
                    "places": release.total,
                    "dates": [{"date": day, "places": n} for day, n in release.places],
                }
                for release in lanes
            ],
        }
    )
