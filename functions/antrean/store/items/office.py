"""Office items. Partition `OFFICES`, sort key the office's id."""

from collections.abc import Iterator

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.day import ORDINARY_DAY, DayRules
from antrean.domain.errors import NotFound
from antrean.domain.offices import Office, OfficeStatus, Position, Service
from antrean.domain.slots import Lane
from antrean.runtime.deadline import Deadline
from antrean.store.attributes import JsonAttribute
from antrean.store.dynamodb import Item
from antrean.store.items.stored_schedule import (
    rule_as_stored,
    rule_from,
    schedule_as_stored,
    schedule_from,
)
from antrean.store.retrying import call

PARTITION = "OFFICES"


class OfficeItem(Item):
    """One office: profile, limits, status, weekly schedule, release rules.

    `version` counts the changes that admins made; the item is only ever written whole.
    """

    name = UnicodeAttribute()
    office_class = UnicodeAttribute()
    city = UnicodeAttribute()
    province = UnicodeAttribute()
    timezone = UnicodeAttribute()
    daily_quota = NumberAttribute()
    quota_basis = UnicodeAttribute()
    status = UnicodeAttribute()
    status_reason = UnicodeAttribute(null=True)
    schedule = JsonAttribute(null=True)
    releases = JsonAttribute(null=True)
    horizon_days = NumberAttribute()
    reoffer_after = JsonAttribute()
    day_rules = JsonAttribute(null=True)
    closes_at = UnicodeAttribute(null=True)
    parent_office_id = UnicodeAttribute(null=True)
    services = JsonAttribute(null=True)
    position = JsonAttribute(null=True)
    version = NumberAttribute(null=True)

    @classmethod
    def of(cls, office: Office) -> "OfficeItem":
        """Return the item of `office`."""
        return cls(
            pk=PARTITION,
            sk=office.office_id,
            name=office.name,
            office_class=office.office_class,
            city=office.city,
            province=office.province,
            timezone=office.timezone,
            daily_quota=office.daily_quota,
            quota_basis=office.quota_basis,
            status=office.status,
            status_reason=office.status_reason,
            schedule=office.schedule and schedule_as_stored(office.schedule),
            releases={lane: rule_as_stored(rule) for lane, rule in office.releases.items()} or None,
            horizon_days=office.horizon_days,
            reoffer_after=list(office.reoffer_after),
            day_rules=list(office.day_rules) if office.day_rules != ORDINARY_DAY else None,
            closes_at=office.closes_at,
            parent_office_id=office.parent_office_id,
            services=list(office.services) or None,
            position=office.position and list(office.position),
            version=office.version or None,
        )

    def office(self) -> Office:
        """Return the office that this item holds."""
        return Office(
            office_id=self.sk,
            name=self.name,
            office_class=self.office_class,
            city=self.city,
            province=self.province,
            timezone=self.timezone,
            daily_quota=int(self.daily_quota),
            quota_basis=self.quota_basis,
            status=OfficeStatus(self.status),
            status_reason=self.status_reason,
            schedule=self.schedule and schedule_from(self.schedule),
            releases={Lane(lane): rule_from(rule) for lane, rule in (self.releases or {}).items()},
            horizon_days=int(self.horizon_days),
            reoffer_after=tuple(self.reoffer_after),
            day_rules=DayRules(*(self.day_rules or ORDINARY_DAY)),
            closes_at=self.closes_at,
            parent_office_id=self.parent_office_id,
            services=tuple(Service(name) for name in self.services or ()),
            position=self.position and Position(*self.position),
            version=int(self.version or 0),
        )


def put_office(office: Office, deadline: Deadline) -> None:
    """Write `office` whole, in place of what was there."""
    call(OfficeItem.of(office).save, deadline)


def get_office(office_id: str, deadline: Deadline) -> Office:
    """Return the office as it is now. Raises `NotFound`."""
    try:
        item = call(lambda: OfficeItem.get(PARTITION, office_id, consistent_read=True), deadline)
    except OfficeItem.DoesNotExist:
        raise NotFound("There is no such office.") from None
    return item.office()


def all_offices(deadline: Deadline, *, consistent: bool = False) -> Iterator[Office]:
    """Return every office, by id; `consistent`: as they are now."""
    found = call(lambda: list(OfficeItem.query(PARTITION, consistent_read=consistent)), deadline)
    for item in found:
        yield item.office()
