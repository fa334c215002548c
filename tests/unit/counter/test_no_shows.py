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
from tests.unit.counter.working import STAFF, at, booked, comes, presses


@pytest.fixture
def office(world: World) -> Office:
    """Two people have 08:00, two 09:00; one of each is a pair's."""
    office = world.has(days=5)
    for number, start in ((1, "0800"), (2, "0800"), (3, "0900"), (4, "0900")):
        booked(number, start)
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
    first = booked(9, "0800")
    at(world, office, "0805")
    comes(office, first)
    at(world, office, "0959")
    assert (runs(), states(office)) == (0, "llcll")
    at(world, office, "1000")
    assert (runs(), states(office)) == (2, "nncll")
    assert (runs(), states(office)) == (0, "nncll")
    at(world, office, "1100")
    assert (runs(), states(office)) == (2, "nncnn")
    lane = read_board(office.office_id, TUESDAY, deadline()).lane(Lane.REGULAR)
    assert (lane.no_show, lane.checked_in) == (4, 1)


def test_a_day_that_nobody_is_checked_in_on_is_left_for_the_office_to_move(
    world: World, office: Office
) -> None:
    at(world, office, "1700")
    assert (runs(), states(office)) == (0, "llll")
    begun = begin_move(office, TUESDAY, None, None, "Banjir", STAFF, deadline())
    run_move(office, begun.scope, deadline())
    assert states(office) == "rrrr"


def test_a_closed_window_is_left_and_its_people_are_moved_but_not_those_who_were_called(
    world: World, office: Office
) -> None:
    came, called = booked(8, "0900"), booked(9, "0900")
    at(world, office, "0830")
    comes(office, called)
    presses(office, "1", "a")
    comes(office, came)
    begun = begin_move(office, TUESDAY, None, "0900", "Banjir", STAFF, deadline())
    at(world, office, "1200")
    assert (runs(), states(office)) == (2, "nnllcC")
    run_move(office, begun.scope, deadline())
    assert states(office) == "nnrrrC"
    assert read_board(office.office_id, TUESDAY, deadline()).waiting == ()


def test_somebody_who_comes_meanwhile_is_checked_in_and_the_others_are_noted(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = booked(9, "1000")
    at(world, office, "0905")
    comes(office, late)
    at(world, office, "1000")
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
    other = world.has(office_id="aaa", days=1)
    at(world, office, "0805")
    comes(office, booked(9, "0900"))
    at(world, office, "1000")
    real = no_shows.mark_no_shows

    def failing(of: Office, until: Deadline) -> int:
        if of.office_id == other.office_id:
            raise Overtaken
        return real(of, until)

    monkeypatch.setattr(job, "mark_no_shows", failing)
    with pytest.raises(ExceptionGroup):
        runs()
    assert states(office) == "nnllc"
