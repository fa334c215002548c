"""Check-in: who may, when, and in which place of the order."""

import pytest

from antrean.booking.book import book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.counter.check_in import Arrival, check_in
from antrean.domain.errors import (
    AntreanError,
    BookingCancelled,
    InvalidRequest,
    NotFound,
    TooEarly,
    TooLate,
    WrongDay,
    WrongOffice,
)
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import TicketStatus
from antrean.store.items.board import read_board
from tests.support.people import TUESDAY, a_request, person
from tests.support.worlds import World, deadline
from tests.unit.counter.working import (
    NO_SHOW,
    SERVED,
    STAFF,
    at,
    becomes,
    booked,
    comes,
    label,
    on_record,
    presses,
)


@pytest.fixture
def office(world: World) -> Office:
    return world.has(days=3)


def waiting(office: Office) -> list[str]:
    board = read_board(office.office_id, TUESDAY, deadline())
    return [waiting.number.label for waiting in board.waiting]


def test_a_family_is_checked_in_by_its_code_as_typed_or_scanned(
    world: World, office: Office
) -> None:
    first, second = booked(1, party=2), booked(2)
    at(world, office, "0745")
    scanned = check_in(office, Arrival(f"ANTREAN:{first.code}"), STAFF, deadline())
    typed = f"{second.code[:5].lower()}-{second.code[5:]}"
    check_in(office, Arrival(typed), STAFF, deadline())
    assert [ticket.label for ticket in scanned.tickets] == ["R0800-001", "R0800-002"]
    assert {ticket.status for ticket in scanned.tickets} == {TicketStatus.CHECKED_IN}
    assert waiting(office) == ["R0800-001", "R0800-002", "R0800-003"]
    assert on_record(office) == []


def test_a_repeat_changes_nothing_and_is_told_the_same(world: World, office: Office) -> None:
    booking = booked(1, party=2)
    at(world, office, "0800")
    first = comes(office, booking)
    board = read_board(office.office_id, TUESDAY, deadline())
    at(world, office, "0805")
    assert comes(office, booking) == first
    assert read_board(office.office_id, TUESDAY, deadline()) == board
    presses(office, "1", "a")
    again = comes(office, booking)
    assert [ticket.status for ticket in again.tickets] == ["called", "checked_in"]


def test_a_part_of_a_family_may_come_first(world: World, office: Office) -> None:
    booking = booked(1, party=3)
    at(world, office, "0800")
    comes(office, booking, "r0800 002")
    assert waiting(office) == ["R0800-002"]
    comes(office, booking)
    assert waiting(office) == ["R0800-001", "R0800-002", "R0800-003"]
    with pytest.raises(InvalidRequest) as refused:
        comes(office, booking, "R0800-001", "R0800-004")
    assert refused.value.problems[0].pointer == "/labels/1"


def test_those_on_time_go_by_window_and_number_and_latecomers_by_when_they_came(
    world: World, office: Office
) -> None:
    one, two, three, four = booked(1), booked(2), booked(3, "0900"), booked(4, "1000")
    at(world, office, "0815")
    comes(office, three)
    comes(office, two)
    at(world, office, "0910")
    comes(office, one)  # its window is over, its grace is not
    comes(office, four)
    assert waiting(office) == ["R0800-002", "R0900-001", "R0800-001", "R1000-001"]


@pytest.mark.parametrize(
    ("hhmm", "refusal", "members"),
    [
        ("0659", TooEarly, {"opens_at": "2026-11-24T07:00:00+07:00", "window": "08:00"}),
        ("1000", TooLate, {"labels": ["R0800-001"]}),
    ],
)
def test_each_time_has_its_own_refusal(
    world: World, office: Office, hhmm: str, refusal: type[AntreanError], members: object
) -> None:
    booking = booked(1)
    at(world, office, hhmm)
    with pytest.raises(refusal) as refused:
        comes(office, booking)
    assert refused.value.members == members


def test_a_wrong_day_office_or_code_and_a_cancelled_booking_each_have_their_own_refusal(
    world: World, office: Office
) -> None:
    booking, other = booked(1), world.has(office_id="metro", days=3)
    made = book(a_request(2, start="0800"), deadline())
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    with pytest.raises(WrongDay) as wrong_day:
        comes(office, booking)
    assert wrong_day.value.members == {"date": "2026-11-24"}
    at(world, office, "0800")
    with pytest.raises(WrongOffice) as wrong_office:
        comes(other, booking)
    assert wrong_office.value.members == {"office_id": "kotabumi", "name": office.name}
    with pytest.raises(BookingCancelled):
        comes(office, made.booking)
    for code in ("0000000000", "what is this?"):
        with pytest.raises(NotFound):
            check_in(office, Arrival(code), STAFF, deadline())


def test_a_latecomer_is_let_in_on_the_record_and_begins_anew(world: World, office: Office) -> None:
    booking = booked(1, party=2)
    at(world, office, "0800")
    comes(office, booking, "R0800-001")
    at(world, office, "0810")
    presses(office, "1", "a")
    becomes(office, "R0800-001", NO_SHOW)
    with pytest.raises(TooLate):
        comes(office, booking, "R0800-001")
    assert [ticket.label for ticket in comes(office, booking).tickets] == ["R0800-002"]
    at(world, office, "1030")
    comes(office, booking, "R0800-001", late=True)
    assert on_record(office) == ["let in late 2026-11-24"]
    lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
    assert (lane.checked_in, lane.called, lane.no_show, lane.wait_seconds) == (2, 0, 0, 0)
    assert label(presses(office, "1", "b")) == "R0800-002"
    becomes(office, "R0800-002", SERVED)
    assert label(presses(office, "1", "c")) == "R0800-001"


def test_who_is_checked_in_may_cancel_before_the_window_and_waits_no_longer(
    world: World, office: Office
) -> None:
    made = book(a_request(1, person(1), person(2), start="0800"), deadline())
    at(world, office, "0730")
    comes(office, made.booking, "R0800-002")
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    assert waiting(office) == []
    assert read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR).checked_in == 0


def test_who_was_called_before_the_window_cannot_cancel(world: World, office: Office) -> None:
    made = book(a_request(1, person(1), person(2), start="0800"), deadline())
    at(world, office, "0730")
    comes(office, made.booking, "R0800-002")
    presses(office, "1", "a")
    with pytest.raises(AntreanError) as refused:
        cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    assert refused.value.members == {"reason": "too_late"}
