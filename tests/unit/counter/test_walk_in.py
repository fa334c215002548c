"""Walk-ins: which place they take, once, and who gets none."""

from dataclasses import replace

import pytest

from antrean.booking.book import book
from antrean.counter.walk_in import Admitted, WalkIn, admit
from antrean.domain.errors import AlreadyBooked, KeyReused, NoPlaces
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef
from antrean.domain.tickets import Contact, TicketStatus
from antrean.handlers.sweep import sweep
from antrean.store.items.board import read_board
from antrean.store.items.office import put_office
from antrean.store.writes.open_slots import open_slots
from tests.support.people import PHONE, TUESDAY, a_request, an_office, key, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline
from tests.unit.counter.office_day import STAFF, audit_log, called_label, clock_at, next_called


def ref(start: str) -> SlotRef:
    return SlotRef("kotabumi", TUESDAY, Lane.REGULAR, start)


@pytest.fixture
def office(world: World) -> Office:
    """Two windows of two places; of each one is kept for walk-ins until it begins."""
    office = an_office()
    put_office(office, deadline())
    for start in ("0800", "0900"):
        until = int(office.instant(TUESDAY, start).timestamp())
        held = (KeptBack(until, 1, KeptFor.WALK_IN),)
        end = f"{int(start[:2]) + 1:02}00"
        open_slots([Slot(ref(start), end, quota=2, remaining=1, kept_back=held)], deadline())
    return office


def comes(office: Office, number: int) -> Admitted:
    walk_in = WalkIn(key(number), Lane.REGULAR, person(number), Contact(PHONE))
    return admit(office, walk_in, STAFF, deadline())


def test_a_walk_in_is_checked_in_with_a_number_of_the_reserve_on_the_record(
    world: World, office: Office
) -> None:
    clock_at(world, office, "0730")
    admitted = comes(office, 1)
    assert admitted.created
    assert (admitted.ticket.label, admitted.ticket.status) == (
        "R0800-001",
        TicketStatus.CHECKED_IN,
    )
    assert admitted.ticket.walk_in
    slot = slot_now(ref("0800"))
    assert (slot.remaining, slot.kept_back) == (1, ())
    lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
    assert (lane.checked_in, lane.walk_ins) == (1, 1)
    assert audit_log(office) == ["admit walk-in 2026-11-24"]
    assert called_label(next_called(office, "1", "a")) == "R0800-001"


def test_a_repeat_is_given_the_same_number_and_another_request_none(
    world: World, office: Office
) -> None:
    clock_at(world, office, "0730")
    first = comes(office, 1)
    assert comes(office, 1) == replace(first, created=False)
    other = WalkIn(key(1), Lane.REGULAR, person(2), Contact(PHONE))
    with pytest.raises(KeyReused):
        admit(office, other, STAFF, deadline())
    with pytest.raises(AlreadyBooked) as refused:
        admit(office, WalkIn(key(2), Lane.REGULAR, person(1), Contact(PHONE)), STAFF, deadline())
    assert "/applicant/nik" in str(refused.value.members)


def test_a_walk_in_never_shares_the_booking_of_a_public_request_or_of_another_office(
    world: World, office: Office
) -> None:
    """Whoever sends the same key: the booking of the one is not a repeat of the other's."""
    clock_at(world, office, "0730")
    booked = book(a_request(1, person(2)), deadline())
    admitted = comes(office, 1)
    assert admitted.created
    assert admitted.booking.code != booked.booking.code
    assert admitted.token != booked.token

    elsewhere = an_office("kalianda")
    held = (KeptBack(int(elsewhere.instant(TUESDAY, "0800").timestamp()), 1, KeptFor.WALK_IN),)
    slot = SlotRef("kalianda", TUESDAY, Lane.REGULAR, "0800")
    put_office(elsewhere, deadline())
    open_slots([Slot(slot, "0900", quota=1, remaining=0, kept_back=held)], deadline())
    walk_in = WalkIn(key(1), Lane.REGULAR, person(3), Contact(PHONE))
    admitted_there = admit(elsewhere, walk_in, STAFF, deadline())
    assert admitted_there.created
    assert admitted_there.booking.code != admitted.booking.code


def test_the_reserve_goes_first_then_what_is_left_of_the_windows_that_run(
    world: World, office: Office
) -> None:
    book(a_request(9, start="0900", overflow=Overflow.NONE), deadline())
    clock_at(world, office, "0810")
    labels = [comes(office, number).ticket.label for number in range(1, 4)]
    assert labels == ["R0800-001", "R0900-002", "R0800-002"]
    with pytest.raises(NoPlaces):
        comes(office, 4)


def test_what_is_left_of_a_window_to_come_is_the_publics(world: World, office: Office) -> None:
    clock_at(world, office, "0730")
    for number in (1, 2):
        comes(office, number)
    with pytest.raises(NoPlaces):
        comes(office, 3)
    assert slot_now(ref("0800")).remaining == 1


def test_a_reserve_that_came_free_is_taken_from_what_remains(world: World, office: Office) -> None:
    clock_at(world, office, "0805")
    sweep(deadline())
    assert slot_now(ref("0800")).kept_back == ()
    labels = [comes(office, number).ticket.label for number in range(1, 4)]
    assert labels == ["R0900-001", "R0800-001", "R0800-002"]


def test_nobody_is_given_a_number_of_a_window_that_is_over(world: World, office: Office) -> None:
    clock_at(world, office, "1000")
    with pytest.raises(NoPlaces) as refused:
        comes(office, 1)
    assert refused.value.members["state"] == "closed"


def test_a_reserve_whose_hour_has_come_is_the_publics_until_the_window_begins(
    world: World,
) -> None:
    office = an_office()
    put_office(office, deadline())
    due = KeptBack(int(office.instant(TUESDAY, "0700").timestamp()), 1, KeptFor.WALK_IN)
    open_slots([Slot(ref("0800"), "0900", quota=1, remaining=0, kept_back=(due,))], deadline())
    clock_at(world, office, "0730")
    with pytest.raises(NoPlaces):
        comes(office, 1)
    clock_at(world, office, "0800")
    assert comes(office, 1).ticket.label == "R0800-001"
