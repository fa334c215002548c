"""Calling, calling again, and what becomes of a number."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from antrean.booking.book import book
from antrean.counter.call import CallResult
from antrean.counter.outcome import note_outcome
from antrean.domain.day import LaneState, Number
from antrean.domain.errors import CounterBusy, NotFound, NothingCalled, WrongDay, WrongState
from antrean.domain.offices import Office
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.store.items.board import read_board
from antrean.store.items.ticket import get_ticket
from antrean.store.writes.day_step import Overtaken, Step, take
from antrean.store.writes.open_slots import open_slots
from tests.support.people import TUESDAY, a_request, person
from tests.support.worlds import World, deadline
from tests.unit.counter.office_day import (
    NO_SHOW,
    SERVED,
    called_again,
    called_label,
    clock_at,
    next_called,
    outcome_noted,
    party_booked,
    party_checked_in,
)


@pytest.fixture
def office(world: World) -> Office:
    """Four people wait at 08:05, in windows of 08:00 and 09:00."""
    office = world.has_office(open_days=3)
    bookings = [party_booked(1, party=2), party_booked(2), party_booked(3, "0900")]
    clock_at(world, office, "0805")
    for booking in bookings:
        party_checked_in(office, booking)
    return office


def lane_of(office: Office, lane: Lane = Lane.REGULAR) -> LaneState:
    return read_board(office.office_id, TUESDAY, deadline()).lane(lane)


def test_each_press_calls_the_next_in_turn_to_its_counter(world: World, office: Office) -> None:
    clock_at(world, office, "0810")
    called = [next_called(office, str(i), f"key {i}") for i in range(5)]
    assert [called_label(result) for result in called] == [
        "R0800-001",
        "R0800-002",
        "R0800-003",
        "R0900-001",
        None,
    ]
    first = called[0].ticket
    assert first
    assert first.applicant == person(10)
    assert (first.status, first.counter) == (TicketStatus.CALLED, "0")
    lane = lane_of(office)
    assert (lane.called, lane.wait_seconds, len(lane.recent)) == (4, 4 * 300, 4)


@pytest.mark.parametrize("again", [next_called, called_again])
def test_a_repeated_press_changes_nothing_and_is_told_the_same(
    world: World, office: Office, again: Callable[[Office, str, str], CallResult]
) -> None:
    next_called(office, "1", "first")
    if again is next_called:
        outcome_noted(office, "R0800-001", SERVED)
    answer = again(office, "1", "key")
    board = read_board(office.office_id, TUESDAY, deadline())
    clock_at(world, office, "0815")
    assert again(office, "1", "key") == answer
    assert read_board(office.office_id, TUESDAY, deadline()) == board


def test_a_busy_counter_notes_the_outcome_first(office: Office) -> None:
    next_called(office, "1", "a")
    with pytest.raises(CounterBusy) as refused:
        next_called(office, "1", "b")
    assert refused.value.members == {"label": "R0800-001", "calls": 1}
    outcome_noted(office, "R0800-001", SERVED)
    assert called_label(next_called(office, "1", "b")) == "R0800-002"


def test_a_number_called_three_times_gives_way_to_the_next(office: Office) -> None:
    next_called(office, "1", "a")
    assert called_again(office, "1", "b").calls == 2
    assert called_again(office, "1", "c").calls == 3
    assert called_label(next_called(office, "1", "d")) == "R0800-002"
    assert lane_of(office).no_show == 1
    with pytest.raises(WrongState) as refused:
        outcome_noted(office, "R0800-001", SERVED)
    assert refused.value.members == {"label": "R0800-001", "state": "no_show"}


def test_a_fourth_call_is_a_no_show_and_the_counter_is_free(office: Office) -> None:
    with pytest.raises(NothingCalled):
        called_again(office, "1", "z")
    next_called(office, "1", "a")
    answers = [called_again(office, "1", key) for key in "bcd"]
    last = answers[-1].ticket
    assert last
    assert (last.label, last.status) == ("R0800-001", NO_SHOW)
    assert called_again(office, "1", "d") == answers[-1]
    with pytest.raises(NothingCalled):
        called_again(office, "1", "e")


def test_the_last_number_gives_way_though_nobody_follows(office: Office) -> None:
    for number in range(4):
        next_called(office, str(number), "a")
    called_again(office, "3", "b")
    called_again(office, "3", "c")
    assert next_called(office, "3", "d").ticket is None
    assert next_called(office, "3", "d").ticket is None
    ticket = get_ticket(SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0900"), 1, deadline())
    assert ticket
    assert ticket.status is NO_SHOW


def test_the_first_lane_that_has_anybody_is_called(world: World, office: Office) -> None:
    ref = SlotRef("kotabumi", TUESDAY, Lane.PRIORITY, "0800")
    open_slots([Slot(ref, "0900", 2, 2)], deadline())
    clock_at(world, office, "0755")
    made = book(a_request(9, person(90), start="0800", lane=Lane.PRIORITY), deadline())
    clock_at(world, office, "0806")
    party_checked_in(office, made.booking)
    lanes = (Lane.PRIORITY, Lane.REGULAR)
    assert called_label(next_called(office, "1", "a", *lanes)) == "P0800-001"
    assert called_label(next_called(office, "2", "a", *lanes)) == "R0800-001"
    for key in "bc":
        called_again(office, "1", key)
    assert (
        called_label(next_called(office, "1", "d", *lanes)) == "R0800-002"
    )  # two lanes in one step
    assert (lane_of(office, Lane.PRIORITY).no_show, lane_of(office).called) == (1, 2)


def test_an_outcome_is_noted_once_from_the_states_that_allow_it(
    world: World, office: Office
) -> None:
    with pytest.raises(WrongState):
        outcome_noted(office, "R0800-001", SERVED)
    next_called(office, "1", "a")
    clock_at(world, office, "0825")
    served = outcome_noted(office, "R0800-001", SERVED)
    clock_at(world, office, "0830")
    assert outcome_noted(office, "R0800-001", SERVED) == served
    with pytest.raises(WrongState):
        outcome_noted(office, "R0800-001", NO_SHOW)
    outcome_noted(office, "R0800-002", NO_SHOW)  # waited, and left
    lane = lane_of(office)
    assert (lane.served, lane.no_show, lane.service_seconds) == (1, 1, 1200)
    assert called_label(next_called(office, "1", "b")) == "R0800-003"


def test_outcomes_are_of_today_and_of_numbers_that_somebody_holds(office: Office) -> None:
    with pytest.raises(NotFound):
        outcome_noted(office, "R0800-004", SERVED)
    yesterday, number = TUESDAY - timedelta(days=1), Number(Lane.REGULAR, "0800", 1)
    with pytest.raises(WrongDay):
        note_outcome(office, yesterday, number, SERVED, deadline())


def stale_step(office: Office, *, ticket: str = "", counter: str = "", lane: bool = False) -> Step:
    """A step that sees one thing as it was, and all else as it is."""
    board = read_board(office.office_id, TUESDAY, deadline())
    ref = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")
    before = Ticket(ref, 1, TicketStatus.CHECKED_IN, turn=board.waiting[0].turn)
    after = Ticket(ref, 1, TicketStatus.CALLED, turn=before.turn, counter="9")
    return Step(
        "kotabumi",
        TUESDAY,
        tickets=[(before, after)] if ticket else (),
        counter=board.counter(counter) if counter else None,
        lanes=[board.lane(Lane.REGULAR)] if lane else (),
    )


@pytest.mark.parametrize("seen", [{"ticket": "yes"}, {"counter": "1"}, {"lane": True}], ids=str)
def test_a_step_decided_on_what_has_changed_writes_nothing(
    office: Office, seen: dict[str, str]
) -> None:
    step = stale_step(office, **seen)  # type: ignore[arg-type]
    next_called(office, "1", "a")
    before = read_board(office.office_id, TUESDAY, deadline())
    with pytest.raises(Overtaken):
        take(step, deadline())
    assert read_board(office.office_id, TUESDAY, deadline()) == before
