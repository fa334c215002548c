"""Planning: what a day should have, and what is changed of days that are open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.calendar import Holiday, HolidayKind, Holidays
from antrean.domain.offices import Office
from antrean.domain.planning import (
    AS_OPENED,
    Extent,
    LaneDay,
    Open,
    Remove,
    Rewrite,
    WhyOpen,
    differences,
    holiday_at,
    left_open,
    plan_day,
)
from antrean.domain.releases import (
    Immediate,
    Monthly,
    Rolling,
    Share,
    Staged,
    Weekly,
)
from antrean.domain.schedule import ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotState
from tests.support.people import ZONES, an_office

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WEEK = [MONDAY + timedelta(days=i) for i in range(7)]
NOW = int(an_office().instant(MONDAY, "0000").timestamp())
STAGED = Staged((Share(3, 10), Share(2, 30), Share(1, 60)), "0900")
CHRISTMAS_EVE = date(2026, 12, 24)


def holiday(day: date, name: str = "Cuti Bersama") -> dict[date, Holiday]:
    return {day: Holiday(day, name, HolidayKind.COLLECTIVE_LEAVE, "SKB")}


def serving(
    *windows: tuple[str, str, int], lane: Lane = Lane.REGULAR, extra: date | None = None
) -> Schedule:
    """A schedule with these windows from Monday to Friday, and on an extra day."""
    hours = (Hours(lane, frozenset(range(5)), tuple(Window(*window) for window in windows)),)
    extra_days = (ExtraDay(extra, "Sabtu Simpatik", hours),) if extra else ()
    return Schedule((Timetable("ordinary", date(2026, 1, 1), None, hours),), extra_days)


def planned(office: Office, days: Sequence[date], holidays: Holidays) -> list[Slot]:
    return [slot for day in days for slot in plan_day(office, day, holidays)]


def in_the_tables_order(slots: Sequence[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.ref.day, str(slot.ref.lane), slot.ref.start))


def applied(slots: Sequence[Slot], lane_days: Sequence[LaneDay]) -> list[Slot]:
    """What stands there when the changes are written."""
    there = {slot.ref: slot for slot in slots}
    for change in (change for lane_day in lane_days for change in lane_day):
        match change:
            case Open(new):
                assert not there.keys() & {slot.ref for slot in new}
                there |= {slot.ref: slot for slot in new}
            case Rewrite(before, planned):
                assert there[before.ref] == before != planned
                there[before.ref] = planned
            case Remove(before):
                assert there.pop(before.ref) == before
    return in_the_tables_order(list(there.values()))


def kinds(lane_days: Sequence[LaneDay]) -> list[type]:
    return [type(change) for lane_day in lane_days for change in lane_day]


# --- What a day should have -------------------------------------------------------------------


def test_a_holiday_closes_the_slots_with_its_name_and_an_extra_day_is_served() -> None:
    office = an_office(schedule=serving(("0800", "0900", 5), extra=TUESDAY))
    both = holiday(MONDAY, "Hari Guru") | holiday(TUESDAY)
    monday, tuesday = planned(office, [MONDAY, TUESDAY], both)
    assert (monday.state, monday.reason) == (SlotState.CLOSED, "Hari Guru")
    assert (tuesday.state, tuesday.reason) == (SlotState.OPEN, None)
    assert holiday_at(office, TUESDAY, both) is None


def test_stages_after_the_first_are_held_until_their_instant() -> None:
    office = an_office(
        schedule=serving(("0800", "0900", 20)), releases={Lane.REGULAR: STAGED}, horizon_days=92
    )
    (slot,) = planned(office, [date(2027, 1, 15)], {})
    assert (slot.quota, slot.remaining, slot.kept_back_places) == (20, 2, 18)
    assert [part.places for part in slot.kept_back] == [6, 12]
    at = [office.instant(date(2026, month, 15), "0900").timestamp() for month in (10, 11, 12)]
    assert [slot.release_at, *(part.at for part in slot.kept_back)] == at


rules = st.sampled_from(
    [Immediate(), Rolling(14, "0900"), Weekly(4, "1400"), Monthly("0900"), STAGED]
)
windows = st.lists(
    st.tuples(st.sampled_from((600, 900, 1300)), st.integers(0, 40)), unique_by=lambda w: w[0]
)
offices = st.builds(
    lambda zone, hours, rule: an_office(
        timezone=zone,
        schedule=serving(*((f"{s:04}", f"{s + 100:04}", places) for s, places in hours)),
        releases={Lane.REGULAR: rule},
        horizon_days=92,
    ),
    st.sampled_from(ZONES),
    windows,
    rules,
)
days = st.dates(MONDAY, MONDAY + timedelta(days=120))


@given(offices, days, days)
def test_every_place_of_a_planned_slot_is_remaining_or_held_and_releases_come_in_order(
    office: Office, day: date, off: date
) -> None:
    for slot in plan_day(office, day, holiday(off)):
        assert slot.remaining + slot.kept_back_places == slot.quota
        assert slot.remaining >= 0
        instants = [slot.release_at, *(part.at for part in slot.kept_back)]
        assert instants == sorted(set(instants))
        assert all(at < office.instant(day, slot.ref.start).timestamp() for at in instants)


# --- What is changed of days that are open ----------------------------------------------------


@given(offices, offices, days, days, st.booleans(), st.booleans(), st.integers(0, 2**16))
def test_when_the_differences_are_written_there_are_none(
    before: Office, after: Office, off: date, other: date, replan: bool, fixed: bool, marks: int
) -> None:
    after = replace(after, timezone=before.timezone)
    slots = [
        replace(
            slot,
            next_number=1 + (marks >> i & 1),
            fixed=bool(marks >> (i + 1) & 3),
            opening_fixed=bool(marks >> (i + 1) & 1),
        )
        for i, slot in enumerate(planned(before, WEEK, holiday(off)))
    ]
    extent = Extent(replan=replan, fixed_releases=fixed)
    there = in_the_tables_order(slots)
    changes = list(differences(after, WEEK, there, holiday(other), NOW, extent))
    then = applied(there, changes)
    assert list(differences(after, WEEK, then, holiday(other), NOW, extent)) == []
    for slot in then:
        assert slot.remaining + slot.kept_back_places == slot.quota


@given(offices, offices, days, st.booleans())
def test_what_somebody_took_a_number_of_keeps_its_places_whatever_is_planned(
    before: Office, after: Office, other: date, replan: bool
) -> None:
    slots = in_the_tables_order(
        [replace(slot, next_number=2) for slot in planned(before, WEEK, {})]
    )
    extent = Extent(replan=replan, fixed_releases=replan)
    then = {
        slot.ref: slot
        for slot in applied(
            slots, list(differences(after, WEEK, slots, holiday(other), NOW, extent))
        )
    }
    for slot in slots:
        assert replace(then[slot.ref], state=slot.state, reason=slot.reason) == slot


def test_days_that_are_not_open_are_opened_whole_by_lane() -> None:
    office = an_office(schedule=serving(("0800", "0900", 5), ("0900", "1000", 5)))
    changes = list(differences(office, WEEK, [], {}, NOW))
    assert kinds(changes) == [Open] * 5
    assert applied([], changes) == in_the_tables_order(planned(office, WEEK, {}))


def test_a_changed_schedule_adds_no_window_to_a_day_that_is_open() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5)))
    new = an_office(schedule=serving(("0830", "0930", 9)))
    there = planned(old, [MONDAY], {})
    changes = list(differences(new, [MONDAY, TUESDAY], there, {}, NOW))
    assert applied([], changes) == planned(new, [TUESDAY], {})


def test_a_lane_that_is_new_is_opened_on_days_that_are_open() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5)))
    new = an_office(schedule=serving(("0800", "0900", 5), lane=Lane.PRIORITY))
    changes = list(differences(new, [MONDAY], planned(old, [MONDAY], {}), {}, NOW))
    assert applied([], changes) == planned(new, [MONDAY], {})


def test_replanning_puts_the_new_windows_in_place_of_the_old_ones() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5), ("1300", "1400", 5)))
    new = an_office(schedule=serving(("0800", "0900", 7), ("0900", "1000", 6)))
    there = planned(old, [MONDAY], {})
    (lane_day,) = differences(new, [MONDAY], there, {}, NOW, Extent(replan=True))
    assert sorted(kinds([lane_day]), key=str) == sorted([Open, Remove, Rewrite], key=str)
    assert applied(there, [lane_day]) == planned(new, [MONDAY], {})


@pytest.mark.parametrize("how", [{"fixed": True}, {"next_number": 2}])
def test_replanning_opens_no_window_over_one_that_stays(how: dict[str, Any]) -> None:
    old = an_office(schedule=serving(("0800", "0900", 5)))
    new = an_office(schedule=serving(("0830", "0930", 9), ("0930", "1030", 9)))
    there = [replace(slot, **how) for slot in planned(old, [MONDAY], {})]
    changes = list(differences(new, [MONDAY], there, {}, NOW, Extent(replan=True)))
    assert [slot.ref.start for slot in applied(there, changes)] == ["0800", "0930"]


def test_replanning_leaves_windows_that_have_begun_and_opens_none() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5), ("0900", "1000", 5)))
    new = an_office(schedule=serving(("0700", "0800", 9), ("0900", "1000", 9)))
    half_past_eight = int(old.instant(MONDAY, "0830").timestamp())
    there = planned(old, [MONDAY], {})
    extent = Extent(replan=True)
    then = applied(there, list(differences(new, [MONDAY], there, {}, half_past_eight, extent)))
    assert [(slot.ref.start, slot.quota) for slot in then] == [("0800", 5), ("0900", 9)]


def test_replanning_a_lane_that_serves_no_more_removes_it() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5)))
    new = an_office(schedule=serving(lane=Lane.PRIORITY))
    there = planned(old, WEEK, {})
    changes = list(differences(new, WEEK, there, {}, NOW, Extent(replan=True)))
    assert applied(there, changes) == []


def test_places_that_came_free_meanwhile_are_no_difference() -> None:
    office = an_office(
        schedule=serving(("0800", "0900", 20)), releases={Lane.REGULAR: STAGED}, horizon_days=92
    )
    (slot,) = planned(office, [date(2027, 1, 15)], {})
    released = replace(slot, remaining=8, kept_back=slot.kept_back[1:])
    extent = Extent(replan=True)
    now = slot.kept_back[0].at
    for there in (slot, released):
        assert list(differences(office, [slot.ref.day], [there], {}, now, extent)) == []


def test_a_holiday_closes_an_open_slot_with_people_and_its_end_opens_it_again() -> None:
    office = an_office(schedule=serving(("0800", "0900", 5)))
    (slot,) = planned(office, [TUESDAY], {})
    taken = replace(slot, next_number=4, remaining=2)
    (change,) = one_change(office, taken, holiday(TUESDAY, "Pemilu"))
    assert isinstance(change, Rewrite)
    assert change.of_state_alone
    assert change.planned == replace(taken, state=SlotState.CLOSED, reason="Pemilu")
    (again,) = one_change(office, change.planned, {})
    assert isinstance(again, Rewrite)
    assert again.planned == taken


def test_a_holiday_closes_what_an_admin_gave_other_figures_and_its_end_opens_it() -> None:
    office = an_office(schedule=serving(("0800", "0900", 5)))
    (slot,) = planned(office, [TUESDAY], {})
    resized = replace(slot, quota=9, remaining=9, fixed=True)
    (change,) = one_change(office, resized, holiday(TUESDAY))
    assert isinstance(change, Rewrite)
    assert change.of_state_alone
    assert (change.planned.state, change.planned.quota) == (SlotState.CLOSED, 9)
    (again,) = one_change(office, change.planned, {})
    assert isinstance(again, Rewrite)
    assert again.planned == resized
    assert one_change(office, resized, {}, Extent(replan=True)) == ()


@given(offices, offices, days, st.booleans(), st.integers(0, 2**16))
def test_on_a_holiday_only_what_an_admin_opened_is_open_and_each_says_why(
    before: Office, after: Office, off: date, replan: bool, marks: int
) -> None:
    after = replace(after, timezone=before.timezone)
    slots = [
        replace(slot, fixed=bool(marks >> i & 3), opening_fixed=bool(marks >> i & 1))
        for i, slot in enumerate(planned(before, WEEK, {}))
    ]
    there = in_the_tables_order(slots)
    extent = Extent(replan=replan)
    changes = list(differences(after, WEEK, there, holiday(off), NOW, extent))
    then = [slot for slot in applied(there, changes) if slot.ref.day == off]
    why = {left.slot.ref: left.why for left in left_open(after, then, NOW)}
    for slot in then:
        begun = after.instant(slot.ref.day, slot.ref.start).timestamp() <= NOW
        extra = after.schedule is not None and after.schedule.is_extra(off)
        assert (slot.state is SlotState.OPEN) is (slot.opening_fixed or extra or begun)
        assert (slot.ref in why) is (slot.state is SlotState.OPEN)
    assert WhyOpen.CHANGED_MEANWHILE not in why.values()


def test_a_holiday_leaves_what_an_admin_opened_or_closed() -> None:
    office = an_office(schedule=serving(("0800", "0900", 5)))
    (slot,) = planned(office, [TUESDAY], {})
    fixed = replace(slot, fixed=True, opening_fixed=True)
    assert one_change(office, fixed, holiday(TUESDAY)) == ()
    closed = replace(fixed, state=SlotState.CLOSED, reason="Listrik padam")
    assert one_change(office, closed, {}) == ()


def one_change(
    office: Office, slot: Slot, holidays: Holidays, extent: Extent = AS_OPENED
) -> LaneDay:
    """What is to be changed about the one slot of its day."""
    changes = list(differences(office, [slot.ref.day], [slot], holidays, NOW, extent))
    return changes[0] if changes else ()


def test_places_that_wait_for_their_release_follow_a_new_rule_and_a_new_holiday() -> None:
    day = date(2027, 1, 15)
    old = an_office(schedule=serving(("0800", "0900", 5)), releases={Lane.REGULAR: Monthly("0900")})
    new = replace(old, releases={Lane.REGULAR: Weekly(4, "1400")})
    (slot,) = planned(old, [day], {})
    (change,) = one_change(new, slot, {})
    assert isinstance(change, Rewrite)
    assert not change.of_state_alone
    assert [change.planned] == planned(new, [day], {})
    off = holiday(date(2026, 12, 31))
    (change,) = one_change(old, slot, off)
    assert isinstance(change, Rewrite)
    assert [change.planned] == planned(old, [day], off)


def test_what_was_released_once_is_not_taken_back_by_a_rule() -> None:
    old = an_office(schedule=serving(("0800", "0900", 5)))
    new = replace(old, releases={Lane.REGULAR: Weekly(4, "1400")})
    (slot,) = planned(old, [date(2027, 1, 15)], {})
    assert one_change(new, slot, {}) == ()


def test_a_rule_reaches_fixed_slots_only_when_asked_and_keeps_quota_and_reserve() -> None:
    day = date(2027, 1, 15)
    old = an_office(schedule=serving(("0800", "0900", 20)), releases={Lane.REGULAR: STAGED})
    new = replace(old, releases={Lane.REGULAR: Monthly("0900")})
    (slot,) = planned(old, [day], {})
    later = replace(slot, release_at=NOW + 1)
    reserve = KeptBack(int(old.instant(day, "1000").timestamp()), 4, KeptFor.WALK_IN)
    fixed = replace(
        later, fixed=True, remaining=1, kept_back=(*slot.kept_back[:1], reserve), quota=11
    )
    assert one_change(new, fixed, {}) == ()
    (change,) = one_change(new, fixed, {}, Extent(fixed_releases=True))
    assert isinstance(change, Rewrite)
    assert (change.planned.quota, change.planned.remaining, change.planned.kept_back) == (
        11,
        7,
        (reserve,),
    )
    (released,) = planned(new, [day], {})
    assert change.planned.release_at == released.release_at
