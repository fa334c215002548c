"""Writing what planning decided: slots opened, changed and removed, a lane's day all or none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean.domain.audit import AuditEntry
from antrean.domain.planning import LaneDay, Open, Remove, Rewrite, SlotDifference
from antrean.domain.slots import Slot
from antrean.runtime.deadline import Deadline
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.slot import (
    SlotItem,
    fixed_as_read,
    kept_back_as_stored,
    opening_as_read,
)
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction
from antrean.store.writes.open_slots import TOGETHER


@dataclass(frozen=True, slots=True)
class Written:
    """How many slots were opened, changed and removed; `refused` lanes' days changed meanwhile."""

    opened: int = 0
    changed: int = 0
    removed: int = 0
    refused: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.opened + other.opened,
            self.changed + other.changed,
            self.removed + other.removed,
            self.refused + other.refused,
        )

    @property
    def slots(self) -> int:
        """Slots written in any way."""
        return self.opened + self.changed + self.removed


type Recording = Callable[[Sequence[SlotDifference]], AuditEntry]
"""Says what goes on the record for changes that are written together."""


def write_lane_days(
    lane_days: Iterable[LaneDay], deadline: Deadline, recording: Recording | None = None
) -> Written:
    """Write the changes, some lanes' days in one transaction, each all or none.

    Twice the write units of single writes and a fortieth of their time. A lane's day that is not
    as it was read is refused and left out. Raises `Unavailable`; what was written stays.
    """
    done = Written()
    for together in _together(lane_days, TOGETHER - (recording is not None)):
        done += _write(together, deadline, recording)
    return done


def _together(lane_days: Iterable[LaneDay], most: int) -> Iterator[list[LaneDay]]:
    """Yield lanes' days in the order they come, as many as fit into one transaction."""
    batch: list[LaneDay] = []
    for lane_day in lane_days:
        if batch and sum(map(_size, batch)) + _size(lane_day) > most:
            yield batch
            batch = []
        batch.append(lane_day)
    if batch:
        yield batch


def _size(lane_day: LaneDay) -> int:
    return sum(len(change.slots) if isinstance(change, Open) else 1 for change in lane_day)


def _write(
    lane_days: Sequence[LaneDay], deadline: Deadline, recording: Recording | None
) -> Written:
    left = list(lane_days)
    while left:
        try:
            return _commit(left, deadline, recording, refused=len(lane_days) - len(left))
        except Refused as refused:
            left = [lane_day for lane_day in left if not _names(lane_day) & refused.names]
    return Written(refused=len(lane_days))


def _names(lane_day: LaneDay) -> set[str]:
    return {str(slot.ref) for change in lane_day for slot in _slots_of(change)}


def _slots_of(change: SlotDifference) -> Sequence[Slot]:
    return change.slots if isinstance(change, Open) else (change.before,)


def _commit(
    lane_days: Sequence[LaneDay], deadline: Deadline, recording: Recording | None, refused: int
) -> Written:
    writing = Transaction()
    changes = [change for lane_day in lane_days for change in lane_day]
    done = Written(refused=refused)
    for change in changes:
        match change:
            case Open(slots):
                for slot in slots:
                    writing.put(str(slot.ref), SlotItem.of(slot), SlotItem.pk.does_not_exist())
                done += Written(opened=len(slots))
            case Rewrite(before, planned):
                item = SlotItem.keyed(before.ref)
                if change.of_state_alone:
                    writing.update(str(before.ref), item, _state(planned), _same_state(before))
                else:
                    writing.update(str(before.ref), item, _all(planned), _untouched(before))
                done += Written(changed=1)
            case Remove(before):
                writing.delete(str(before.ref), SlotItem.keyed(before.ref), _untouched(before))
                done += Written(removed=1)
    if recording:
        put_on_record(writing, recording(changes))
    writing.commit(deadline)
    return done


def _state(planned: Slot) -> list[Action]:
    reason = planned.reason
    actions: list[Action] = [
        SlotItem.state.set(planned.state),
        SlotItem.reason.set(reason) if reason else SlotItem.reason.remove(),
    ]
    if planned.fixed:  # else a slot that the calendar closes would read as closed by an admin
        actions.append(SlotItem.opening_fixed.set(planned.opening_fixed))
    return actions


def _all(planned: Slot) -> list[Action]:
    stored = kept_back_as_stored(planned.kept_back)
    return [
        *_state(planned),
        SlotItem.end.set(planned.end),
        SlotItem.quota.set(planned.quota),
        SlotItem.remaining.set(planned.remaining),
        SlotItem.release_at.set(planned.release_at),
        SlotItem.held.set(stored) if stored else SlotItem.held.remove(),
    ]


def _same_state(before: Slot) -> Condition:
    reason = before.reason
    same: Condition = (
        (SlotItem.state == before.state)
        & (SlotItem.reason == reason if reason else SlotItem.reason.does_not_exist())
        & fixed_as_read(before)
        & opening_as_read(before)
    )
    return same


def _untouched(before: Slot) -> Condition:
    """Return the condition that nobody took a number of a slot or changed it since it was read."""
    stored = kept_back_as_stored(before.kept_back)
    same: Condition = (
        (SlotItem.next_number == 1)
        & (SlotItem.quota == before.quota)
        & (SlotItem.release_at == before.release_at)
        & (SlotItem.held == stored if stored else SlotItem.held.does_not_exist())
        & _same_state(before)
    )
    return same
