"""Admins change the quotas of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from antrean.domain.errors import BelowTaken, ChangedMeanwhile, FieldProblem, InvalidRequest
from antrean.domain.slots import Lane, Slot
from antrean.store.audit import Author, Change
from antrean.store.calls import Budget
from antrean.store.quotas import QuotaChange, QuotaRefused, change_quotas
from antrean.store.slots import slots_between


@dataclass(frozen=True, slots=True)
class WantedQuota:
    """The quota that a window of a lane is to have; `start` is HHMM."""

    lane: Lane
    start: str
    quota: int


def day_slots(office_id: str, day: date, budget: Budget) -> list[Slot]:
    """Return the slots of a day as they are now, by lane and window."""
    return slots_between(office_id, day, day, budget, consistent=True)


def set_quotas(
    office_id: str,
    day: date,
    wanted: Sequence[WantedQuota],
    author: Author,
    budget: Budget,
    *,
    force: bool = False,
) -> list[Slot]:
    """Set quotas of a day, all or none, and return the day's slots as they are then.

    Raises `InvalidRequest` for a window that the day does not have, `BelowTaken` with the
    figures when a quota is below what is taken and it is not forced, `ChangedMeanwhile`.
    """
    there = {(slot.ref.lane, slot.ref.start): slot for slot in day_slots(office_id, day, budget)}
    changes = _changes(there, wanted)
    if not force:
        _refuse_below_taken(changes)
    if changes:
        audit = Change(
            office_id=office_id,
            who=author.user,
            what=f"set quotas of {day.isoformat()}" + (", forced" if force else ""),
            before=[_told(change.seen, change.seen.quota) for change in changes],
            after=[_told(change.seen, change.quota) for change in changes],
            request_id=author.request_id,
        )
        try:
            change_quotas(changes, audit, budget, force=force)
        except QuotaRefused:
            now = {slot.ref: slot for slot in day_slots(office_id, day, budget)}
            again = [QuotaChange(now[change.seen.ref], change.quota) for change in changes]
            if not force:
                _refuse_below_taken(again)
            raise ChangedMeanwhile(
                "The quotas changed since they were read. Read the day again and decide anew."
            ) from None
    return day_slots(office_id, day, budget)


def _changes(
    there: Mapping[tuple[Lane, str], Slot], wanted: Sequence[WantedQuota]
) -> list[QuotaChange]:
    missing = [
        FieldProblem(f"/quotas/{index}/window", "The day has no such window in this lane.")
        for index, one in enumerate(wanted)
        if (one.lane, one.start) not in there
    ]
    twice = [
        FieldProblem(f"/quotas/{index}", "This window stands in the request already.")
        for index, one in enumerate(wanted)
        if any((one.lane, one.start) == (other.lane, other.start) for other in wanted[:index])
    ]
    if missing or twice:
        raise InvalidRequest(missing + twice)
    slots = [(there[one.lane, one.start], one.quota) for one in wanted]
    return [QuotaChange(slot, quota) for slot, quota in slots if slot.quota != quota]


def _refuse_below_taken(changes: Sequence[QuotaChange]) -> None:
    below = [change for change in changes if change.quota < change.seen.taken]
    if below:
        raise BelowTaken(
            "More places are taken than the new quota. Choose a quota of at least what is taken, "
            "or set force: then nobody loses a place and nothing more is sold.",
            slots=[
                _told(change.seen, change.quota) | {"taken": change.seen.taken} for change in below
            ],
        )


def _told(slot: Slot, quota: int) -> dict[str, object]:
    return {"lane": slot.ref.lane, "window": slot.ref.start, "quota": quota}
