"""Holiday items. Partition `CALENDAR`, sort key the date."""

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retrying import call

PARTITION = "CALENDAR"


class HolidayItem(Item):
    """One day off for every office."""

    name = UnicodeAttribute()
    kind = UnicodeAttribute()
    decree = UnicodeAttribute()

    @classmethod
    def of(cls, holiday: Holiday) -> "HolidayItem":
        """Return the item of `holiday`."""
        return cls(
            pk=PARTITION,
            sk=holiday.day.isoformat(),
            name=holiday.name,
            kind=holiday.kind,
            decree=holiday.decree,
        )

    def holiday(self) -> Holiday:
        """Return the holiday that this item holds."""
        return Holiday(date.fromisoformat(self.sk), self.name, HolidayKind(self.kind), self.decree)


def put_holiday(holiday: Holiday, deadline: Deadline) -> None:
    """Write a holiday in place of what the calendar said of its date."""
    call(HolidayItem.of(holiday).save, deadline)


def get_holiday(day: date, deadline: Deadline) -> Holiday | None:
    """Return what the calendar says of a date now."""
    key = day.isoformat()
    try:
        item = call(lambda: HolidayItem.get(PARTITION, key, consistent_read=True), deadline)
    except HolidayItem.DoesNotExist:
        return None
    return item.holiday()


def holidays_between(first: date, last: date, deadline: Deadline) -> dict[date, Holiday]:
    """Return the holidays from `first` to `last` (both inside), by date."""
    between = HolidayItem.sk.between(first.isoformat(), last.isoformat())
    items = call(lambda: list(HolidayItem.query(PARTITION, range_key_condition=between)), deadline)
    found = [item.holiday() for item in items]
    return {holiday.day: holiday for holiday in found}
