"""What the holder of a booking's token may do: read it, cancel it, move it once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.domain.errors import (
    ChangedMeanwhile,
    InvalidRequest,
    NoPlaces,
    NotChangeable,
    NotFound,
    NotSignedIn,
    OfficeNotOpen,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import SlotRef
from antrean.domain.tickets import BookingStatus, Move
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.office import put_office
from antrean.store.items.returned_place import due_returns
from antrean.store.items.ticket import day_tickets, live
from antrean.store.writes.give_back import give_back
from antrean.store.writes.look import look
from tests.support.people import TUESDAY, ZONES, a_request, people
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline
from tests.unit.booking.between_calls import meanwhile

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def office(world: World) -> Office:
    """Kotabumi: 20 places a day, in windows of 4, 4, 3, 3, 3 and 3."""
    return world.has_office(open_days=3, reoffer_after=(300, 3_600))


@pytest.fixture
def couple_booked(office: Office) -> Booked:
    """A couple's booking on Tuesday at 08:00."""
    return book(a_request(1, *people(2), start="0800"), deadline())


def opened(couple_booked: Booked) -> OpenedBooking:
    """The booking as it is now, in its holder's hand."""
    return open_booking(couple_booked.booking.code, couple_booked.token, deadline())


def moved(
    couple_booked: Booked, day: date = WEDNESDAY, start: str | None = "0900", **more: Any
) -> OpenedBooking:
    overflow = more.pop("overflow", Overflow.NONE)
    return reschedule_booking(
        more.pop("held", None) or opened(couple_booked), day, start, overflow, deadline()
    )


def remaining(ref: SlotRef) -> int:
    return slot_now(ref).remaining


# Opening


def test_the_token_opens_its_booking(couple_booked: Booked) -> None:
    assert opened(couple_booked) == couple_booked.opened


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code[:3]}-{code[3:]} "])
def test_a_code_is_read_as_people_type_it(
    couple_booked: Booked, typed: Callable[[str], str]
) -> None:
    assert (
        open_booking(typed(couple_booked.booking.code), couple_booked.token, deadline()).booking
        == couple_booked.booking
    )


def test_without_a_token_nothing_is_said(couple_booked: Booked) -> None:
    with pytest.raises(NotSignedIn):
        open_booking(couple_booked.booking.code, "", deadline())


def test_a_wrong_token_and_an_unknown_code_are_told_alike(couple_booked: Booked) -> None:
    refusals = set()
    for code, token in (
        (couple_booked.booking.code, couple_booked.token[:-1] + "!"),
        (couple_booked.booking.code, couple_booked.token.swapcase()),
        (couple_booked.booking.code, couple_booked.booking.token_digest),
        (couple_booked.booking.code, "\ud800"),
        ("0000000000", couple_booked.token),
    ):
        with pytest.raises(NotFound) as refused:
            open_booking(code, token, deadline())
        refusals.add((refused.value.detail, str(refused.value.members)))
    assert len(refusals) == 1


def test_what_is_no_code_is_not_looked_up_nor_repeated(couple_booked: Booked, world: World) -> None:
    world.client.log.clear()
    with pytest.raises(NotFound) as refused:
        open_booking("3171011705900001", couple_booked.token, deadline())
    assert "3171011705900001" not in refused.value.detail
    assert world.client.log == []


def test_the_token_of_one_booking_does_not_open_another(couple_booked: Booked) -> None:
    other = book(a_request(2, *people(1, first=7)), deadline())
    with pytest.raises(NotFound):
        open_booking(couple_booked.booking.code, other.token, deadline())


# Cancelling


def test_cancelling_frees_the_people_and_sends_the_places_on_their_way(
    couple_booked: Booked, world: World
) -> None:
    cancelled = cancel_booking(opened(couple_booked), deadline()).booking
    assert cancelled.status is BookingStatus.CANCELLED
    assert get_booking(couple_booked.booking.code, deadline()) == cancelled
    assert look("", couple_booked.booking.people, None, deadline()).persons == {}
    assert live(day_tickets("kotabumi", TUESDAY, deadline())) == []
    assert remaining(couple_booked.booking.ref) == 2, "not on offer yet"
    waits = [
        place.due - clock.epoch() for place in due_returns(clock.epoch() + 9_999, 9, deadline())
    ]
    assert len(waits) == 2
    assert all(300 <= wait <= 3_600 for wait in waits)


def test_places_are_offered_again_at_once_where_the_office_says_so(
    office: Office, world: World
) -> None:
    put_office(replace(office, reoffer_after=(0, 0)), deadline())
    made = book(a_request(1), deadline())
    cancel_booking(opened(made), deadline())
    assert len(due_returns(clock.epoch(), 9, deadline())) == 1


def test_cancelling_twice_is_cancelling_once(couple_booked: Booked, world: World) -> None:
    first = cancel_booking(opened(couple_booked), deadline())
    world.time.forward(minutes=1)
    world.client.log.clear()
    assert cancel_booking(opened(couple_booked), deadline()).booking == first.booking
    assert sum(call.writes for call in world.client.log) == 0


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("seconds", "too_late"), [(-1, False), (0, True)])
def test_a_booking_can_be_cancelled_until_its_window_begins(
    world: World, zone: str, seconds: int, *, too_late: bool
) -> None:
    office = world.has_office(timezone=zone, open_days=3)
    made = book(a_request(1), deadline())
    world.time.set(office.instant(TUESDAY, "0800") + timedelta(seconds=seconds))
    if too_late:
        with pytest.raises(NotChangeable) as refused:
            cancel_booking(opened(made), deadline())
        assert refused.value.members == {"reason": "too_late"}
        assert get_booking(made.booking.code, deadline()) == made.booking
    else:
        assert cancel_booking(opened(made), deadline()).booking.status is BookingStatus.CANCELLED


def test_a_cancelled_booking_stays_cancelled_after_its_window_began(
    couple_booked: Booked, world: World
) -> None:
    cancel_booking(opened(couple_booked), deadline())
    world.time.forward(days=2)
    assert (
        cancel_booking(opened(couple_booked), deadline()).booking.status is BookingStatus.CANCELLED
    )


def test_a_booking_can_be_cancelled_where_the_office_is_suspended(
    office: Office, couple_booked: Booked
) -> None:
    put_office(replace(office, status=OfficeStatus.SUSPENDED), deadline())
    forget()
    assert (
        cancel_booking(opened(couple_booked), deadline()).booking.status is BookingStatus.CANCELLED
    )


def test_two_cancellations_at_once_are_one(couple_booked: Booked, world: World) -> None:
    first_opened = opened(couple_booked)
    with meanwhile(
        world.client, "TransactWriteItems", lambda: cancel_booking(first_opened, deadline())
    ):
        second = cancel_booking(first_opened, deadline())
    assert second.booking.status is BookingStatus.CANCELLED
    assert len(due_returns(clock.epoch() + 9_999, 9, deadline())) == 2


def test_a_cancellation_that_loses_to_a_move_is_told_where_the_booking_stands(
    couple_booked: Booked, world: World
) -> None:
    first_opened = opened(couple_booked)
    with (
        meanwhile(world.client, "TransactWriteItems", lambda: moved(couple_booked)),
        pytest.raises(ChangedMeanwhile) as lost,
    ):
        cancel_booking(first_opened, deadline())
    assert lost.value.members["current"] == {
        "status": "booked",
        "date": "2026-11-25",
        "window": "09:00",
    }


# Moving


def test_a_booking_moves_whole_and_keeps_its_code_and_token(couple_booked: Booked) -> None:
    booking = moved(couple_booked).booking
    assert (booking.ref.day, booking.ref.start, booking.numbers) == (WEDNESDAY, "0900", (1, 2))
    assert booking.move == Move(TUESDAY, "0800", "asked", "applicant")
    assert opened(couple_booked).booking == booking
    assert (booking.names, booking.people) == (
        couple_booked.booking.names,
        couple_booked.booking.people,
    )
    assert live(day_tickets("kotabumi", TUESDAY, deadline())) == []
    moved_tickets = day_tickets("kotabumi", WEDNESDAY, deadline())
    assert [ticket.applicant for ticket in moved_tickets] == list(people(2))
    assert len(due_returns(clock.epoch() + 9_999, 9, deadline())) == 2


def test_a_repeated_move_gets_the_booking_as_it_stands(couple_booked: Booked, world: World) -> None:
    first = moved(couple_booked)
    world.client.log.clear()
    assert moved(couple_booked).booking == first.booking
    assert sum(call.writes for call in world.client.log) == 0


def test_a_booking_moves_once(couple_booked: Booked) -> None:
    moved(couple_booked)
    for day, start in ((WEDNESDAY, "1000"), (TUESDAY, "0800"), (WEDNESDAY, None)):
        with pytest.raises(NotChangeable) as refused:
            moved(couple_booked, day, start)
        assert refused.value.members == {"reason": "moved_before"}
    assert opened(couple_booked).changeable_until is None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("seconds", "too_late"), [(-1, False), (0, True)])
def test_a_booking_moves_until_the_day_before(
    world: World, zone: str, seconds: int, *, too_late: bool
) -> None:
    office = world.has_office(timezone=zone, open_days=4)
    made = book(a_request(1), deadline())
    until = office.instant(TUESDAY, "0000")
    world.time.set(until + timedelta(seconds=seconds))
    assert opened(made).changeable_until == (None if too_late else until)
    if too_late:
        with pytest.raises(NotChangeable) as refused:
            moved(made)
        assert refused.value.members == {"reason": "too_late"}
    else:
        assert moved(made).booking.ref.day == WEDNESDAY


def test_a_booking_can_move_to_an_earlier_date_that_is_not_past(couple_booked: Booked) -> None:
    later = book(a_request(2, *people(1, first=7), day=WEDNESDAY), deadline())
    assert moved(later, TUESDAY, "1300").booking.ref.day == TUESDAY


def test_a_date_that_passed_is_refused_by_its_field(couple_booked: Booked) -> None:
    with pytest.raises(InvalidRequest) as refused:
        moved(couple_booked, TUESDAY - timedelta(days=2))
    assert [problem.pointer for problem in refused.value.problems] == ["/date"]


def test_a_move_to_where_the_booking_stands_is_refused(couple_booked: Booked) -> None:
    with pytest.raises(NotChangeable) as refused:
        moved(couple_booked, TUESDAY, "0800")
    assert refused.value.members == {"reason": "same_window"}


def test_any_window_of_its_own_day_is_another_window(couple_booked: Booked) -> None:
    booking = moved(couple_booked, TUESDAY, None).booking
    assert (booking.ref.day, booking.ref.start) == (TUESDAY, "0900")


def test_a_cancelled_booking_does_not_move(couple_booked: Booked) -> None:
    cancel_booking(opened(couple_booked), deadline())
    assert opened(couple_booked).changeable_until is None
    with pytest.raises(NotChangeable) as refused:
        moved(couple_booked)
    assert refused.value.members == {"reason": "cancelled"}


def test_a_booking_does_not_move_where_the_office_is_not_open(
    office: Office, couple_booked: Booked
) -> None:
    put_office(replace(office, status=OfficeStatus.SUSPENDED, status_reason="Banjir"), deadline())
    forget()
    with pytest.raises(OfficeNotOpen) as refused:
        moved(couple_booked)
    assert refused.value.members == {"office_status": "suspended", "reason": "Banjir"}
    assert opened(couple_booked).changeable_until is None


def fill(day: date, start: str, places: int) -> None:
    for number in range(100, 100 + places):
        book(a_request(number, day=day, start=start), deadline())


def test_without_room_the_booking_stays_where_it_is(couple_booked: Booked) -> None:
    fill(WEDNESDAY, "0900", 3)
    with pytest.raises(NoPlaces) as refused:
        moved(couple_booked)
    assert refused.value.members["state"] == "full"
    assert opened(couple_booked).booking == couple_booked.booking


def test_a_move_overflows_as_far_as_the_applicant_says(couple_booked: Booked) -> None:
    fill(WEDNESDAY, "0900", 3)
    booking = moved(couple_booked, overflow=Overflow.SAME_DATE).booking
    assert (booking.ref.day, booking.ref.start) == (WEDNESDAY, "0800")
    assert booking.move == Move(WEDNESDAY, "0900", "full", "overflow")
    assert moved(couple_booked, overflow=Overflow.SAME_DATE).booking == booking


def test_a_move_that_loses_to_a_cancellation_gives_its_new_places_back(
    couple_booked: Booked, world: World
) -> None:
    first_opened = opened(couple_booked)
    with (
        meanwhile(
            world.client, "TransactWriteItems", lambda: cancel_booking(first_opened, deadline())
        ),
        pytest.raises(ChangedMeanwhile) as lost,
    ):
        moved(couple_booked, opened=first_opened)
    assert lost.value.members["current"] == {
        "status": "cancelled",
        "date": "2026-11-24",
        "window": "08:00",
    }
    assert remaining(SlotRef("kotabumi", WEDNESDAY, couple_booked.booking.lane, "0900")) == 4


def test_a_booking_cancelled_before_its_people_are_read_is_told_as_it_is(
    couple_booked: Booked, world: World
) -> None:
    first_opened = opened(couple_booked)
    with (
        meanwhile(world.client, "Query", lambda: cancel_booking(first_opened, deadline())),
        pytest.raises(ChangedMeanwhile) as lost,
    ):
        moved(couple_booked, opened=first_opened)
    assert lost.value.members["current"]["status"] == "cancelled"  # type: ignore[index]


def test_two_equal_moves_at_once_are_one(couple_booked: Booked, world: World) -> None:
    first_opened = opened(couple_booked)
    with meanwhile(
        world.client, "TransactWriteItems", lambda: moved(couple_booked, opened=first_opened)
    ):
        second = moved(couple_booked, opened=first_opened)
    assert second.booking == opened(couple_booked).booking
    assert remaining(second.booking.ref) == 2, "the second's numbers came back"


def test_numbers_that_the_sweeper_took_back_are_replaced(
    couple_booked: Booked, world: World
) -> None:
    to = SlotRef("kotabumi", WEDNESDAY, couple_booked.booking.lane, "0900")
    with meanwhile(world.client, "TransactWriteItems", lambda: give_back(to, [1, 2], deadline())):
        booking = moved(couple_booked).booking
    assert (booking.ref, booking.numbers) == (to, (3, 4))
    assert remaining(to) == 2


def test_the_person_is_bound_to_the_end_of_the_new_date(
    couple_booked: Booked, office: Office
) -> None:
    moved(couple_booked)
    end = office.instant(WEDNESDAY + timedelta(days=1), "0000").timestamp()
    persons = look("", couple_booked.booking.people, None, deadline()).persons.values()
    assert {item.live_until for item in persons} == {end}
