"""Slots as they are read: many at once, straight from what DynamoDB sends."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.slots import KeptBack, KeptFor, Lane, SlotRef, SlotState
from antrean.store.items import slot as slots
from antrean.store.items.slot import SlotItem, kept_back_as_stored, slot_from, slots_between
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import REF, a_slot, slots_opened

counts = st.integers(-99, 9_999)
instants = st.integers(0, 2**31)
kept_back = st.lists(
    st.builds(KeptBack, instants, st.integers(1, 99), st.sampled_from(KeptFor)), max_size=3
)


@st.composite
def items(draw: Any) -> SlotItem:
    """Slot items with any of the attributes that an item may lack."""
    ref = SlotRef("kotabumi", draw(st.dates()), draw(st.sampled_from(Lane)), "0800")
    item = SlotItem.keyed(ref)
    item.end, item.state = "0900", draw(st.sampled_from(SlotState))
    item.quota, item.remaining, item.next_number = draw(counts), draw(counts), draw(counts)
    item.release_at = draw(instants)
    item.reason = draw(st.none() | st.text(min_size=1, max_size=20))
    item.held = kept_back_as_stored(draw(kept_back))
    item.fixed = draw(st.none() | st.booleans())
    item.opening_fixed = draw(st.none() | st.booleans())
    for name in ("last_claim_at", "settled_to", "swept_to", "swept_at"):
        setattr(item, name, draw(st.none() | instants))
    return item


@given(items())
def test_a_slot_is_read_from_the_raw_item_as_through_its_model(item: SlotItem) -> None:
    raw = item.serialize()
    assert slot_from(deepcopy(raw)) == SlotItem.from_raw_data(raw).slot()


def test_an_attribute_that_is_null_is_none(unaudited: World) -> None:
    raw = SlotItem.of(a_slot()).serialize()
    optional = ("reason", "held", "fixed", "opening_fixed", "settled_to", "swept_at")
    nothing = {name: {"NULL": True} for name in optional}
    assert slot_from(raw | nothing) == slot_from(raw)


def test_of_one_lane_its_slots_alone_are_converted(
    unaudited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [
        REF._replace(lane=lane, day=TUESDAY + timedelta(days=i)) for lane in Lane for i in range(3)
    ]
    slots_opened(*map(a_slot, refs))
    converted = []

    def count(raw: Any) -> object:
        converted.append(raw)
        return slot_from(raw)

    monkeypatch.setattr(slots, "slot_from", count)
    last = date(2026, 12, 31)
    found = slots_between("kotabumi", TUESDAY, last, deadline(), lane=Lane.PRIORITY)
    assert [one.ref for one in found] == [ref for ref in refs if ref.lane is Lane.PRIORITY]
    assert len(converted) == 3
    assert len(slots_between("kotabumi", TUESDAY, last, deadline())) == 9
