"""A day is moved when it is over: its people may have booked anew, or be forgotten by TTL."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from antrean.booking.book import Booked, book
from antrean.days.move_day import begin_move, run_move
from antrean.domain.moves import MoveProgress
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.person import PersonItem
from tests.faults.small_office import ADMIN, DAYS, OFFICE, WEDNESDAY, open_office, ref
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import World, deadline, in_memory, in_order

AFTERWARDS = timedelta(days=1, hours=18)
"""From Monday 07:00 to Wednesday 01:00."""


@pytest.fixture
def world() -> Iterator[World]:
    with in_memory() as world, in_order():
        open_office()
        yield world


def a_couple_of_tuesday(world: World) -> Booked:
    made = book(a_request(1, *people(2), start="0800"), deadline())
    world.time.forward(seconds=AFTERWARDS.total_seconds())
    forget()
    return made


def the_office_moves_tuesday() -> MoveProgress:
    begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    return run_move(OFFICE, f"{TUESDAY.isoformat()}#all#all", deadline())


def test_who_has_booked_anew_keeps_the_new_booking_alone(world: World) -> None:
    old = a_couple_of_tuesday(world)
    new = book(a_request(2, *people(1), day=WEDNESDAY, start="0900"), deadline())
    assert the_office_moves_tuesday().moved == 0
    assert get_booking(old.booking.code, deadline()) == old.booking
    assert get_booking(new.booking.code, deadline()) == new.booking


def test_who_was_forgotten_meanwhile_is_moved_all_the_same(world: World) -> None:
    old = a_couple_of_tuesday(world)
    PersonItem.keyed(old.booking.people[0]).delete()  # as TTL does once the date has passed
    assert the_office_moves_tuesday().moved == 1
    moved = get_booking(old.booking.code, deadline())
    assert moved is not None
    assert moved.ref == ref("0800", DAYS[1])
