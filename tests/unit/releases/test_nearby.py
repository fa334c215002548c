"""Searching all offices for room, in one read of what the sweeper wrote."""

from datetime import date, timedelta

from antrean.booking.book import book
from antrean.domain.offices import OfficeStatus, Position
from antrean.domain.room import Room, distance_km
from antrean.domain.slots import Lane
from antrean.handlers import sweep
from antrean.releases.nearby import Search, Spare, find_spare
from antrean.runtime.registry import forget
from tests.support.gateway import Context
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import World, deadline

KOTABUMI, BANDA_ACEH = Position(-4.83, 104.88), Position(5.55, 95.32)
JAKARTA, SURABAYA = Position(-6.2, 106.8), Position(-7.25, 112.75)


def search(**facts: object) -> list[Spare]:
    forget()
    found, _ = find_spare(Search(**({"lane": Lane.REGULAR, "party": 1} | facts)), deadline())  # type: ignore[arg-type]
    return found


def swept() -> None:
    forget()
    sweep.handler({}, Context())


def names(found: list[Spare]) -> list[str]:
    return [spare.office.office_id for spare in found]


def test_the_earliest_date_comes_first_and_of_equal_dates_the_nearest(world: World) -> None:
    world.has_office(open_days=9, position=KOTABUMI)
    world.has_office(office_id="banda-aceh", open_days=9, position=BANDA_ACEH, province="Aceh")
    for number in (1, 2):  # Kotabumi's two windows of four places are sold on Tuesday
        forget()
        book(a_request(number, *people(4, first=number * 10)), deadline())
    swept()
    assert names(search(party=4)) == ["banda-aceh", "kotabumi"]
    found = search(party=4, first=TUESDAY + timedelta(days=4), near=KOTABUMI, within_km=5000)
    assert names(found) == ["kotabumi", "banda-aceh"]
    assert found[0].km == 0


def test_a_party_of_five_wants_five_in_one_window(world: World) -> None:
    world.has_office(open_days=9, daily_quota=24)  # four in each window
    swept()
    assert names(search(party=4)) == ["kotabumi"]
    assert search(party=5) == []


def test_only_open_offices_and_the_lane_asked_for(world: World) -> None:
    world.has_office(open_days=9, status=OfficeStatus.PREPARING)
    world.has_office(office_id="kalianda", open_days=9)
    swept()
    assert names(search()) == ["kalianda"]
    assert search(lane=Lane.PRIORITY) == []


def test_with_nobody_near_the_others_are_told_as_lying_outside(world: World) -> None:
    world.has_office(open_days=9, position=KOTABUMI)
    world.has_office(office_id="banda-aceh", open_days=9, position=BANDA_ACEH, province="Aceh")
    swept()
    far = search(near=SURABAYA, within_km=50)
    assert names(far) == ["kotabumi", "banda-aceh"]
    assert not any(spare.within for spare in far)
    assert names(search(province="aceh")) == ["banda-aceh"]
    assert [spare.within for spare in search(province="Bali")] == [False, False]


def test_before_the_first_sweep_there_is_no_answer_but_no_failure(world: World) -> None:
    world.has_office(open_days=9)
    assert search() == []


def test_room_knows_its_dates_and_forgets_those_before_the_first_wanted() -> None:
    base = date(2026, 12, 30)
    room = Room(base, {Lane.REGULAR: (0b1001, 0b1000, 0, 0, 0)})
    assert room.earliest(Lane.REGULAR, 1) == base
    assert room.earliest(Lane.REGULAR, 1, base + timedelta(days=1)) == date(2027, 1, 2)
    assert room.earliest(Lane.REGULAR, 2) == date(2027, 1, 2)
    assert room.earliest(Lane.REGULAR, 3) is None
    assert room.earliest(Lane.REGULAR, 1, base + timedelta(days=4)) is None
    assert room.earliest(Lane.EXPRESS, 1) is None


def test_distances_are_those_of_the_map() -> None:
    assert round(distance_km(JAKARTA, SURABAYA)) == 667
    assert distance_km(JAKARTA, JAKARTA) == 0
