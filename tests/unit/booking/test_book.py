"""Booking: look, claim, file."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, BookingRequest, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.domain.errors import (
    AlreadyBooked,
    AntreanError,
    InvalidRequest,
    KeyReused,
    NoPlaces,
    NotFound,
    OfficeNotOpen,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane
from antrean.domain.tickets import Contact
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.office import put_office
from antrean.store.items.slot import slots_between
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.give_back import give_back
from antrean.store.writes.look import look
from tests.support.people import PHONE, TUESDAY, ZONES, a_request, an_office, people, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline
from tests.unit.booking.between_calls import meanwhile

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def office(world: World) -> Office:
    """Kotabumi: 20 places a day, in windows of 4, 4, 3, 3, 3 and 3."""
    return world.has_office(open_days=3)


def booked(request: BookingRequest) -> Booked:
    return book(request, deadline())


def refused[E: AntreanError](request: BookingRequest, kind: type[E]) -> E:
    """Why a request is refused; it leaves no place taken."""
    before = places_left()
    with pytest.raises(kind) as refusal:
        book(request, deadline())
    assert places_left() == before
    return refusal.value


def places_left(office_id: str = "kotabumi") -> int:
    slots = slots_between(office_id, TUESDAY, TUESDAY + timedelta(days=60), deadline())
    return sum(slot.remaining for slot in slots)


def test_a_person_gets_the_first_number_of_the_first_window(office: Office) -> None:
    made = booked(a_request(1))
    assert made.created
    booking = made.booking
    assert (booking.ref.day, booking.ref.start, booking.end) == (TUESDAY, "0800", "0900")
    assert (booking.numbers, booking.names) == ((1,), (person(1).name,))
    assert (booking.move, booking.requested_date, booking.requested_start) == (None, TUESDAY, None)
    assert get_booking(booking.code, deadline()) == booking


def test_the_next_person_gets_the_next_number(office: Office) -> None:
    assert [booked(a_request(number)).booking.numbers for number in (1, 2, 3)] == [(1,), (2,), (3,)]


def test_who_names_a_window_gets_it(office: Office) -> None:
    booking = booked(a_request(1, start="1300")).booking
    assert (booking.ref.start, booking.requested_start, booking.move) == ("1300", "1300", None)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_family_gets_consecutive_numbers_in_its_order(office: Office, size: int) -> None:
    booked(a_request(9))
    family = people(size)
    booking = booked(a_request(1, *family)).booking
    assert booking.numbers == tuple(range(2, 2 + size))
    tickets = day_tickets("kotabumi", TUESDAY, deadline())[1:]
    assert [ticket.applicant for ticket in tickets] == list(family)


def test_a_booking_is_three_round_trips_and_seven_write_units(office: Office, world: World) -> None:
    world.client.log.clear()
    booked(a_request(1))
    assert [call.operation for call in world.client.log] == [
        "BatchGetItem",
        "UpdateItem",
        "TransactWriteItems",
    ]
    assert sum(call.writes for call in world.client.log) == 7


# The same request again


def test_a_repeat_gets_the_booking_of_the_first_and_writes_nothing(
    office: Office, world: World
) -> None:
    first = booked(a_request(1))
    forget()
    world.client.log.clear()
    again = booked(a_request(1))
    assert again == replace(first, created=False)
    calls = [(call.operation, call.writes) for call in world.client.log]
    assert calls == [("BatchGetItem", 0), ("GetItem", 0)], "the slot: whether its day still stands"
    booked(a_request(1))
    assert len(world.client.log) == 3, "read once for all who repeat within some seconds"


def test_a_repeat_is_answered_whatever_became_of_the_office_and_the_date(
    office: Office, world: World
) -> None:
    first = booked(a_request(1))
    put_office(replace(office, status=OfficeStatus.SUSPENDED), deadline())
    world.time.forward(days=40)
    assert booked(a_request(1)).booking == first.booking


def test_a_repeat_after_cancelling_gets_the_cancelled_booking(office: Office) -> None:
    first = booked(a_request(1))
    cancelled = cancel_booking(
        open_booking(first.booking.code, first.token, deadline()), deadline()
    )
    assert booked(a_request(1)) == Booked(cancelled, first.token, created=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": WEDNESDAY},
        {"start": "0800"},
        {"lane": Lane.PRIORITY},
        {"overflow": Overflow.NONE},
        {"party": people(2)},
        {"party": (replace(person(1), name="Another"),)},
        {"party": (replace(person(1), birth_date=date(1990, 1, 1)),)},
        {"party": (replace(person(1), guardian_name="Ibu"),)},
        {"contact": Contact("+6281111111111")},
        {"contact": Contact(PHONE, "a@example.org")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_same_key_with_another_request_is_refused(
    office: Office, changes: dict[str, Any]
) -> None:
    booked(a_request(1))
    refused(a_request(1, **changes), KeyReused)


def test_the_same_key_at_another_office_is_refused(office: Office, world: World) -> None:
    world.has_office(office_id="kalianda", open_days=3)
    booked(a_request(1))
    refused(a_request(1, office_id="kalianda"), KeyReused)


def test_the_order_of_a_family_is_part_of_its_request(office: Office) -> None:
    first, second = people(2)
    booked(a_request(1, first, second))
    refused(a_request(1, second, first), KeyReused)


def test_another_key_makes_another_code_and_token(office: Office) -> None:
    one, two = booked(a_request(1)), booked(a_request(2))
    assert one.booking.code != two.booking.code
    assert one.token != two.token


# The office


@pytest.mark.parametrize("status", [OfficeStatus.PREPARING, OfficeStatus.SUSPENDED])
def test_an_office_that_is_not_open_says_why(world: World, status: OfficeStatus) -> None:
    world.has_office(status=status, status_reason="Belum siap. / Not ready.", open_days=3)
    refusal = refused(a_request(1), OfficeNotOpen)
    assert refusal.members == {"office_status": status, "reason": "Belum siap. / Not ready."}


def test_an_office_that_is_not_there_is_not_repeated(world: World) -> None:
    refusal = refused(a_request(1, office_id="3171011705900001"), NotFound)
    assert "3171011705900001" not in refusal.detail


def test_a_change_of_status_reaches_a_warm_function_after_five_seconds(
    office: Office, world: World
) -> None:
    booked(a_request(1))
    put_office(replace(office, status=OfficeStatus.SUSPENDED), deadline())
    world.time.forward(seconds=4.9)
    booked(a_request(2))
    world.time.forward(seconds=0.1)
    refused(a_request(3), OfficeNotOpen)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("seconds", "passed"), [(-1, False), (0, True)])
def test_a_date_passes_at_the_offices_midnight(
    world: World, zone: str, seconds: int, *, passed: bool
) -> None:
    office = world.has_office(timezone=zone, open_days=3)
    world.time.set(office.instant(WEDNESDAY, "0000") + timedelta(seconds=seconds))
    if passed:
        refusal = refused(a_request(1, overflow=Overflow.NONE), InvalidRequest)
        assert [problem.pointer for problem in refusal.problems] == ["/date"]
    else:
        told_too = refused(a_request(1, overflow=Overflow.NONE), NoPlaces)
        assert told_too.members["state"] == "past"


# One live ticket


def test_a_person_with_a_live_ticket_is_refused_by_their_place_in_the_party(
    office: Office, world: World
) -> None:
    world.has_office(office_id="kalianda", open_days=3)
    booked(a_request(1, *people(2)))
    refusal = refused(a_request(2, person(8), person(2), person(9), person(1)), AlreadyBooked)
    assert [problem.pointer for problem in refusal.members["errors"]] == [  # type: ignore[attr-defined]
        "/applicants/1/nik",
        "/applicants/3/nik",
    ]
    refused(a_request(3, person(1), office_id="kalianda"), AlreadyBooked)


def test_a_person_whose_ticket_is_cancelled_may_book_again(office: Office) -> None:
    first = booked(a_request(1))
    cancel_booking(open_booking(first.booking.code, first.token, deadline()), deadline())
    assert booked(a_request(2, person(1))).created


@pytest.mark.parametrize("zone", ZONES)
def test_a_person_may_book_again_from_the_end_of_their_day(world: World, zone: str) -> None:
    office = world.has_office(timezone=zone, open_days=5)
    booked(a_request(1))
    world.time.set(office.instant(WEDNESDAY, "0000") - timedelta(seconds=1))
    refused(a_request(2, person(1), day=WEDNESDAY), AlreadyBooked)
    world.time.forward(seconds=1)
    assert booked(a_request(2, person(1), day=WEDNESDAY)).created


def test_a_person_who_books_elsewhere_between_look_and_file_holds_one_ticket(
    office: Office, world: World
) -> None:
    world.has_office(office_id="kalianda", open_days=3)
    elsewhere = a_request(2, person(1), office_id="kalianda")
    before = places_left()
    with (
        meanwhile(world.client, "TransactWriteItems", lambda: booked(elsewhere)),
        pytest.raises(AlreadyBooked) as refusal,
    ):
        booked(a_request(1, person(5), person(1)))
    assert [problem.pointer for problem in refusal.value.members["errors"]] == [  # type: ignore[attr-defined]
        "/applicants/1/nik"
    ]
    assert places_left() == before, "the claimed places came back at once"
    assert len(look("", booked(elsewhere).booking.people, None, deadline()).persons) == 1


def test_the_same_request_at_the_same_time_ends_in_one_booking(
    office: Office, world: World
) -> None:
    with meanwhile(world.client, "TransactWriteItems", lambda: booked(a_request(1))):
        second = booked(a_request(1))
    assert not second.created
    assert second.booking.numbers == (2,), "the other was quicker: its numbers count"
    assert len(day_tickets("kotabumi", TUESDAY, deadline())) == 2
    assert slot_now(second.booking.ref).remaining == 3


def test_numbers_the_sweeper_took_back_are_replaced_by_new_ones(
    office: Office, world: World
) -> None:
    first = booked(a_request(9)).booking.ref
    with meanwhile(
        world.client, "TransactWriteItems", lambda: give_back(first, [2, 3], deadline())
    ):
        booking = booked(a_request(1, *people(2))).booking
    assert booking.numbers == (4, 5) or booking.ref != first
    assert len(booking.numbers) == 2


def test_a_booking_holds_no_nik_outside_its_tickets(office: Office, world: World) -> None:
    booked(a_request(1, *people(3)))
    niks = [applicant.nik for applicant in people(3)]
    for item in world.client.items("antrean"):
        shown = [nik for nik in niks if nik in str(item)]
        assert len(shown) == (1 if item["pk"]["S"].startswith("DAY#") else 0)


def test_the_persons_binding_ends_with_the_date_at_the_office(world: World) -> None:
    office = world.has_office(timezone="Asia/Jayapura", open_days=3)
    booking = booked(a_request(1)).booking
    [item] = look("", booking.people, None, deadline()).persons.values()
    assert item.live_until == datetime.fromisoformat("2026-11-25T00:00:00+09:00").timestamp()
    assert office.zone.key == "Asia/Jayapura"


def test_an_office_without_a_lane_has_no_places_there(office: Office) -> None:
    refusal = refused(a_request(1, lane=Lane.EXPRESS), NoPlaces)
    assert refusal.members == {"state": "closed", "next_release": None}


def test_what_an_office_is_called_comes_from_the_table(world: World) -> None:
    world.has_office(an_office(name="Kantor Imigrasi Kelas I"), open_days=3)
    assert booked(a_request(1)).office.name == "Kantor Imigrasi Kelas I"
