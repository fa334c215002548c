"""Holiday items. Partition `CALENDAR`, sort key the date."""

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.store.calls import Budget, call
from antrean.store.table import Item

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


def put_holiday(holiday: Holiday, budget: Budget) -> None:
    """Write a holiday in place of what the calendar said of its date."""
    call(HolidayItem.of(holiday).save, budget)


def holidays_between(first: date, last: date, budget: Budget) -> dict[date, Holiday]:
    """Return the holidays from `first` to `last` (both inside), by date."""
    between = HolidayItem.sk.between(first.isoformat(), last.isoformat())
    items = call(lambda: list(HolidayItem.query(PARTITION, range_key_condition=between)), budget)
    return {item.holiday().day: item.holiday() for item in items}
