"""What can be booked when: the honest calendar of an office."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.days.availability import DayState, availability
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Availability, KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState
from antrean.store.writes.open_slots import open_slots
from tests.support.people import TUESDAY, ZONES
from tests.support.worlds import World, deadline

MONDAY = TUESDAY - timedelta(days=1)
SATURDAY = date(2026, 11, 28)


@pytest.fixture
def office(unaudited: World) -> Office:
    return unaudited.has_office()


def slot(day: date = TUESDAY, start: str = "0800", quota: int = 5, **facts: Any) -> Slot:
    ref = SlotRef("kotabumi", day, facts.pop("lane", Lane.REGULAR), start)
    return replace(Slot(ref, f"{int(start) + 100:04d}", quota=quota, remaining=quota), **facts)


def has(*slots: Slot) -> None:
    assert open_slots(slots, deadline()) == len(slots)


def days(office: Office, first: date = TUESDAY, count: int = 1, **more: Any) -> list[DayState]:
    lane, party = more.get("lane", Lane.REGULAR), more.get("party", 1)
    return availability(office, first, count, lane, party, deadline())


def day(office: Office, **more: Any) -> DayState:
    [found] = days(office, **more)
    return found


def test_every_day_that_was_asked_for_is_answered_in_order(office: Office) -> None:
    has(slot(), slot(SATURDAY))
    found = days(office, MONDAY, 7)
    assert [day.day for day in found] == [MONDAY + timedelta(days=i) for i in range(7)]
    assert [len(day.windows) for day in found] == [0, 1, 0, 0, 0, 1, 0]


def test_a_month_is_one_query(office: Office, unaudited: World) -> None:
    has(*(slot(MONDAY + timedelta(days=i), f"{hour:02d}00") for i in range(30) for hour in (8, 9)))
    unaudited.client.log.clear()
    assert all(day.state is Availability.OPEN for day in days(office, MONDAY, 30)[1:])
    assert [call.operation for call in unaudited.client.log] == ["Query"]
    assert unaudited.client.log[0].reads <= 4


def test_a_day_has_the_sum_of_its_windows(office: Office) -> None:
    has(slot(remaining=2), slot(start="0900", remaining=0), slot(start="1000", remaining=-3))
    found = day(office)
    assert (found.state, found.reason) == (Availability.OPEN, None)
    assert (found.quota, found.remaining) == (15, 2)
    assert [window.state for window in found.windows] == [
        Availability.OPEN,
        Availability.FULL,
        Availability.FULL,
    ]


def test_a_day_is_full_for_a_party_that_no_window_can_take_whole(office: Office) -> None:
    has(slot(remaining=2), slot(start="0900", remaining=2))
    assert day(office, party=2).state is Availability.OPEN
    assert day(office, party=3).state is Availability.FULL


def test_lanes_are_told_apart(office: Office) -> None:
    has(slot(remaining=0), slot(lane=Lane.PRIORITY, quota=1))
    assert day(office).state is Availability.FULL
    assert day(office, lane=Lane.PRIORITY).state is Availability.OPEN
    assert day(office, lane=Lane.EXPRESS).state is Availability.CLOSED


@pytest.mark.parametrize(
    ("first", "reason"), [(TUESDAY, "not_open_yet"), (SATURDAY, "no_service_day")]
)
def test_a_day_without_slots_says_whether_there_will_be_any(
    office: Office, first: date, reason: str
) -> None:
    found = day(office, first=first)
    assert (found.state, found.reason) == (Availability.CLOSED, reason)


def test_a_closed_day_says_why(office: Office) -> None:
    closed: dict[str, Any] = {"state": SlotState.CLOSED, "reason": "Hari Guru"}
    has(slot(**closed), slot(start="0900", **closed))
    found = day(office)
    assert (found.state, found.reason, found.remaining) == (Availability.CLOSED, "Hari Guru", 0)


def test_a_day_with_one_open_window_is_open(office: Office) -> None:
    has(slot(state=SlotState.CLOSED, reason="Rapat"), slot(start="0900"))
    assert (day(office).state, day(office).reason) == (Availability.OPEN, None)


def test_a_day_that_waits_says_for_when(office: Office, unaudited: World) -> None:
    at = int(unaudited.time.seconds()) + 60
    has(slot(release_at=at + 60), slot(start="0900", release_at=at))
    found = day(office)
    assert (found.state, found.release_at) == (Availability.NOT_RELEASED, at)
    assert found.remaining == 10, "those that wait count"
    unaudited.time.forward(seconds=60)
    assert day(office).state is Availability.OPEN
    assert day(office).release_at == at + 60


def test_kept_back_places_count_from_their_second_on(office: Office, unaudited: World) -> None:
    at = int(unaudited.time.seconds()) + 60
    has(slot(remaining=0, kept_back=(KeptBack(at, 2, KeptFor.RELEASE),)))
    assert (day(office).state, day(office).remaining) == (Availability.FULL, 0)
    unaudited.time.forward(seconds=60)
    assert (day(office).state, day(office).remaining) == (Availability.OPEN, 2)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_past_from_the_offices_midnight_on(unaudited: World, zone: str) -> None:
    office = unaudited.has_office(timezone=zone)
    has(slot(), slot(start="2300"))
    midnight = office.instant(TUESDAY + timedelta(days=1), "0000")
    unaudited.time.set(midnight - timedelta(hours=1, seconds=1))
    assert day(office).state is Availability.OPEN
    unaudited.time.set(midnight - timedelta(seconds=1))
    assert day(office).state is Availability.PAST
    unaudited.time.set(midnight)
    found = day(office)
    assert (found.state, found.reason, found.remaining) == (Availability.PAST, None, 0)


def test_todays_windows_are_past_one_by_one(office: Office, unaudited: World) -> None:
    has(slot(), slot(start="0900", remaining=0))
    unaudited.time.set(office.instant(TUESDAY, "0800"))
    found = day(office)
    assert [window.state for window in found.windows] == [Availability.PAST, Availability.FULL]
    assert (found.state, found.remaining) == (Availability.FULL, 0)


@pytest.mark.parametrize("status", [OfficeStatus.PREPARING, OfficeStatus.SUSPENDED])
def test_nothing_is_open_at_an_office_that_is_not(unaudited: World, status: OfficeStatus) -> None:
    office = unaudited.has_office(status=status)
    has(slot())
    found = days(office, MONDAY - timedelta(days=1), 3)
    assert [(day.state, day.reason) for day in found] == [
        (Availability.PAST, None),
        (Availability.CLOSED, f"office_{status}"),
        (Availability.CLOSED, f"office_{status}"),
    ]
    assert [window.state for window in found[2].windows] == [Availability.CLOSED]
    assert found[2].remaining == 0
