"""Whom an outcome frees to book again, and who is bound to a number again."""

from dataclasses import replace

import pytest

from antrean.booking.book import book
from antrean.counter.walk_in import WalkIn, admit
from antrean.domain.errors import AlreadyBooked
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Contact
from antrean.runtime import clock
from antrean.store.items.person import Binding
from antrean.store.writes.day_step import Overtaken, Step, take
from antrean.store.writes.look import read_persons
from tests.support.people import PHONE, TUESDAY, a_request, key, person
from tests.support.worlds import World, deadline
from tests.unit.booking.between_calls import meanwhile
from tests.unit.counter.office_day import (
    NO_SHOW,
    SERVED,
    STAFF,
    clock_at,
    next_called,
    outcome_noted,
    party_booked,
    party_checked_in,
)


@pytest.fixture
def office(world: World) -> Office:
    return world.has_office(open_days=3)


def books_again(request: int, number: int) -> str:
    """Have a person book for any window that has not begun; return the new booking's code."""
    return book(a_request(request, person(number), day=TUESDAY), deadline()).booking.code


def test_who_was_served_books_anew_in_the_same_second(world: World, office: Office) -> None:
    booking = party_booked(1, party=2)
    clock_at(world, office, "0800")
    party_checked_in(office, booking)
    next_called(office, "1", "a")
    with pytest.raises(AlreadyBooked):
        books_again(3, 10)
    outcome_noted(office, "R0800-001", SERVED)
    assert books_again(4, 10) != booking.code
    with pytest.raises(AlreadyBooked):
        books_again(5, 11)  # the other of the party waits


def test_a_no_show_who_booked_anew_keeps_that_and_the_others_are_let_in(
    world: World, office: Office
) -> None:
    booking = party_booked(1, party=2)
    clock_at(world, office, "0800")
    party_checked_in(office, booking)
    for label in ("R0800-001", "R0800-002"):
        outcome_noted(office, label, NO_SHOW)
    books_again(3, 10)
    with pytest.raises(AlreadyBooked) as refused:
        party_checked_in(office, booking, late=True)
    assert refused.value.members == {"labels": ["R0800-001"]}
    party_checked_in(office, booking, "R0800-002", late=True)
    with pytest.raises(AlreadyBooked):
        books_again(4, 11)


@pytest.mark.usefixtures("office")
def test_who_is_anothers_by_now_is_neither_freed_nor_bound() -> None:
    """Such as a person whose date ends between the reading and the step, and who books again."""
    booking = party_booked(1)
    stays = Binding(booking.people[0], booking.code, clock.epoch() + 3600)
    other = stays._replace(code="0000000000")
    before = read_persons(booking.people, deadline())[stays.person].live_until
    step = Step(booking.ref.office_id, TUESDAY)
    for overtaken in (replace(step, frees=[other]), replace(step, binds=[other])):
        with pytest.raises(Overtaken):
            take(overtaken, deadline())
    held = read_persons(booking.people, deadline())[stays.person]
    assert (held.code, held.live_until) == (booking.code, before)
    assert booking.lane is Lane.REGULAR


def test_who_is_let_in_late_and_served_while_walking_in_is_refused_once(
    world: World, office: Office
) -> None:
    """Else the new booking would be older than the outcome, as if both had been live at once."""
    booking = party_booked(1)
    clock_at(world, office, "0800")
    party_checked_in(office, booking)
    outcome_noted(office, "R0800-001", NO_SHOW)

    def comes_after_all() -> None:
        world.time.forward(seconds=1)
        party_checked_in(office, booking, late=True)
        next_called(office, "1", "a")
        outcome_noted(office, "R0800-001", SERVED)

    asked = WalkIn(key(3), Lane.REGULAR, person(10), Contact(PHONE))
    with (
        meanwhile(world.client, "GetItem", comes_after_all),
        pytest.raises(AlreadyBooked),
    ):
        admit(office, asked, STAFF, deadline())
    admit(office, asked, STAFF, deadline())
