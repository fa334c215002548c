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
    before: Holiday | None, holiday: Holiday | None, entry: AuditEntry, deadline: Deadline
) -> None:
    """Write `holiday` in place of what was there before on its date, with the record.

    None stands for no holiday; not both are. Raises `ChangedMeanwhile` when the date is not as
    it was read, `Unavailable`.
    """
    writing = Transaction()
    if holiday:
        writing.put("holiday", HolidayItem.of(holiday), _unchanged(before))
    elif before:
        writing.delete("holiday", HolidayItem.of(before), _unchanged(before))
    put_on_record(writing, entry)
    try:
        writing.commit(deadline)
    except Refused:
        raise ChangedMeanwhile(
            "Somebody else changed this date at the same moment. Read it again, then decide."
        ) from None


def _unchanged(before: Holiday | None) -> Condition:
    if before is None:
        absent: Condition = HolidayItem.pk.does_not_exist()
        return absent
    same: Condition = (
        (HolidayItem.name == before.name)
        & (HolidayItem.kind == before.kind)
        & (HolidayItem.decree == before.decree)
    )
    return same
