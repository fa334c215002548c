"""Changing quotas: the counters move with what admins decide, never against what is taken."""

import pytest

from antrean.domain.audit import AuditEntry
from antrean.domain.quotas import QuotaChange
from antrean.domain.slots import KeptBack, KeptFor, Slot
from antrean.store.writes.change_quotas import QuotaRefused, change_quotas
from tests.support.stored import records_of
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_slot,
    booking_filed,
    places_claimed,
    slot_now,
    slots_opened,
)

CHANGE = AuditEntry("kotabumi", "u-1", "set quotas", before=[1], after=[2])
NINE = REF._replace(start="0900")


def change(before: Slot, quota: int, *, force: bool = False) -> None:
    change_quotas([QuotaChange(before, quota)], CHANGE, deadline(), force=force)


def recorded() -> int:
    return len(records_of("kotabumi"))


@pytest.mark.parametrize("quota", [0, 3, 9, 10, 11, 500])
def test_what_remains_moves_as_the_quota_does(world: World, quota: int) -> None:
    slots_opened()
    change(slot_now(), quota)
    assert (slot_now().quota, slot_now().remaining, slot_now().taken) == (quota, quota, 0)
    assert slot_now().fixed, "jobs leave what an admin decided"


def test_places_sold_since_the_admin_looked_stay_sold(world: World) -> None:
    slots_opened()
    before = slot_now()
    booking_filed(a_booking(places_claimed(3).numbers))
    change(before, 15)
    assert (slot_now().quota, slot_now().remaining, slot_now().taken) == (15, 12, 3)


@pytest.mark.parametrize(("quota", "allowed"), [(4, True), (3, True), (2, False)])
def test_a_quota_can_be_lowered_to_what_is_taken(
    world: World, quota: int, *, allowed: bool
) -> None:
    slots_opened()
    before = slot_now()
    booking_filed(a_booking(places_claimed(3).numbers))
    if allowed:
        change(before, quota)
        assert slot_now().remaining == quota - 3
    else:
        with pytest.raises(QuotaRefused):
            change(before, quota)
        assert slot_now().quota == 10


def test_a_forced_lowering_takes_no_place_and_sells_nothing_more(world: World) -> None:
    slots_opened()
    booking_filed(a_booking(places_claimed(3).numbers))
    change(slot_now(), 1, force=True)
    assert (slot_now().quota, slot_now().remaining, slot_now().taken) == (1, -2, 3)
    change(slot_now(), 4)
    assert slot_now().remaining == 1


@pytest.mark.parametrize("force", [False, True])
def test_a_quota_that_changed_since_it_was_read_is_not_overwritten(
    world: World, *, force: bool
) -> None:
    slots_opened()
    before = slot_now()
    change(before, 12)
    with pytest.raises(QuotaRefused):
        change(before, 20, force=force)
    assert slot_now().quota == 12


def test_all_change_or_none_and_the_record_says_only_what_happened(world: World) -> None:
    slots_opened(a_slot(), a_slot(NINE))
    eight, nine = slot_now(), slot_now(NINE)
    change(nine, 12)
    assert recorded() == 1
    with pytest.raises(QuotaRefused):
        change_quotas(
            [QuotaChange(eight, 5), QuotaChange(nine, 20)], CHANGE, deadline(), force=False
        )
    assert (slot_now().quota, slot_now(NINE).quota, recorded()) == (10, 12, 1)
    change_quotas(
        [QuotaChange(eight, 5), QuotaChange(slot_now(NINE), 20)], CHANGE, deadline(), force=False
    )
    assert (slot_now().quota, slot_now(NINE).quota, recorded()) == (5, 20, 2)


EARLY, LATE = (
    KeptBack(1_795_000_000, 3, KeptFor.RELEASE),
    KeptBack(1_796_000_000, 4, KeptFor.RELEASE),
)


@pytest.mark.parametrize(
    ("quota", "remaining", "kept_back"),
    [
        (12, 5, (EARLY, LATE)),
        (10, 3, (EARLY, LATE)),
        (7, 0, (EARLY, LATE)),
        (6, 0, (EARLY, LATE._replace(places=3))),
        (3, 0, (EARLY,)),
        (2, 0, (EARLY._replace(places=2),)),
        (0, 0, ()),
    ],
)
def test_a_lowering_takes_free_places_first_and_held_ones_from_the_last(
    world: World, quota: int, remaining: int, kept_back: tuple[KeptBack, ...]
) -> None:
    slots_opened(a_slot(quota=10, remaining=3, kept_back=(EARLY, LATE)))
    change(slot_now(), quota)
    assert (slot_now().quota, slot_now().remaining, slot_now().kept_back) == (
        quota,
        remaining,
        kept_back,
    )


def test_kept_back_places_that_came_on_offer_meanwhile_refuse_the_change(world: World) -> None:
    slots_opened(a_slot(quota=10, remaining=3, kept_back=(EARLY, LATE)))
    before = slot_now()
    change(before, 6)
    with pytest.raises(QuotaRefused):
        change(before, 5)
