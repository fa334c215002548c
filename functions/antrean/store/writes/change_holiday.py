"""Change the calendar: a holiday set, corrected or removed, with its record."""

from pynamodb.expressions.condition import Condition

from antrean.domain.audit import AuditEntry
from antrean.domain.calendar import Holiday
from antrean.domain.errors import ChangedMeanwhile
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.holiday import HolidayItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction


def change_holiday(
    seen: Holiday | None, holiday: Holiday | None, change: AuditEntry, deadline: Deadline
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
        writing.commit(deadline)
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
