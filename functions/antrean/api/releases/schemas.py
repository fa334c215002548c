"""The JSON of release rules, and of the releases that they make."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from antrean.api.types import Output, Weekday
from antrean.domain.announcing import Release, in_order
from antrean.domain.hours import stored_hour, written_hour
from antrean.domain.offices import LONGEST_HORIZON, Office, OfficeStatus
from antrean.domain.releases import Immediate, Monthly, ReleaseRule, Rolling, Share, Staged, Weekly
from antrean.domain.slots import Lane, SlotState
from antrean.domain.tickets import TicketStatus
from antrean.domain.zones import stated
from antrean.releases.open_ledger import Line
from antrean.runtime.field_types import Hour, Input


class ShareIO(Input):
    """A share (percent) that is released a number of calendar months before the date."""

    months: Annotated[int, Field(ge=1, le=3, strict=True)]
    percent: Annotated[int, Field(ge=1, le=100, strict=True)]

    @classmethod
    def of(cls, share: Share) -> Self:
        return cls(months=share.months, percent=share.percent)

    def share(self) -> Share:
        return Share(self.months, self.percent)


KINDS: dict[str, frozenset[str]] = {
    "immediate": frozenset(),
    "rolling": frozenset({"days", "at"}),
    "weekly": frozenset({"weekday", "at"}),
    "monthly": frozenset({"at"}),
    "staged": frozenset({"shares", "at"}),
}
"""The facts that each kind of rule consists of."""


class RuleIO(Input):
    """When the places of a lane become bookable; `at` is a local time.

    `immediate`: as soon as the day is opened. `rolling`: each date `days` ahead of it. `weekly`:
    on a weekday (Monday is 0), all dates of the following week. `monthly`: on the last working
    day of a month, all dates of the next. `staged`: `shares` of a date's places, one after
    another.
    """

    kind: Literal["immediate", "rolling", "weekly", "monthly", "staged"]
    days: Annotated[int, Field(ge=0, le=LONGEST_HORIZON, strict=True)] | None = None
    weekday: Weekday | None = None
    shares: Annotated[list[ShareIO], Field(min_length=1, max_length=3)] | None = None
    at: Hour | None = None

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        facts = KINDS[self.kind]
        given = {
            name for name in ("days", "weekday", "shares", "at") if getattr(self, name) is not None
        }
        if given != facts:
            needed = " and ".join(sorted(facts)) or "nothing besides its kind"
            raise ValueError(f"A rule of this kind has {needed}.")
        return self

    @model_serializer(mode="wrap")
    def _without_other_kinds_facts(
        self, serialize: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if value is not None}

    def rule(self) -> ReleaseRule:
        match self:
            case RuleIO(kind="rolling", days=int(days), at=str(at)):
                return Rolling(days, stored_hour(at))
            case RuleIO(kind="weekly", weekday=int(weekday), at=str(at)):
                return Weekly(weekday, stored_hour(at))
            case RuleIO(kind="monthly", at=str(at)):
                return Monthly(stored_hour(at))
            case RuleIO(kind="staged", shares=list(shares), at=str(at)):
                return Staged(tuple(share.share() for share in shares), stored_hour(at))
            case _:
                return Immediate()

    @classmethod
    def of(cls, rule: ReleaseRule) -> Self:
        match rule:
            case Immediate():
                return cls(kind="immediate")
            case Rolling(days, at):
                return cls(kind="rolling", days=days, at=written_hour(at))
            case Weekly(weekday, at):
                return cls(kind="weekly", weekday=weekday, at=written_hour(at))
            case Monthly(at):
                return cls(kind="monthly", at=written_hour(at))
            case Staged(shares, at):
                staged = [ShareIO.of(share) for share in shares]
                return cls(kind="staged", shares=staged, at=written_hour(at))


class DatePlacesOut(Output):
    """Places of a date that a release makes bookable."""

    date: dt.date
    places: int


class LaneReleaseOut(Output):
    """What a release brings in one lane, by date."""

    lane: Lane
    places: int
    dates: list[DatePlacesOut]

    @classmethod
    def of(cls, release: Release) -> Self:
        return cls(
            lane=release.lane,
            places=release.total,
            dates=[DatePlacesOut(date=day, places=places) for day, places in release.places],
        )


class ReleaseOut(Output):
    """Places that become bookable at one instant: local time, and in the country's three zones."""

    at: dt.datetime
    stated: dict[str, dt.datetime]
    places: int
    lanes: list[LaneReleaseOut]

    @classmethod
    def of(cls, at: int, lanes: Sequence[Release], office: Office) -> Self:
        """Return what an office releases in its `lanes` at one instant (seconds, UTC)."""
        return cls(
            at=office.local_time(at),
            stated=stated(at),
            places=sum(release.total for release in lanes),
            lanes=[LaneReleaseOut.of(release) for release in lanes],
        )


class ReleasesOut(Output):
    """What an office releases in the coming weeks, and by which rule each lane is released."""

    office_id: str
    timezone: str
    status: OfficeStatus
    days: int
    rules: dict[Lane, RuleIO]
    releases: list[ReleaseOut]

    @classmethod
    def of(cls, office: Office, releases: Sequence[Release], days: int) -> Self:
        """Return the releases of the next `days` days."""
        return cls(
            office_id=office.office_id,
            timezone=office.timezone,
            status=office.status,
            days=days,
            rules={
                lane: RuleIO.of(office.release_rule(lane))
                for lane in Lane
                if lane in office.releases or lane in office.working_schedule.lanes
            },
            releases=[ReleaseOut.of(at, lanes, office) for at, lanes in in_order(releases).items()],
        )


class LedgerLineOut(Output):
    """What became of the places of one slot."""

    lane: Lane
    start: str
    end: str
    state: SlotState
    quota: int
    released: int
    not_released: int
    walk_in_reserve: int
    booked: int
    returning: int
    remaining: int
    outcomes: dict[str, int]

    @classmethod
    def of(cls, line: Line) -> Self:
        slot = line.slot
        return cls(
            lane=slot.ref.lane,
            start=written_hour(slot.ref.start),
            end=written_hour(slot.end),
            state=slot.state,
            quota=slot.quota,
            released=slot.quota - line.not_released,
            not_released=line.not_released,
            walk_in_reserve=line.walk_in_reserve,
            booked=line.booked,
            returning=line.returning,
            remaining=slot.remaining,
            outcomes={status: line.statuses[status] for status in TicketStatus},
        )


class LedgerOut(Output):
    """The ledger of an office day."""

    office_id: str
    date: dt.date
    slots: list[LedgerLineOut]

    @classmethod
    def of(cls, office: Office, day: dt.date, lines: Sequence[Line]) -> Self:
        return cls(
            office_id=office.office_id,
            date=day,
            slots=[LedgerLineOut.of(line) for line in lines],
        )
