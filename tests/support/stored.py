"""What lies in the table, as a test wants to see it."""

from antrean.domain.audit import AuditSearch, Record
from antrean.domain.slots import Slot, SlotRef
from antrean.store.items.audit_entry import search
from antrean.store.items.slot import slots_between
from tests.support.worlds import deadline


def slot_now(ref: SlotRef) -> Slot:
    """A slot as it is now."""
    found = slots_between(ref.office_id, ref.day, ref.day, deadline(), consistent=True)
    (slot,) = [slot for slot in found if slot.ref == ref]
    return slot


def records_of(office_id: str) -> list[Record]:
    """The first page of an office's record, newest first."""
    return search(AuditSearch((office_id,)), None, deadline()).records
