"""Opening, suspending and preparing offices, each by itself: one's state never blocks another's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.errors import NotReady
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Lane, Slot, SlotState
from antrean.offices.opening import days_ahead
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import get_office
from antrean.store.items.slot import slots_between
from antrean.store.writes.change_office import change_office


@dataclass(frozen=True, slots=True)
class Proofs:
    """Where to ask what the table does not know: has an office staff, has it rehearsed a roster."""

    has_staff: Callable[[Office], bool]
    has_rehearsed: Callable[[Office], bool]


@dataclass(frozen=True, slots=True)
class Missing:
    """What an office still needs before it opens, and how to come by it."""

    what: str
    detail: str


def set_status(
    office_id: str,
    status: OfficeStatus,
    reason: str | None,
    author: Author,
    proofs: Proofs,
    deadline: Deadline,
) -> Office:
    """Set an office's status, with who and why on the record; the public reads the reason.

    An office opens only when it is ready. Setting what is set already changes nothing. Raises
    `NotReady` with what is missing, `NotFound`, `ChangedMeanwhile`, `Unavailable`.
    """
    before = get_office(office_id, deadline)
    after = replace(before, status=status, status_reason=reason)
    if after == before:
        return before
    if status is OfficeStatus.OPEN and before.status is not OfficeStatus.OPEN:
        _refuse_unless_ready(before, proofs, deadline)
    entry = AuditEntry(
        office_id=office_id,
        who=author.user,
        what=f"set status {status}",
        before={"status": before.status, "reason": before.status_reason},
        after={"status": status, "reason": reason},
        request_id=author.request_id,
    )
    return change_office(before, after, entry, deadline)


def _refuse_unless_ready(office: Office, proofs: Proofs, deadline: Deadline) -> None:
    days = days_ahead(office)
    slots = slots_between(office.office_id, days[0], days[-1], deadline, consistent=True)
    missing = list(_missing(office, slots, proofs))
    if missing:
        raise NotReady(
            "The office is not ready to open: "
            + ", ".join(need.what for need in missing)
            + " missing. Each says what to do.",
            missing=[{"what": need.what, "detail": need.detail} for need in missing],
        )


def _missing(office: Office, slots: Iterable[Slot], proofs: Proofs) -> Iterator[Missing]:
    if not _has_schedule(office):
        yield Missing(
            "schedule", "No window of the days ahead has places. PUT .../schedule with some."
        )
    elif not any(_can_be_booked(office, slot) for slot in slots):
        yield Missing(
            "release",
            "No place of the days ahead is released or has a date of release. "
            "POST .../days/open opens the days.",
        )
    if not proofs.has_staff(office):
        yield Missing(
            "staff",
            f"Nobody is in the group office:{office.office_id} of the user pool. Create a user.",
        )
    if not proofs.has_rehearsed(office):
        yield Missing(
            "rehearsal",
            "No roster was ever published. POST /v1/staff/offices/"
            f"{office.office_id}/rosters/{{date}} publishes one.",
        )


def _has_schedule(office: Office) -> bool:
    """Return whether any window of the days ahead has places."""
    return any(
        window.quota
        for day in days_ahead(office)
        for lane in Lane
        for window in office.windows_on(day, lane)
    )


def _can_be_booked(office: Office, slot: Slot) -> bool:
    """Return whether a slot has places that are bookable, or will be before bookings close."""
    first = max(clock.epoch(), slot.release_at)
    return (
        slot.state is SlotState.OPEN
        and slot.quota > 0
        and not office.has_closed(slot.ref.day, slot.ref.start, first)
    )
