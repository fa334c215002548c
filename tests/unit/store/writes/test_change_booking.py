"""Cancelling a booking, and filing it again: all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.tickets import Booking, BookingStatus, TicketStatus
from antrean.runtime import clock
from antrean.store.items.booking import get_booking
from antrean.store.items.returned_place import Return, due_returns
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.change_booking import Refiled, cancel_booking, refile
from antrean.store.writes.file_booking import NumbersGone
from antrean.store.writes.give_back import give_back
from antrean.store.writes.look import look
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    HOUR,
    REF,
    a_booking,
    a_party,
    a_slot,
    booking_filed,
    end_of_day,
    places_claimed,
    slot_now,
    slots_opened,
)

NEXT = REF._replace(day=TUESDAY + timedelta(days=1))


@pytest.fixture
def booking(world: World) -> Booking:
    """A filed family of three."""
    slots_opened(a_slot(), a_slot(NEXT))
    return booking_filed(a_booking(places_claimed(3).numbers))


def ways_back(booking: Booking) -> list[Return]:
    return [Return(booking.ref, number, clock.epoch() + HOUR) for number in booking.numbers]


def moved(booking: Booking) -> Booking:
    """The booking as it is to stand on numbers just claimed in NEXT."""
    numbers = tuple(places_claimed(3, NEXT).numbers)
    return replace(
        booking, ref=NEXT, numbers=numbers, version=booking.version + 1, changed_at=clock.epoch()
    )


def put_anew(old: Booking, new: Booking) -> None:
    party = a_party(len(new.numbers))
    refile(Refiled(old, new, party, end_of_day(NEXT.day), ways_back(old)), deadline())


def stored(booking: Booking) -> Booking | None:
    return get_booking(booking.code, deadline())


def test_a_cancelled_booking_frees_its_people_and_sends_its_places_back(booking: Booking) -> None:
    cancel_booking(booking, ways_back(booking), clock.epoch() + 7, deadline())
    kept = stored(booking)
    assert kept == replace(
        booking, status=BookingStatus.CANCELLED, version=2, changed_at=clock.epoch() + 7
    )
    assert look("", booking.people, None, deadline()).persons == {}
    assert len(due_returns(clock.epoch() + HOUR, 10, deadline())) == 3
    assert slot_now().remaining == 7, "the places wait for their re-offer"


def test_a_returned_ticket_knows_nobody(booking: Booking, world: World) -> None:
    cancel_booking(booking, ways_back(booking), clock.epoch(), deadline())
    tickets = day_tickets("kotabumi", TUESDAY, deadline())
    assert [(ticket.status, ticket.code, ticket.person) for ticket in tickets] == [
        (TicketStatus.RETURNED, "", "")
    ] * 3
    raw = [item for item in world.client.items("antrean") if item["pk"]["S"].startswith("DAY#")]
    assert {name for item in raw for name in item} == {"pk", "sk", "status", "expires_at"}


def test_a_refiled_booking_holds_its_new_numbers_alone(booking: Booking) -> None:
    new = moved(booking)
    put_anew(booking, new)
    assert stored(booking) == new
    old, fresh = (day_tickets("kotabumi", day, deadline()) for day in (TUESDAY, NEXT.day))
    assert {ticket.status for ticket in old} == {TicketStatus.RETURNED}
    assert [ticket.applicant for ticket in fresh] == list(a_party(3))
    persons = look("", booking.people, None, deadline()).persons.values()
    assert {(item.code, item.live_until) for item in persons} == {
        (booking.code, end_of_day(NEXT.day))
    }
    assert (slot_now().remaining, slot_now(NEXT).remaining) == (7, 7)


CHANGES: dict[str, Callable[[Booking], None]] = {
    "cancelled": lambda old: cancel_booking(old, ways_back(old), clock.epoch(), deadline()),
    "moved": lambda old: put_anew(old, moved(old)),
}


@pytest.mark.parametrize("first", CHANGES)
@pytest.mark.parametrize("second", CHANGES)
def test_of_two_changes_to_one_booking_the_second_loses(
    booking: Booking, first: str, second: str
) -> None:
    CHANGES[first](booking)
    kept = stored(booking)
    with pytest.raises(ChangedMeanwhile):
        CHANGES[second](booking)
    assert stored(booking) == kept


def test_new_numbers_that_were_given_back_leave_the_booking_where_it_is(booking: Booking) -> None:
    new = moved(booking)
    give_back(NEXT, new.numbers, deadline())
    with pytest.raises(NumbersGone):
        put_anew(booking, new)
    assert stored(booking) == booking
    assert len(day_tickets("kotabumi", TUESDAY, deadline())) == 3


def test_a_booking_that_changed_says_so_even_if_the_numbers_are_gone_too(booking: Booking) -> None:
    new = moved(booking)
    give_back(NEXT, new.numbers, deadline())
    cancel_booking(booking, ways_back(booking), clock.epoch(), deadline())
    with pytest.raises(ChangedMeanwhile):
        put_anew(booking, new)
