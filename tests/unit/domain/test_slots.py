"""Slots: what an applicant may know of a quota counter."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.slots import Availability, KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState

NOW = 1_795_000_000
LATER = NOW + 3_600
SLOT = Slot(SlotRef("kotabumi", date(2026, 11, 24), Lane.REGULAR, "0800"), "0900", 10, 10)


@pytest.mark.parametrize(
    ("slot", "state"),
    [
        (SLOT, Availability.OPEN),
        (replace(SLOT, remaining=0), Availability.FULL),
        (replace(SLOT, remaining=-3), Availability.FULL),
        (replace(SLOT, state=SlotState.CLOSED), Availability.CLOSED),
        (replace(SLOT, release_at=NOW + 1), Availability.NOT_RELEASED),
        (replace(SLOT, release_at=NOW), Availability.OPEN),
        (replace(SLOT, release_at=NOW + 1, state=SlotState.CLOSED), Availability.CLOSED),
        (replace(SLOT, release_at=NOW + 1, remaining=0), Availability.NOT_RELEASED),
    ],
)
def test_a_slot_says_why_it_can_or_cannot_be_booked(slot: Slot, state: Availability) -> None:
    assert slot.availability(NOW, LATER) is state


def test_a_window_is_past_from_the_second_it_begins() -> None:
    assert SLOT.availability(LATER - 1, LATER) is Availability.OPEN
    assert SLOT.availability(LATER, LATER) is Availability.PAST


@pytest.mark.parametrize("slot", [SLOT, replace(SLOT, state=SlotState.CLOSED, release_at=LATER)])
def test_past_says_more_than_any_other_state(slot: Slot) -> None:
    assert slot.availability(NOW, NOW) is Availability.PAST


@given(st.integers(-5, 10), st.integers(1, 5))
def test_a_slot_is_open_to_a_party_that_fits_whole(remaining: int, party: int) -> None:
    open_to = replace(SLOT, remaining=remaining).availability(NOW, LATER, party)
    assert (open_to is Availability.OPEN) == (remaining >= party)


def test_taken_is_what_is_neither_remaining_nor_held() -> None:
    held = (KeptBack(LATER, 2, KeptFor.RELEASE), KeptBack(LATER, 1, KeptFor.WALK_IN))
    slot = replace(SLOT, remaining=4, kept_back=held)
    assert (slot.taken, slot.kept_back_places) == (3, 3)


def test_kept_back_places_can_be_had_from_their_second_on() -> None:
    slot = replace(SLOT, remaining=0, kept_back=(KeptBack(NOW, 2, KeptFor.RELEASE),))
    assert slot.availability(NOW - 1, LATER, 2) is Availability.FULL
    assert slot.availability(NOW, LATER, 2) is Availability.OPEN
    assert slot.availability(NOW, LATER, 3) is Availability.FULL


def test_after_a_forced_lowering_more_is_taken_than_the_quota() -> None:
    assert replace(SLOT, quota=4, remaining=-2).taken == 6
