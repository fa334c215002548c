"""The overflow rule."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.overflow import Overflow, accepted, day_state, in_order, last_day, why_not
from antrean.domain.slots import Availability, Lane, Slot, SlotRef, SlotState
from tests.support.people import an_office

DAY = date(2026, 11, 24)
NEXT = DAY + timedelta(days=1)
OFFICE = an_office()
BEFORE = int(OFFICE.instant(DAY, "0000").timestamp())
EIGHT = int(OFFICE.instant(DAY, "0800").timestamp())


def slot(day: date = DAY, start: str = "0800", lane: Lane = Lane.REGULAR, **facts: int) -> Slot:
    ref = SlotRef("kotabumi", day, lane, start)
    return replace(Slot(ref, f"{int(start) + 100:04d}", quota=5, remaining=5), **facts)  # type: ignore[arg-type]


def ref(day: date = DAY, start: str = "") -> SlotRef:
    return SlotRef("kotabumi", day, Lane.REGULAR, start)


def places(slots: list[Slot]) -> list[tuple[date, str]]:
    return [(slot.ref.day, slot.ref.start) for slot in slots]


SLOTS = [
    slot(day, start, lane)
    for day in (DAY - timedelta(days=1), DAY, NEXT)
    for lane in (Lane.PRIORITY, Lane.REGULAR)
    for start in ("0800", "0900", "1300")
]


def test_without_a_wanted_window_the_order_is_date_and_hour() -> None:
    assert places(in_order(ref(), True, SLOTS)) == [
        (day, start) for day in (DAY, NEXT) for start in ("0800", "0900", "1300")
    ]


def test_the_wanted_window_comes_first_on_every_date() -> None:
    assert places(in_order(ref(start="0900"), False, SLOTS)) == [
        (day, start) for day in (DAY, NEXT) for start in ("0900", "0800", "1300")
    ]


@pytest.mark.parametrize(
    ("overflow", "start", "expected"),
    [
        (Overflow.NEXT_DATE, "", 6),
        (Overflow.NEXT_DATE, "0900", 6),
        (Overflow.SAME_DATE, "", 3),
        (Overflow.SAME_DATE, "0900", 3),
        (Overflow.NONE, "", 3),
        (Overflow.NONE, "0900", 1),
        (Overflow.NONE, "1000", 0),
    ],
)
def test_an_applicant_accepts_what_they_said(overflow: Overflow, start: str, expected: int) -> None:
    found = accepted(ref(start=start), not start, overflow, SLOTS)
    assert len(found) == expected
    assert all(slot.ref.lane is Lane.REGULAR and slot.ref.day >= DAY for slot in found)
    if overflow is not Overflow.NEXT_DATE:
        assert all(slot.ref.day == DAY for slot in found)


@given(st.permutations(SLOTS))
def test_the_order_in_which_slots_are_read_does_not_matter(slots: list[Slot]) -> None:
    choice = ref(start="1300")
    expected = in_order(choice, False, SLOTS)
    assert in_order(choice, False, slots) == expected


def test_the_last_day_is_the_horizons_end_for_who_takes_any_date() -> None:
    end = DAY + timedelta(days=30)
    assert last_day(DAY, Overflow.NEXT_DATE, end) == end
    assert last_day(DAY, Overflow.SAME_DATE, end) == DAY
    assert last_day(DAY, Overflow.NONE, end) == DAY


def test_a_wanted_date_beyond_the_horizon_is_still_looked_at() -> None:
    assert last_day(NEXT, Overflow.NEXT_DATE, DAY) == NEXT


def test_a_date_without_slots_is_closed() -> None:
    assert why_not(OFFICE, ref(), True, [], BEFORE, 1) is Availability.CLOSED
    assert why_not(OFFICE, ref(), True, [slot(NEXT)], BEFORE, 1) is Availability.CLOSED


def test_the_reason_is_that_of_the_wanted_window_alone() -> None:
    slots = [slot(start="0800", remaining=0), slot(start="0900")]
    assert why_not(OFFICE, ref(start="0800"), False, slots, BEFORE, 1) is Availability.FULL
    assert why_not(OFFICE, ref(start="0900"), False, slots, BEFORE, 1) is Availability.OPEN
    assert why_not(OFFICE, ref(start="1000"), False, slots, BEFORE, 1) is Availability.CLOSED
    assert why_not(OFFICE, ref(), True, slots, BEFORE, 1) is Availability.OPEN


def test_a_window_that_began_is_past_even_if_it_has_room() -> None:
    assert why_not(OFFICE, ref(start="0800"), False, [slot()], EIGHT, 1) is Availability.PAST
    assert why_not(OFFICE, ref(start="0800"), False, [slot()], EIGHT - 1, 1) is Availability.OPEN


def test_a_window_with_too_little_room_for_the_party_is_full() -> None:
    assert why_not(OFFICE, ref(), True, [slot(remaining=2)], BEFORE, 3) is Availability.FULL


def test_a_closed_window_says_so() -> None:
    closed = replace(slot(), state=SlotState.CLOSED)
    assert why_not(OFFICE, ref(), True, [closed], BEFORE, 1) is Availability.CLOSED


@given(st.lists(st.sampled_from(list(Availability))))
def test_a_days_state_is_the_best_of_its_windows(states: list[Availability]) -> None:
    order = [
        Availability.OPEN,
        Availability.FULL,
        Availability.NOT_RELEASED,
        Availability.CLOSED,
        Availability.PAST,
    ]
    expected = min(states, key=order.index, default=Availability.CLOSED)
    assert day_state(states) is expected
