"""Who did not come is noted when the time is over, on days that the office works."""

from dataclasses import replace

import pytest

from antrean.counter import no_shows
from antrean.days.move_day import begin_move, run_move
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import TicketStatus
from antrean.handlers import mark_no_shows as job
from antrean.runtime.deadline import Deadline
from antrean.store.items.board import read_board
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.day_step import Overtaken, Step, take
from tests.support.gateway import Context
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline
from tests.unit.counter.office_day import (
    STAFF,
    clock_at,
    next_called,
    party_booked,
    party_checked_in,
)


@pytest.fixture
def office(world: World) -> Office:
    """Two people have 08:00, two 09:00; one of each is a pair's."""
    office = world.has_office(open_days=5)
    for number, start in ((1, "0800"), (2, "0800"), (3, "0900"), (4, "0900")):
        party_booked(number, start)
    return office


def states(office: Office) -> str:
    """What became of the numbers, a letter each, in order."""
    letters = {"live": "l", "checked_in": "c", "called": "C", "no_show": "n", "returned": "r"}
    return "".join(letters[t.status] for t in day_tickets(office.office_id, TUESDAY, deadline()))


def runs() -> int:
    return job.handler({}, Context())["NoShows"]


def test_absent_people_are_no_shows_after_the_grace_and_those_who_came_are_not(
    world: World, office: Office
) -> None:
    first = party_booked(9, "0800")
    clock_at(world, office, "0805")
    party_checked_in(office, first)
    clock_at(world, office, "0959")
    assert (runs(), states(office)) == (0, "llcll")
    clock_at(world, office, "1000")
    assert (runs(), states(office)) == (2, "nncll")
    assert (runs(), states(office)) == (0, "nncll")
    clock_at(world, office, "1100")
    assert (runs(), states(office)) == (2, "nncnn")
    lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
    assert (lane.no_show, lane.checked_in) == (4, 1)


def test_a_day_that_nobody_is_checked_in_on_is_left_for_the_office_to_move(
    world: World, office: Office
) -> None:
    clock_at(world, office, "1700")
    assert (runs(), states(office)) == (0, "llll")
    begun = begin_move(office, TUESDAY, None, None, "Banjir", STAFF, deadline())
    run_move(office, begun.scope, deadline())
    assert states(office) == "rrrr"


def test_a_closed_window_is_left_and_its_people_are_moved_but_not_those_who_were_called(
    world: World, office: Office
) -> None:
    came, called = party_booked(8, "0900"), party_booked(9, "0900")
    clock_at(world, office, "0830")
    party_checked_in(office, called)
    next_called(office, "1", "a")
    party_checked_in(office, came)
    begun = begin_move(office, TUESDAY, None, "0900", "Banjir", STAFF, deadline())
    clock_at(world, office, "1200")
    assert (runs(), states(office)) == (2, "nnllcC")
    run_move(office, begun.scope, deadline())
    assert states(office) == "nnrrrC"
    assert read_board(office.office_id, TUESDAY, deadline()).waiting == ()


def test_somebody_who_comes_meanwhile_is_checked_in_and_the_others_are_noted(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = party_booked(9, "1000")
    clock_at(world, office, "0905")
    party_checked_in(office, late)
    clock_at(world, office, "1000")
    first = next(t for t in day_tickets(office.office_id, TUESDAY, deadline()))
    overtaken: list[Step] = []

    def meanwhile(step: Step, until: Deadline) -> None:
        if not overtaken:
            overtaken.append(step)
            noted = replace(first, status=TicketStatus.NO_SHOW)
            lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
            lanes = [lane.with_no_shows()]
            take(Step("kotabumi", TUESDAY, [(first, noted)], lanes=lanes), until)
        take(step, until)

    monkeypatch.setattr(no_shows, "take", meanwhile)
    assert (runs(), states(office)) == (1, "nnllc")


def test_an_office_that_fails_stops_no_other_and_is_told(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.has_office(office_id="aaa", open_days=1)
    clock_at(world, office, "0805")
    party_checked_in(office, party_booked(9, "0900"))
    clock_at(world, office, "1000")
    real = no_shows.mark_no_shows

    def failing(of: Office, until: Deadline) -> int:
        if of.office_id == other.office_id:
            raise Overtaken
        return real(of, until)

    monkeypatch.setattr(job, "mark_no_shows", failing)
    with pytest.raises(ExceptionGroup):
        runs()
    assert states(office) == "nnllc"
