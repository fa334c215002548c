"""Admins change a day: quotas, places for walk-ins, closures; one date or many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from antrean.booking.book import book
from antrean.days import change_days as changing
from antrean.days.change_days import change_day, change_days, day_slots, day_version
from antrean.domain.audit import Author
from antrean.domain.errors import BelowTaken, ChangedMeanwhile, InvalidRequest, NoPlaces, NotAsSeen
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.slots import KeptFor, Lane, Slot, SlotState
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.writes import change_quotas
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.release_due import release_due
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import records_of, slot_now
from tests.support.worlds import World, deadline

ADMIN = Author("u-1", "r-1")
TWO_WEEKS_ON = TUESDAY + timedelta(days=14)
CLOSED = Closure(closed=True, reason="Pelatihan petugas")


@pytest.fixture
def office(world: World) -> Office:
    """Kotabumi: 20 places a day, four in the first two windows, three in the others."""
    return world.has_office(open_days=30)


def window(start: str = "0800", **facts: object) -> WindowChange:
    return WindowChange(Lane.REGULAR, start, pointer="/quotas/0", **facts)  # type: ignore[arg-type]


def change(office: Office, *windows: WindowChange, **facts: object) -> Sequence[Slot]:
    day = DayChange(windows, **facts)  # type: ignore[arg-type]
    return change_day(office, TUESDAY, day, ADMIN, deadline())


def people_booked(number: int, count: int = 1, start: str = "0800") -> None:
    forget()
    party = people(count, first=number * 10)
    book(a_request(number, *party, start=start, overflow=Overflow.NONE), deadline())


def test_a_quota_moves_and_the_record_says_from_what_to_what(office: Office) -> None:
    people_booked(1)
    first = change(office, window(quota=9))[0]
    assert (first.quota, first.remaining, first.taken, first.fixed) == (9, 8, 1, True)
    (record,) = records_of(office.office_id)
    assert record.entry.who == "u-1"
    assert record.entry.before == [{"lane": "regular", "window": "08:00", "quota": 4}]
    assert record.entry.after == [{"lane": "regular", "window": "08:00", "quota": 9}]


def test_what_is_so_already_is_neither_written_nor_put_on_record(office: Office) -> None:
    change(office, window(quota=4))
    assert records_of(office.office_id) == []


def test_below_what_is_taken_is_refused_with_the_figures_unless_forced(office: Office) -> None:
    people_booked(1, count=3)
    with pytest.raises(BelowTaken) as refused:
        change(office, window(quota=2))
    figures = [{"lane": "regular", "window": "08:00", "quota": 2, "taken": 3}]
    assert refused.value.members["slots"] == figures
    assert change(office, window(quota=2), force=True)[0].remaining == -1


def test_sold_between_reading_and_writing_is_told_as_below_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = change_quotas.change_quotas

    def sold_first(*args: object, **options: object) -> None:
        monkeypatch.setattr(changing, "change_quotas", write)
        people_booked(1, count=4)
        write(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(changing, "change_quotas", sold_first)
    with pytest.raises(BelowTaken):
        change(office, window(quota=1))


def test_changed_by_another_admin_meanwhile_is_told_as_such(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = change_quotas.change_quotas

    def changed_first(*args: object, **options: object) -> None:
        monkeypatch.setattr(changing, "change_quotas", write)
        change(office, window(quota=7))
        write(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(changing, "change_quotas", changed_first)
    with pytest.raises(ChangedMeanwhile):
        change(office, window(quota=8))
    assert slot_now(day_slots(office.office_id, TUESDAY, deadline())[0].ref).quota == 7


def test_a_change_may_be_tied_to_what_was_seen_and_sales_do_not_untie_it(office: Office) -> None:
    version_seen = day_version(day_slots(office.office_id, TUESDAY, deadline()))
    people_booked(1)
    change_of_day = DayChange([window(quota=9)])
    change_day(office, TUESDAY, change_of_day, ADMIN, deadline(), version_seen)
    with pytest.raises(NotAsSeen):
        change_day(office, TUESDAY, DayChange([window(quota=3)]), ADMIN, deadline(), version_seen)
    assert day_slots(office.office_id, TUESDAY, deadline())[0].quota == 9


def test_places_kept_for_walk_ins_are_not_sold_and_come_free_at_their_hour(
    world: World, office: Office
) -> None:
    first = change(office, window(reserve=Reserve(3, "0730")))[0]
    assert (first.quota, first.remaining, first.kept_back_places) == (4, 1, 3)
    people_booked(1)
    with pytest.raises(NoPlaces):
        people_booked(2)
    world.time.forward(hours=24)
    assert first.kept_back[0].kept_for is KeptFor.WALK_IN
    assert first.kept_back[0].at == int(office.instant(TUESDAY, "0730").timestamp())
    now = slot_now(first.ref)
    assert release_due(now, first.kept_back[0].at, deadline())
    assert slot_now(first.ref).remaining == 3


def test_a_reserve_is_replaced_not_added_to_and_can_be_given_up(office: Office) -> None:
    change(office, window(reserve=Reserve(3, "0730")))
    first = change(office, window(reserve=Reserve(1, "0745")))[0]
    assert (first.remaining, first.kept_back_places) == (3, 1)
    first = change(office, window(reserve=Reserve(0, "0745")))[0]
    assert (first.remaining, first.kept_back) == (4, ())


def test_a_reserve_takes_no_place_that_is_taken(office: Office) -> None:
    people_booked(1, count=3)
    with pytest.raises(BelowTaken):
        change(office, window(reserve=Reserve(2, "0730")))


def test_a_closed_day_says_why_sells_nothing_and_opens_again(office: Office) -> None:
    assert {slot.state for slot in change(office, closure=CLOSED)} == {SlotState.CLOSED}
    with pytest.raises(NoPlaces) as refused:
        people_booked(1)
    assert refused.value.members["state"] == "closed"
    assert day_slots(office.office_id, TUESDAY, deadline())[0].reason == "Pelatihan petugas"
    opened = change(office, closure=Closure(closed=False))
    assert {(slot.state, slot.reason) for slot in opened} == {(SlotState.OPEN, None)}
    people_booked(1)


def test_a_closure_may_be_of_one_window(office: Office) -> None:
    states = [slot.state for slot in change(office, closure=CLOSED, closure_start="0900")]
    assert states.count(SlotState.CLOSED) == 1
    assert states[1] is SlotState.CLOSED


def test_windows_that_are_not_there_or_stand_twice_are_named(office: Office) -> None:
    twice = [window(quota=1), replace(window(quota=2), pointer="/quotas/1")]
    with pytest.raises(InvalidRequest) as refused:
        change(office, *twice, replace(window("1200", quota=1), pointer="/quotas/2"))
    assert [problem.pointer for problem in refused.value.problems] == [
        "/quotas/1",
        "/quotas/2/window",
    ]
    assert day_slots(office.office_id, TUESDAY, deadline())[0].quota == 4


def test_a_day_that_is_not_open_yet_is_opened_by_its_change(world: World) -> None:
    office = world.has_office(open_days=3)
    later = office.last_opened(clock.now())
    slots = change_day(office, later, DayChange(closure=CLOSED), ADMIN, deadline())
    assert {slot.state for slot in slots} == {SlotState.CLOSED}
    assert sum(slot.quota for slot in slots) == 20


def test_a_day_beyond_the_horizon_is_not_opened_and_the_last_date_is_told(office: Office) -> None:
    last = office.last_opened(clock.now())
    beyond = last + timedelta(days=1)
    for wanted in (DayChange(closure=CLOSED), DayChange([window(quota=9)])):
        with pytest.raises(InvalidRequest) as refused:
            change_day(office, beyond, wanted, ADMIN, deadline())
        assert [problem.pointer for problem in refused.value.problems] == ["/date"]
        assert last.isoformat() in refused.value.problems[0].detail
    assert day_slots(office.office_id, beyond, deadline()) == []


def test_a_day_that_was_opened_when_the_horizon_was_farther_can_still_be_closed(
    office: Office,
) -> None:
    nearer = replace(office, horizon_days=7)
    slots = change_day(nearer, TWO_WEEKS_ON, DayChange(closure=CLOSED), ADMIN, deadline())
    assert {slot.state for slot in slots} == {SlotState.CLOSED}


def test_a_day_of_more_slots_than_a_transaction_holds_is_closed_in_several(office: Office) -> None:
    many = [
        replace(slot, ref=slot.ref._replace(lane=lane, start=f"{hour:02}{minute:02}"))
        for slot in day_slots(office.office_id, TUESDAY, deadline())[:1]
        for lane in (Lane.PRIORITY, Lane.EXPRESS)
        for hour in range(4, 24)
        for minute in (0, 20, 40)
    ]
    open_slots(many, deadline())
    assert {slot.state for slot in change(office, closure=CLOSED)} == {SlotState.CLOSED}
    recorded = [len(record.entry.after) for record in records_of(office.office_id)]
    assert sorted(recorded) == [27, 99]
    change(office, closure=CLOSED)
    assert len(records_of(office.office_id)) == 2


def test_a_day_without_service_cannot_be_closed(office: Office) -> None:
    sunday = date(2026, 11, 29)
    with pytest.raises(InvalidRequest):
        change_day(office, sunday, DayChange(closure=CLOSED), ADMIN, deadline())


def test_each_date_of_a_range_has_its_own_result(office: Office) -> None:
    people_booked(1, count=4)
    dates = [TUESDAY, date(2026, 11, 25), date(2026, 11, 29)]
    change_of_day = DayChange([window(quota=2)])
    results = change_days(office, dates, change_of_day, ADMIN, deadline())
    assert [type(result.refused) for result in results] == [BelowTaken, type(None), InvalidRequest]
    assert results[1].slots[0].quota == 2
    assert day_slots(office.office_id, TUESDAY, deadline())[0].quota == 4
