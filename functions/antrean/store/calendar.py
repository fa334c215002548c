"""Holiday items. Partition `CALENDAR`, sort key the date."""

from datetime import date

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.errors import ChangedMeanwhile
from antrean.store.audit import Change, put_on_record
from antrean.store.calls import Budget, Refused, Transaction, call
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


def change_holiday(
    seen: Holiday | None, holiday: Holiday | None, change: Change, budget: Budget
) -> None:
    """Write `holiday` in place of the one that was seen on its date, with the record.

    None stands for no holiday; not both are. Raises `ChangedMeanwhile` when the date is not as
    it was seen, `Unavailable`.
    """
    writing = Transaction()
    if holiday:
        writing.put("holiday", HolidayItem.of(holiday), _unchanged(seen))
    elif seen:
        writing.delete("holiday", HolidayItem.of(seen), _unchanged(seen))
    put_on_record(writing, change)
    try:
        writing.commit(budget)
    except Refused:
        raise ChangedMeanwhile(
            "Somebody else changed this date at the same moment. Read it again and decide anew."
        ) from None


def _unchanged(seen: Holiday | None) -> Condition:
    if seen is None:
        absent: Condition = HolidayItem.pk.does_not_exist()
        return absent
    same: Condition = (
        (HolidayItem.name == seen.name)
        & (HolidayItem.kind == seen.kind)
        & (HolidayItem.decree == seen.decree)
    )
    return same


def get_holiday(day: date, budget: Budget) -> Holiday | None:
    """Return what the calendar says of a date now."""
    key = day.isoformat()
    try:
        item = call(lambda: HolidayItem.get(PARTITION, key, consistent_read=True), budget)
    except HolidayItem.DoesNotExist:
        return None
    return item.holiday()


def holidays_between(first: date, last: date, budget: Budget) -> dict[date, Holiday]:
    """Return the holidays from `first` to `last` (both inside), by date."""
    between = HolidayItem.sk.between(first.isoformat(), last.isoformat())
    items = call(lambda: list(HolidayItem.query(PARTITION, range_key_condition=between)), budget)
    found = [item.holiday() for item in items]
    return {holiday.day: holiday for holiday in found}
