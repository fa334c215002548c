"""Writing what planning decided: a lane's day all or none, and only over what was read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.planning import LaneDay, Open, Remove, Rewrite
from antrean.domain.quotas import Closure, QuotaChange
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState
from antrean.runtime import clock
from antrean.store.items.slot import slots_between
from antrean.store.writes.change_quotas import change_quotas
from antrean.store.writes.claim import claim
from antrean.store.writes.plan_days import Written, write_lane_days
from antrean.store.writes.release_due import release_due
from tests.support.people import TUESDAY
from tests.support.stored import records_of
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import REF, a_slot, slot_now, slots_opened

NINE = REF._replace(start="0900")
NEXT_DAY = REF._replace(day=TUESDAY + timedelta(days=1))
CLOSED: dict[str, Any] = {"state": SlotState.CLOSED, "reason": "Natal"}
AUTHOR = Author("somebody", "request")


def write(*lane_days: LaneDay) -> Written:
    return write_lane_days(lane_days, deadline())


def by_admin(seen: Slot, quota: int, closure: Closure | None = None) -> None:
    change = AuditEntry(REF.office_id, AUTHOR.user, "set quotas", None, None)
    change_quotas([QuotaChange(seen, quota, closure=closure)], change, deadline(), force=False)


def test_slots_are_opened_changed_and_removed(world: World) -> None:
    slots_opened(a_slot(), a_slot(NINE))
    bigger = a_slot(quota=12, end="0930", **CLOSED)
    new = a_slot(NEXT_DAY)
    done = write((Rewrite(a_slot(), bigger), Remove(a_slot(NINE))), (Open((new,)),))
    assert done == Written(opened=1, changed=1, removed=1)
    there = slots_between(REF.office_id, TUESDAY, NEXT_DAY.day, deadline())
    assert there == [bigger, new]


def place_claimed(slot: Slot) -> None:
    assert claim(slot.ref, 1, clock.epoch(), deadline())


def released(slot: Slot) -> None:
    assert release_due(slot, clock.epoch(), deadline())


def fixed(slot: Slot) -> None:
    by_admin(slot, slot.quota)


def resized(slot: Slot) -> None:
    by_admin(slot, slot.quota + 1)


def closed(slot: Slot) -> None:
    by_admin(slot, slot.quota, Closure(closed=True, reason="Listrik padam"))


SEEN = a_slot(remaining=8, kept_back=(KeptBack(1, 2, KeptFor.RELEASE),))


@pytest.mark.parametrize("meanwhile", [place_claimed, released, fixed, resized, closed])
@pytest.mark.parametrize("change", [Remove(SEEN), Rewrite(SEEN, replace(SEEN, end="0930"))])
def test_a_slot_that_is_not_as_it_was_read_stays(
    unaudited: World, meanwhile: Callable[[Slot], None], change: Rewrite | Remove
) -> None:
    slots_opened(SEEN)
    meanwhile(SEEN)
    before = slot_now()
    assert write((change,)) == Written(refused=1)
    assert slot_now() == before


@pytest.mark.parametrize("meanwhile", [fixed, closed])
def test_a_state_is_not_set_over_an_admins_decision(
    world: World, meanwhile: Callable[[Slot], None]
) -> None:
    slots_opened(SEEN)
    meanwhile(SEEN)
    before = slot_now()
    assert write((Rewrite(SEEN, replace(SEEN, **CLOSED)),)) == Written(refused=1)
    assert slot_now() == before


def test_a_state_is_set_however_much_was_sold_meanwhile(unaudited: World) -> None:
    slots_opened(SEEN)
    place_claimed(SEEN)
    assert write((Rewrite(SEEN, replace(SEEN, **CLOSED)),)) == Written(changed=1)
    assert (slot_now().state, slot_now().reason, slot_now().remaining) == (
        SlotState.CLOSED,
        "Natal",
        7,
    )
    shut = slot_now()
    assert write((Rewrite(shut, replace(shut, state=SlotState.OPEN, reason=None)),)).changed == 1
    assert (slot_now().state, slot_now().reason) == (SlotState.OPEN, None)


def test_a_refused_part_leaves_its_lanes_day_and_no_other(world: World) -> None:
    slots_opened(a_slot(NINE))
    twice, other = Open((a_slot(), a_slot(NINE))), Open((a_slot(NEXT_DAY),))
    assert write((twice,), (other,)) == Written(opened=1, refused=1)
    assert slots_between(REF.office_id, TUESDAY, TUESDAY, deadline()) == [a_slot(NINE)]
    assert slot_now(NEXT_DAY) == a_slot(NEXT_DAY)


def test_many_lanes_days_take_as_few_transactions_as_they_fit_into(world: World) -> None:
    lane_days = [
        (
            Open(
                tuple(
                    a_slot(SlotRef("x", TUESDAY + timedelta(days=day), Lane.REGULAR, f"{h:02}00"))
                    for h in range(8, 14)
                )
            ),
        )
        for day in range(40)
    ]
    assert write(*lane_days) == Written(opened=240)
    sent = [request.operation for request in world.client.log].count("TransactWriteItems")
    assert sent == 3  # sixteen days of six slots each fit into a hundred


def test_changes_go_on_record_with_what_was_written_and_not_with_what_was_refused(
    world: World,
) -> None:
    slots_opened(a_slot())

    def recording(changes: object) -> AuditEntry:
        return AuditEntry(REF.office_id, AUTHOR.user, "plan days", None, repr(changes))

    lane_days: list[LaneDay] = [(Open((a_slot(),)),), (Open((a_slot(NEXT_DAY),)),)]
    assert write_lane_days(lane_days, deadline(), recording).opened == 1
    (record,) = records_of(REF.office_id)
    assert record.entry.after.count("Open(") == 1
    assert write_lane_days(lane_days, deadline(), recording) == Written(refused=2)
    assert len(records_of(REF.office_id)) == 1
