"""File: a party's tickets, persons and booking, all or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from antrean.domain.tickets import Applicant, Booking, TicketStatus
from antrean.runtime import clock
from antrean.store.items.booking import get_booking
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.file_booking import CodeTaken, NumbersGone, PersonsTaken, file_booking
from antrean.store.writes.give_back import give_back
from antrean.store.writes.look import look
from tests.support.people import TUESDAY, person
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_party,
    a_slot,
    booking_filed,
    end_of_day,
    places_claimed,
    slots_opened,
)

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _slots(world: World) -> None:
    slots_opened(a_slot(), a_slot(REF._replace(day=WEDNESDAY)))


def refused(booking: Booking) -> Exception:
    """Why a booking cannot be filed; nothing of it is there afterwards."""
    before = there(booking)
    with pytest.raises((CodeTaken, NumbersGone, PersonsTaken)) as told:
        booking_filed(booking)
    assert there(booking) == before
    return told.value


def there(booking: Booking) -> tuple[object, ...]:
    """All that filing a booking may touch."""
    looked = look(booking.code, booking.people, None, deadline())
    live_until = {person: item.live_until for person, item in looked.persons.items()}
    tickets = [day_tickets("kotabumi", day, deadline()) for day in (TUESDAY, WEDNESDAY)]
    return looked.booking, live_until, tickets


def test_a_filed_booking_is_there_with_all_its_tickets_and_persons(world: World) -> None:
    booking = booking_filed(a_booking(places_claimed(3).numbers))
    assert get_booking(booking.code, deadline()) == booking
    tickets = day_tickets("kotabumi", TUESDAY, deadline())
    assert [(ticket.number, ticket.person) for ticket in tickets] == list(
        zip(booking.numbers, booking.people, strict=True)
    )
    assert [ticket.applicant for ticket in tickets] == list(a_party(3))
    assert {ticket.status for ticket in tickets} == {TicketStatus.LIVE}
    persons = look("", booking.people, None, deadline()).persons
    assert {(person.code, person.live_until) for person in persons.values()} == {
        (booking.code, end_of_day(TUESDAY))
    }


def test_a_ticket_keeps_all_that_the_officer_needs(world: World) -> None:
    party = [replace(person(1), ground="pregnant", guardian_name="Ibu", note="periksa")]
    booking = a_booking(places_claimed().numbers)
    file_booking(booking, party, clock.epoch(), end_of_day(TUESDAY), deadline())
    assert [ticket.applicant for ticket in day_tickets("kotabumi", TUESDAY, deadline())] == party


def test_one_transaction_files_all(world: World) -> None:
    booking = a_booking(places_claimed(5).numbers)
    world.client.log.clear()
    booking_filed(booking)
    assert [request.operation for request in world.client.log] == ["TransactWriteItems"]


def test_personal_data_is_marked_for_deletion(world: World) -> None:
    booking_filed(a_booking(places_claimed(2).numbers))
    kept = {
        item["pk"]["S"].partition("#")[0]: int(item["expires_at"]["N"])
        for item in world.client.items("antrean")
        if "expires_at" in item
    }
    assert set(kept) == {"BOOKING", "DAY", "PERSON"}
    assert kept["BOOKING"] == kept["DAY"] > kept["PERSON"] == end_of_day(TUESDAY)


def test_a_code_that_has_a_booking_is_not_filed_again(world: World) -> None:
    booking_filed(a_booking(places_claimed().numbers))
    again = a_booking(places_claimed().numbers, people=("OTHER",))
    assert isinstance(refused(again), CodeTaken)
    give_back(REF, again.numbers, deadline())


def test_numbers_that_were_given_back_cannot_be_filed(world: World) -> None:
    booking = a_booking(places_claimed(3).numbers)
    give_back(REF, [2], deadline())
    assert isinstance(refused(booking), NumbersGone)
    give_back(REF, [1, 3], deadline())


def test_persons_with_live_tickets_are_named_by_their_place(world: World) -> None:
    first = booking_filed(a_booking(places_claimed(2).numbers))
    ref = REF._replace(day=WEDNESDAY)
    second = a_booking(
        places_claimed(3, ref).numbers,
        code="0000000000",
        ref=ref,
        people=("NEW", first.people[1], first.people[0]),
    )
    told = refused(second)
    assert isinstance(told, PersonsTaken)
    assert told.indexes == (1, 2)
    give_back(ref, second.numbers, deadline())


def test_the_code_says_more_than_the_numbers_and_these_more_than_the_persons(
    world: World,
) -> None:
    first = booking_filed(a_booking(places_claimed().numbers))
    taken = places_claimed().numbers
    give_back(REF, taken, deadline())
    assert isinstance(refused(a_booking(taken, code=first.code)), CodeTaken)
    assert isinstance(refused(a_booking(taken, code="0000000000")), NumbersGone)


@pytest.mark.parametrize(("seconds_after", "free"), [(-1, False), (0, True)])
def test_a_person_is_free_when_the_day_of_their_ticket_is_over(
    world: World, seconds_after: int, *, free: bool
) -> None:
    first = booking_filed(a_booking(places_claimed().numbers))
    ref = REF._replace(day=WEDNESDAY)
    numbers = places_claimed(1, ref).numbers
    world.time.forward(seconds=end_of_day(TUESDAY) - world.time.seconds() + seconds_after)
    second = a_booking(numbers, code="0000000000", ref=ref, people=first.people)
    if free:
        booking_filed(second)
    else:
        assert isinstance(refused(second), PersonsTaken)
        give_back(ref, numbers, deadline())


def test_a_party_and_its_numbers_are_of_one_length(world: World) -> None:
    booking = a_booking(places_claimed(2).numbers)
    short: list[Applicant] = list(a_party(1))
    with pytest.raises(ValueError, match="zip"):
        file_booking(booking, short, clock.epoch(), end_of_day(TUESDAY), deadline())
