"""Office items. Partition `OFFICES`, sort key the office's id."""

from collections.abc import Iterator

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from antrean.domain.errors import NotFound
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Lane
from antrean.store.attributes import JsonAttribute
from antrean.store.calls import Budget, call
from antrean.store.schedules import rule_as_stored, rule_from, schedule_as_stored, schedule_from
from antrean.store.table import Item

PARTITION = "OFFICES"


class OfficeItem(Item):
    """One office: profile, status, weekly schedule."""

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
        )


def put_office(office: Office, budget: Budget) -> None:
    """Write `office` whole, in place of what was there."""
    call(OfficeItem.of(office).save, budget)


def get_office(office_id: str, budget: Budget) -> Office:
    """Return the office as it is now. Raises `NotFound`."""
    try:
        item = call(lambda: OfficeItem.get(PARTITION, office_id, consistent_read=True), budget)
    except OfficeItem.DoesNotExist:
        raise NotFound("There is no such office.") from None
    return item.office()


def all_offices(budget: Budget) -> Iterator[Office]:
    """Return every office, by id."""
    for item in call(lambda: list(OfficeItem.query(PARTITION)), budget):
        yield item.office()
