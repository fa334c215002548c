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
from tests.unit.counter.office_day import (
    NO_SHOW,
    SERVED,
    STAFF,
    audit_log,
    called_label,
    clock_at,
    next_called,
    outcome_noted,
    party_booked,
    party_checked_in,
)


@pytest.fixture
def office(world: World) -> Office:
    return world.has_office(open_days=3)


def waiting(office: Office) -> list[str]:
    board = read_board(office.office_id, TUESDAY, deadline())
    return [waiting.number.label for waiting in board.waiting]


def test_a_family_is_checked_in_by_its_code_as_typed_or_scanned(
    world: World, office: Office
) -> None:
    first, second = party_booked(1, party=2), party_booked(2)
    clock_at(world, office, "0745")
    scanned = check_in(office, Arrival(f"ANTREAN:{first.code}"), STAFF, deadline())
    typed = f"{second.code[:5].lower()}-{second.code[5:]}"
    check_in(office, Arrival(typed), STAFF, deadline())
    assert [ticket.label for ticket in scanned.tickets] == ["R0800-001", "R0800-002"]
    assert {ticket.status for ticket in scanned.tickets} == {TicketStatus.CHECKED_IN}
    assert waiting(office) == ["R0800-001", "R0800-002", "R0800-003"]
    assert audit_log(office) == []


def test_a_repeat_changes_nothing_and_is_told_the_same(world: World, office: Office) -> None:
    booking = party_booked(1, party=2)
    clock_at(world, office, "0800")
    first = party_checked_in(office, booking)
    board = read_board(office.office_id, TUESDAY, deadline())
    clock_at(world, office, "0805")
    assert party_checked_in(office, booking) == first
    assert read_board(office.office_id, TUESDAY, deadline()) == board
    next_called(office, "1", "a")
    again = party_checked_in(office, booking)
    assert [ticket.status for ticket in again.tickets] == ["called", "checked_in"]


def test_a_part_of_a_family_may_come_first(world: World, office: Office) -> None:
    booking = party_booked(1, party=3)
    clock_at(world, office, "0800")
    party_checked_in(office, booking, "r0800 002")
    assert waiting(office) == ["R0800-002"]
    party_checked_in(office, booking)
    assert waiting(office) == ["R0800-001", "R0800-002", "R0800-003"]
    with pytest.raises(InvalidRequest) as refused:
        party_checked_in(office, booking, "R0800-001", "R0800-004")
    assert refused.value.problems[0].pointer == "/labels/1"


def test_those_on_time_go_by_window_and_number_and_latecomers_by_when_they_came(
    world: World, office: Office
) -> None:
    one, two, three, four = (
        party_booked(1),
        party_booked(2),
        party_booked(3, "0900"),
        party_booked(4, "1000"),
    )
    clock_at(world, office, "0815")
    party_checked_in(office, three)
    party_checked_in(office, two)
    clock_at(world, office, "0910")
    party_checked_in(office, one)  # its window is over, its grace is not
    party_checked_in(office, four)
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
    booking = party_booked(1)
    clock_at(world, office, hhmm)
    with pytest.raises(refusal) as refused:
        party_checked_in(office, booking)
    assert refused.value.members == members


def test_a_wrong_day_office_or_code_and_a_cancelled_booking_each_have_their_own_refusal(
    world: World, office: Office
) -> None:
    booking, other = party_booked(1), world.has_office(office_id="metro", open_days=3)
    made = book(a_request(2, start="0800"), deadline())
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    with pytest.raises(WrongDay) as wrong_day:
        party_checked_in(office, booking)
    assert wrong_day.value.members == {"date": "2026-11-24"}
    clock_at(world, office, "0800")
    with pytest.raises(WrongOffice) as wrong_office:
        party_checked_in(other, booking)
    assert wrong_office.value.members == {"office_id": "kotabumi", "name": office.name}
    with pytest.raises(BookingCancelled):
        party_checked_in(office, made.booking)
    for code in ("0000000000", "what is this?"):
        with pytest.raises(NotFound):
            check_in(office, Arrival(code), STAFF, deadline())


def test_a_latecomer_is_let_in_on_the_record_and_begins_anew(world: World, office: Office) -> None:
    booking = party_booked(1, party=2)
    clock_at(world, office, "0800")
    party_checked_in(office, booking, "R0800-001")
    clock_at(world, office, "0810")
    next_called(office, "1", "a")
    outcome_noted(office, "R0800-001", NO_SHOW)
    with pytest.raises(TooLate):
        party_checked_in(office, booking, "R0800-001")
    assert [ticket.label for ticket in party_checked_in(office, booking).tickets] == ["R0800-002"]
    clock_at(world, office, "1030")
    party_checked_in(office, booking, "R0800-001", late=True)
    assert audit_log(office) == ["let in late 2026-11-24"]
    lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
    assert (lane.checked_in, lane.called, lane.no_show, lane.wait_seconds) == (2, 0, 0, 0)
    assert called_label(next_called(office, "1", "b")) == "R0800-002"
    outcome_noted(office, "R0800-002", SERVED)
    assert called_label(next_called(office, "1", "c")) == "R0800-001"


def test_who_is_checked_in_may_cancel_before_the_window_and_waits_no_longer(
    world: World, office: Office
) -> None:
    made = book(a_request(1, person(1), person(2), start="0800"), deadline())
    clock_at(world, office, "0730")
    party_checked_in(office, made.booking, "R0800-002")
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    assert waiting(office) == []
    assert read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR).checked_in == 0


def test_who_was_called_before_the_window_cannot_cancel(world: World, office: Office) -> None:
    made = book(a_request(1, person(1), person(2), start="0800"), deadline())
    clock_at(world, office, "0730")
    party_checked_in(office, made.booking, "R0800-002")
    next_called(office, "1", "a")
    with pytest.raises(AntreanError) as refused:
        cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    assert refused.value.members == {"reason": "too_late"}
