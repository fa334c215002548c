"""Slots of a few seconds ago, shared by who books and who looks."""

from datetime import timedelta

import pytest

from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.days.availability import availability
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane, SlotRef
from antrean.offices.recent_slots import STRETCH_DAYS, recent_slots
from antrean.store.writes.claim import claim
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline

MONDAY = TUESDAY - timedelta(days=1)
REF = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")


@pytest.fixture
def office(unaudited: World) -> Office:
    office = unaudited.has_office(open_days=40)
    unaudited.client.log.clear()
    return office


def remaining(office: Office) -> int:
    [found] = [
        slot
        for slot in recent_slots(office, Lane.REGULAR, TUESDAY, TUESDAY, deadline())
        if slot.ref == REF
    ]
    return found.remaining


def queries(world: World) -> int:
    return [call.operation for call in world.client.log].count("Query")


def test_a_month_is_remembered_for_two_seconds_and_no_longer(
    office: Office, unaudited: World
) -> None:
    before = remaining(office)
    assert claim(REF, 1, int(unaudited.time.seconds()), deadline())
    unaudited.time.forward(seconds=1.999)
    assert remaining(office) == before
    unaudited.time.forward(seconds=0.001)
    assert remaining(office) == before - 1
    assert queries(unaudited) == 2


def test_the_dates_that_were_asked_for_are_given_and_no_other(office: Office) -> None:
    first, last = TUESDAY + timedelta(days=2), TUESDAY + timedelta(days=9)
    found = recent_slots(office, Lane.REGULAR, first, last, deadline())
    assert {first <= slot.ref.day <= last for slot in found} == {True}
    assert {first, last - timedelta(days=1)} <= {slot.ref.day for slot in found}


def test_who_books_knows_what_a_looker_read(office: Office, unaudited: World) -> None:
    availability(office, MONDAY, 30, Lane.REGULAR, 1, deadline())
    wanted = PlaceSearch(office, REF._replace(start=""), 1, Overflow.NEXT_DATE)
    claimed, _ = claim_place(wanted, deadline())
    assert claimed.ref.day == TUESDAY
    assert [call.operation for call in unaudited.client.log] == ["Query", "UpdateItem"]


def test_lanes_and_offices_are_remembered_apart(office: Office, unaudited: World) -> None:
    regular = recent_slots(office, Lane.REGULAR, MONDAY, TUESDAY, deadline())
    assert recent_slots(office, Lane.PRIORITY, MONDAY, TUESDAY, deadline()) == []
    other = unaudited.has_office(office_id="kalianda")
    assert recent_slots(other, Lane.REGULAR, MONDAY, TUESDAY, deadline()) == []
    assert regular


@pytest.mark.parametrize("first", [-3, 0, 1, STRETCH_DAYS - 1, STRETCH_DAYS, STRETCH_DAYS + 3])
@pytest.mark.parametrize("days", [1, 5, 31, 92])
def test_any_dates_are_one_query(office: Office, unaudited: World, first: int, days: int) -> None:
    begin = MONDAY + timedelta(days=first)
    end = begin + timedelta(days=days - 1)
    found = recent_slots(office, Lane.REGULAR, begin, end, deadline())
    assert queries(unaudited) == 1
    assert recent_slots(office, Lane.REGULAR, begin, end, deadline()) == found
    assert queries(unaudited) == 1
    assert all(begin <= slot.ref.day <= end for slot in found)
