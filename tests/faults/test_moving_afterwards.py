"""A day is moved when it is over: its people may have booked again, or be forgotten by TTL."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pynamodb.expressions.update import Action

from antrean.booking.book import Booked, book
from antrean.days import move_day
from antrean.days.move_day import begin_move, run_move
from antrean.domain.moves import DONE, RUNNING, MoveProgress, Staying, Why
from antrean.runtime.registry import forget
from antrean.store.items.booking import BookingItem, get_booking
from antrean.store.items.person import PersonItem
from antrean.store.items.staying import who_stays
from antrean.store.items.ticket import PERSONAL, TicketItem
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


def test_who_has_booked_anew_keeps_the_new_booking_and_the_others_move(world: World) -> None:
    old = a_couple_of_tuesday(world)
    new = book(a_request(2, *people(1), day=WEDNESDAY, start="0900"), deadline())
    done = the_office_moves_tuesday()
    assert (done.moved, done.left, done.state) == (1, 0, DONE)
    moved = get_booking(old.booking.code, deadline())
    assert moved is not None
    assert (moved.ref, moved.people) == (ref("0800", WEDNESDAY), old.booking.people[1:])
    assert len(moved.numbers) == len(moved.names) == 1
    assert get_booking(new.booking.code, deadline()) == new.booking


def test_a_booking_whose_people_have_all_booked_anew_is_left_and_says_so(world: World) -> None:
    old = a_couple_of_tuesday(world)
    book(a_request(2, *people(2), day=WEDNESDAY, start="0900"), deadline())
    done = the_office_moves_tuesday()
    assert (done.moved, done.left, done.without_place, done.state) == (0, 1, 0, DONE)
    assert who_stays(done, deadline()) == [Staying(old.booking.code, Why.BOOKED_ANEW)]
    assert get_booking(old.booking.code, deadline()) == old.booking


def test_who_was_forgotten_meanwhile_is_moved_all_the_same(world: World) -> None:
    old = a_couple_of_tuesday(world)
    PersonItem.keyed(old.booking.people[0]).delete()  # as TTL does once the date has passed
    assert the_office_moves_tuesday().moved == 1
    moved = get_booking(old.booking.code, deadline())
    assert moved is not None
    assert moved.ref == ref("0800", DAYS[1])


@pytest.mark.parametrize(("erased", "moved", "left"), [((0,), 1, 0), ((0, 1), 0, 1)])
def test_whose_data_was_erased_is_not_moved_and_the_others_are(
    world: World, erased: tuple[int, ...], moved: int, left: int
) -> None:
    old = a_couple_of_tuesday(world).booking
    people, names = list(old.people), list(old.names)
    for index in erased:  # as operations/erase_person.py leaves it
        ticket = TicketItem.keyed(old.ref, old.numbers[index])
        gone: list[Action] = [each.remove() for each in (*PERSONAL, TicketItem.person)]
        ticket.update(actions=gone)
        PersonItem.keyed(old.people[index]).delete()
        people[index] = names[index] = ""
    actions: list[Action] = [BookingItem.people.set(people), BookingItem.names.set(names)]
    BookingItem.keyed(old.code).update(actions=actions)
    done = the_office_moves_tuesday()
    assert (done.moved, done.left, done.state) == (moved, left, DONE)
    now = get_booking(old.code, deadline())
    assert now is not None
    assert now.people == (tuple(people[1:]) if moved else ("", ""))
    assert [each.why for each in who_stays(done, deadline())] == [Why.ERASED] * left


def test_who_is_filed_at_this_moment_is_moved_by_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Query may show the tickets of a transaction a moment before a read shows its booking."""
    made = book(a_request(1, *people(2), start="0800"), deadline())
    begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    scope = f"{TUESDAY.isoformat()}#all#all"
    with monkeypatch.context() as patch:
        patch.setattr(move_day, "get_booking", lambda *_: None)
        assert run_move(OFFICE, scope, deadline()).state == RUNNING
    done = run_move(OFFICE, scope, deadline())
    assert (done.moved, done.left, done.state) == (1, 0, DONE)
    moved = get_booking(made.booking.code, deadline())
    assert moved is not None
    assert moved.ref.day == WEDNESDAY
