"""Finding a place: the wanted one, or the next that the applicant accepts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.booking.find_place import HORIZON_DAYS, PlaceSearch, claim_place
from antrean.domain.errors import NoPlaces, Unavailable
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState
from antrean.domain.tickets import Move
from antrean.offices.recent_slots import STRETCH_DAYS
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import forget
from antrean.store.items.slot import SlotItem
from antrean.store.writes.give_back import give_back
from antrean.store.writes.open_slots import open_slots
from tests.support.people import TUESDAY, ZONES, a_request
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)


def ref(day: date = TUESDAY, start: str = "") -> SlotRef:
    return SlotRef("kotabumi", day, Lane.REGULAR, start)


def slot(day: date = TUESDAY, start: str = "0800", quota: int = 1, **facts: Any) -> Slot:
    end = f"{int(start) + 100:04d}"
    return replace(Slot(ref(day, start), end, quota=quota, remaining=quota), **facts)


@pytest.fixture
def office(unaudited: World) -> Office:
    """An open office without any slot."""
    return unaudited.has_office()


def has(*slots: Slot) -> None:
    assert open_slots(slots, deadline()) == len(slots)
    forget()


def got(
    office: Office,
    day: date = TUESDAY,
    start: str = "",
    party: int = 1,
    overflow: Overflow = Overflow.NEXT_DATE,
) -> tuple[date, str, str | None]:
    """Claim: where, and why not where it was wanted."""
    claimed, move = claim_place(PlaceSearch(office, ref(day, start), party, overflow), deadline())
    assert len(claimed.numbers) == party
    assert move is None or move == Move(day, start or None, move.reason, "overflow")
    return claimed.ref.day, claimed.ref.start, move.reason if move else None


def refused(office: Office, **facts: Any) -> dict[str, object]:
    with pytest.raises(NoPlaces) as refusal:
        got(office, **facts)
    return refusal.value.members


# Where a party is put


def test_who_gets_what_they_wanted_was_not_moved(office: Office) -> None:
    has(slot(), slot(start="0900"))
    assert got(office, start="0900") == (TUESDAY, "0900", None)
    assert got(office) == (TUESDAY, "0800", None)


def test_any_window_of_the_wanted_day_is_no_move(office: Office) -> None:
    has(slot(remaining=0), slot(start="0900"))
    assert got(office) == (TUESDAY, "0900", None)


def test_a_full_window_moves_to_the_first_other_of_the_day(office: Office) -> None:
    has(slot(quota=2), slot(start="0900", remaining=0), slot(start="1000", quota=2))
    assert got(office, start="0900") == (TUESDAY, "0800", "full")
    assert got(office, start="0800") == (TUESDAY, "0800", None)
    assert got(office, start="0800") == (TUESDAY, "1000", "full")


def test_a_full_day_moves_to_the_next_date_and_keeps_the_window_if_it_can(office: Office) -> None:
    has(
        slot(remaining=0),
        slot(start="0900", remaining=0),
        slot(FRIDAY, "0800"),
        slot(FRIDAY, "0900"),
        slot(MONDAY, "0800"),
    )
    assert got(office, start="0900") == (FRIDAY, "0900", "full")
    assert got(office, start="0900") == (FRIDAY, "0800", "full")
    assert got(office, start="0900") == (MONDAY, "0800", "full")
    assert refused(office, start="0900") == {"state": "full", "next_release": None}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (slot(state=SlotState.CLOSED), "closed"),
        (slot(release_at=1_900_000_000), "not_released"),
        (slot(remaining=-1), "full"),
    ],
    ids=["closed", "not released", "lowered below what is taken"],
)
def test_a_move_says_why(office: Office, wanted: Slot, reason: str) -> None:
    has(wanted, slot(FRIDAY))
    assert got(office) == (FRIDAY, "0800", reason)


def test_a_date_without_service_is_closed(office: Office) -> None:
    has(slot(MONDAY))
    assert got(office, day=date(2026, 11, 29)) == (MONDAY, "0800", "closed")


def test_a_window_the_day_does_not_have_is_closed(office: Office) -> None:
    has(slot())
    assert got(office, start="1200") == (TUESDAY, "0800", "closed")


def test_no_earlier_date_is_ever_given(office: Office) -> None:
    has(slot(TUESDAY, quota=9), slot(FRIDAY, remaining=0))
    assert refused(office, day=FRIDAY)["state"] == "full"


def test_another_lane_or_office_is_never_given(office: Office) -> None:
    other = slot(quota=9)
    has(
        replace(other, ref=other.ref._replace(lane=Lane.PRIORITY)),
        replace(other, ref=other.ref._replace(office_id="kalianda")),
    )
    assert refused(office)["state"] == "closed"


@pytest.mark.parametrize("start", ["", "0900"])
def test_same_date_never_leaves_the_date(office: Office, start: str) -> None:
    has(slot(), slot(start="0900", remaining=0), slot(FRIDAY))
    assert got(office, start=start, overflow=Overflow.SAME_DATE)[:2] == (TUESDAY, "0800")
    assert refused(office, start=start, overflow=Overflow.SAME_DATE)["state"] == "full"


def test_none_takes_the_wanted_window_or_nothing(office: Office) -> None:
    has(slot(), slot(start="0900", remaining=0))
    assert refused(office, start="0900", overflow=Overflow.NONE)["state"] == "full"
    assert got(office, overflow=Overflow.NONE) == (TUESDAY, "0800", None)


# Families


def test_a_family_goes_to_the_first_window_with_room_for_all(office: Office) -> None:
    has(slot(quota=2), slot(start="0900", quota=1), slot(FRIDAY, quota=3))
    assert got(office, party=3) == (FRIDAY, "0800", "full")
    assert slot_now(ref(start="0800")).remaining == 2


def test_a_family_that_was_refused_does_not_keep_a_single_person_out(office: Office) -> None:
    has(slot(quota=2), slot(FRIDAY, quota=5))
    assert got(office, party=3) == (FRIDAY, "0800", "full")
    assert got(office, party=2) == (TUESDAY, "0800", None)


# Time


@pytest.mark.parametrize("zone", ZONES)
def test_windows_that_began_are_not_given(unaudited: World, zone: str) -> None:
    office = unaudited.has_office(timezone=zone)
    has(slot(quota=5), slot(start="0900", quota=5), slot(FRIDAY, quota=5))
    eight = office.instant(TUESDAY, "0800")
    unaudited.time.set(eight - timedelta(seconds=1))
    assert got(office) == (TUESDAY, "0800", None)
    unaudited.time.set(eight)
    forget()
    assert got(office) == (TUESDAY, "0900", None)
    assert got(office, start="0800") == (TUESDAY, "0900", "past")
    unaudited.time.set(office.instant(TUESDAY, "0900"))
    assert got(office) == (FRIDAY, "0800", "past")
    assert refused(office, overflow=Overflow.SAME_DATE)["state"] == "past"


def test_a_day_whose_bookings_have_closed_is_not_given(unaudited: World) -> None:
    office = unaudited.has_office(closes_at="1500")
    has(slot(quota=5), slot(FRIDAY, quota=5))
    closing = office.instant(TUESDAY - timedelta(days=1), "1500")
    unaudited.time.set(closing - timedelta(seconds=1))
    assert got(office, start="0800") == (TUESDAY, "0800", None)
    unaudited.time.set(closing)
    for start in ("0800", ""):
        assert got(office, start=start) == (FRIDAY, "0800", "closed")
    forget()
    assert got(office, start="0800") == (FRIDAY, "0800", "closed")


def test_what_was_read_before_a_window_began_is_not_given_after(
    office: Office, unaudited: World
) -> None:
    has(slot(quota=5), slot(start="0900", quota=5))
    unaudited.time.set(office.instant(TUESDAY, "0800") - timedelta(seconds=1))
    assert got(office, start="1000")[:2] == (TUESDAY, "0800")
    unaudited.time.forward(seconds=1)
    assert got(office, start="1000")[:2] == (TUESDAY, "0900")


def test_a_slot_is_had_from_the_second_of_its_release_though_it_refused_before(
    office: Office, unaudited: World
) -> None:
    release_at = int(unaudited.time.seconds()) + 10
    has(slot(quota=5, release_at=release_at))
    unaudited.time.forward(seconds=9)
    for start in ("", "0800"):
        members = refused(office, start=start)
        assert members == {"state": "not_released", "next_release": "2026-11-23T07:00:10+07:00"}
    unaudited.time.forward(seconds=1)
    assert got(office) == (TUESDAY, "0800", None)
    assert got(office, start="0800") == (TUESDAY, "0800", None)


def test_kept_back_places_are_had_from_their_second_though_the_slot_was_full(
    office: Office, unaudited: World
) -> None:
    at = int(unaudited.time.seconds()) + 10
    has(slot(quota=3, remaining=1, kept_back=(KeptBack(at, 2, KeptFor.RELEASE),)))
    assert got(office) == (TUESDAY, "0800", None)
    unaudited.time.forward(seconds=9)
    assert refused(office) == {"state": "full", "next_release": "2026-11-23T07:00:10+07:00"}
    unaudited.time.forward(seconds=1)
    assert got(office, party=2) == (TUESDAY, "0800", None)
    assert refused(office)["state"] == "full"


def test_the_next_release_is_the_earliest_that_the_applicant_would_accept(
    office: Office, unaudited: World
) -> None:
    now = int(unaudited.time.seconds())
    has(
        slot(remaining=0),
        slot(FRIDAY, release_at=now + 7_200),
        slot(MONDAY, release_at=now + 3_600),
    )
    assert refused(office)["next_release"] == "2026-11-23T08:00:00+07:00"
    assert refused(office, day=FRIDAY, overflow=Overflow.SAME_DATE)["next_release"] == (
        "2026-11-23T09:00:00+07:00"
    )


# How far ahead


def test_places_are_found_up_to_the_horizon_and_not_beyond(office: Office) -> None:
    today = date(2026, 11, 23)
    stretches = (HORIZON_DAYS // STRETCH_DAYS + 1) * STRETCH_DAYS
    has(slot(today + timedelta(days=stretches)))
    assert refused(office)["state"] == "closed"
    last = today + timedelta(days=HORIZON_DAYS)
    has(slot(last))
    assert got(office) == (last, "0800", "closed")


@pytest.mark.parametrize("days", [1, 30, 31, 32, 61, 62, 92])
def test_a_place_is_found_across_months_and_stretches(office: Office, days: int) -> None:
    far_day = date(2026, 11, 23) + timedelta(days=days)
    has(slot(remaining=0), slot(far_day, "1000"))
    assert got(office)[:2] == (far_day, "1000")


def test_a_date_beyond_the_horizon_is_no_fault(office: Office) -> None:
    assert refused(office, day=date(2099, 12, 31)) == {"state": "closed", "next_release": None}


# What a warm function remembers


def test_a_stampede_on_a_full_office_does_not_reach_the_table(
    office: Office, unaudited: World
) -> None:
    has(slot(remaining=0), slot(FRIDAY, remaining=0))
    refused(office)
    refused(office, day=FRIDAY)
    unaudited.client.log.clear()
    for _ in range(50):
        refused(office)
        refused(office, start="0800", party=3)
        refused(office, day=FRIDAY)
    stretches = HORIZON_DAYS // STRETCH_DAYS + 1
    assert len(unaudited.client.log) <= stretches
    assert sum(call.writes for call in unaudited.client.log) == 0


def test_a_place_that_comes_back_is_had_within_three_seconds(
    office: Office, unaudited: World
) -> None:
    has(slot())
    got(office)
    refused(office)
    give_back(ref(start="0800"), [1], deadline())
    unaudited.time.forward(seconds=3)
    assert got(office) == (TUESDAY, "0800", None)


def test_a_slot_that_looks_open_and_is_not_is_passed_by(office: Office, unaudited: World) -> None:
    """Reads may lag behind: the slot was sold out a moment ago, by other functions."""
    has(slot(), slot(FRIDAY))
    unaudited.client.stale = lambda: True
    unaudited.client.lag()
    write(slot(remaining=0, next_number=2))
    assert got(office) == (FRIDAY, "0800", "full")


def test_what_refuses_a_family_may_still_take_fewer(office: Office, unaudited: World) -> None:
    has(slot(quota=3), slot(FRIDAY, quota=9))
    unaudited.client.stale = lambda: True
    unaudited.client.lag()
    write(slot(quota=3, remaining=2, next_number=2))
    assert got(office, party=3) == (FRIDAY, "0800", "full")
    assert got(office, party=2) == (TUESDAY, "0800", None)


def test_when_all_that_looks_open_refuses_it_is_read_again_until_time_is_up(
    office: Office, unaudited: World
) -> None:
    has(slot(), slot(FRIDAY))
    unaudited.client.stale = lambda: True
    unaudited.client.lag()
    write(slot(remaining=0), slot(FRIDAY, remaining=0))
    with pytest.raises((NoPlaces, Unavailable)):
        claim_place(PlaceSearch(office, ref(), 1, Overflow.NEXT_DATE), Deadline.after(5))


def test_what_a_second_look_shows_is_taken(office: Office, unaudited: World) -> None:
    """The first read lags behind: all that it shows is sold, and what has room it does not show."""
    has(slot())
    lagging = iter([True])
    unaudited.client.stale = lambda: next(lagging, False)
    unaudited.client.lag()
    write(slot(remaining=0), slot(FRIDAY))
    assert got(office) == (FRIDAY, "0800", "full")


def write(*slots: Slot) -> None:
    for other in slots:
        SlotItem.of(other).save()


def test_the_slot_that_a_booking_leaves_will_not_do(office: Office) -> None:
    has(slot(quota=9), slot(start="0900"))
    leaving = ref(start="0800")
    for overflow in Overflow:
        search = PlaceSearch(office, ref(), 1, overflow, besides=leaving)
        if overflow is Overflow.NEXT_DATE:
            assert claim_place(search, deadline())[0].ref == ref(start="0900")
        else:
            with pytest.raises(NoPlaces):
                claim_place(search, deadline())


def test_parties_fill_the_windows_and_dates_in_order(world: World) -> None:
    world.has_office(open_days=5)
    places = []
    for number in range(1, 31):
        booking = book(a_request(number), deadline()).booking
        places.append((booking.ref.day.day, booking.ref.start))
    windows = ["0800"] * 4 + ["0900"] * 4 + ["1000"] * 3 + ["1100"] * 3 + ["1300"] * 3
    windows += ["1400"] * 3
    assert places == [(24, start) for start in windows] + [(25, start) for start in windows[:10]]
