"""Two at once on the working day, in every order that their calls can come in."""

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.counter.call import CounterPress, call_next
from antrean.counter.check_in import Arrival, check_in
from antrean.counter.no_shows import mark_no_shows
from antrean.counter.outcome import note_outcome
from antrean.counter.walk_in import WalkIn, admit
from antrean.days.move_day import begin_move, run_move
from antrean.domain.day import Number
from antrean.domain.slots import KeptBack, KeptFor, Lane
from antrean.domain.tickets import Contact, TicketStatus
from antrean.runtime.registry import forget
from antrean.store.items.board import read_board
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.open_slots import open_slots
from tests.engines.scheduler import Task
from tests.faults.orders import Does, in_every_order, kinds, until
from tests.faults.small_office import (
    ADMIN,
    OFFICE,
    PLACES,
    WEDNESDAY,
    bookings,
    open_office,
    ref,
    slot,
)
from tests.support.people import PHONE, TUESDAY, a_request, key, people, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

REGULAR = Lane.REGULAR
FIRST = Number(REGULAR, "0800", 1)


def booked(party: int) -> Booked:
    return book(a_request(1, *people(party, first=10), start="0800"), deadline())


def at(world: World, hhmm: str) -> None:
    world.time.set(OFFICE.instant(TUESDAY, hhmm))
    forget()


def comes(made: Booked) -> Does:
    return lambda: check_in(OFFICE, Arrival(made.booking.code), ADMIN, until())


def presses(counter: str, press: str = "a") -> Does:
    return lambda: call_next(OFFICE, CounterPress(counter, press), [REGULAR], until())


def walks_in(number: int, request: int) -> Does:
    wanted = WalkIn(key(request), REGULAR, person(number), Contact(PHONE))
    return lambda: admit(OFFICE, wanted, ADMIN, until())


def waits(world: World, party: int) -> Booked:
    open_office()
    made = booked(party)
    at(world, "0805")
    comes(made)()
    return made


def statuses() -> list[str]:
    return [str(ticket.status) for ticket in day_tickets(OFFICE.office_id, TUESDAY, deadline())]


def called(told: dict[str, Task]) -> list[int]:
    """The numbers that presses were answered with."""
    answers = [task.result for task in told.values() if not task.error]
    return sorted(answer.ticket.number for answer in answers if answer.ticket)


def test_two_counters_press_and_each_calls_another(world: World) -> None:
    waits(world, 2)

    def ends(told: dict[str, Task]) -> None:
        assert called(told) == [1, 2]
        assert statuses() == ["called", "called"]

    in_every_order(world, {"one": presses("1"), "two": presses("2")}, ends)


def test_two_counters_press_and_one_waits_who_is_called_once(world: World) -> None:
    waits(world, 1)

    def ends(told: dict[str, Task]) -> None:
        assert called(told) == [1]
        assert kinds(told) == ["done", "done"]

    in_every_order(world, {"one": presses("1"), "two": presses("2")}, ends)


def test_two_tabs_of_a_counter_press_and_it_calls_one(world: World) -> None:
    waits(world, 2)

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["CounterBusy", "done"]
        assert statuses() == ["called", "checked_in"]

    in_every_order(world, {"one": presses("1", "a"), "two": presses("1", "b")}, ends)


def test_a_press_that_is_sent_twice_at_once_calls_one(world: World) -> None:
    waits(world, 2)

    def ends(told: dict[str, Task]) -> None:
        assert called(told) == [1, 1]
        assert statuses() == ["called", "checked_in"]

    in_every_order(world, {"one": presses("1"), "two": presses("1")}, ends)


def test_who_leaves_the_hall_as_a_counter_calls_is_called_or_gone(world: World) -> None:
    waits(world, 1)
    outcome = TicketStatus.NO_SHOW

    def ends(told: dict[str, Task]) -> None:
        assert statuses() == ["no_show"], "noted while waiting, or when called"
        assert kinds(told) == ["done", "done"]

    leaves = lambda: note_outcome(OFFICE, TUESDAY, FIRST, outcome, until())  # noqa: E731
    in_every_order(world, {"leaves": leaves, "press": presses("1")}, ends)


def test_a_family_that_is_checked_in_twice_at_once_waits_once(world: World) -> None:
    open_office()
    made = booked(2)
    at(world, "0805")

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["done", "done"]
        assert len(read_board(OFFICE.office_id, TUESDAY, deadline()).waiting) == 2

    in_every_order(world, {"one": comes(made), "two": comes(made)}, ends)


def test_who_cancels_while_being_checked_in_waits_or_is_gone(world: World) -> None:
    open_office()
    made = booked(1)
    at(world, "0705")

    def gives_up() -> object:
        return cancel_booking(open_booking(made.booking.code, made.token, until()), until())

    def ends(told: dict[str, Task]) -> None:
        (booking,) = bookings(world)
        is_there = statuses() == ["checked_in"]
        assert statuses() in (["checked_in"], ["returned"])
        assert (booking.status == "booked") is is_there
        assert is_there is (kinds(told) == ["ChangedMeanwhile", "done"])

    in_every_order(world, {"cancels": gives_up, "comes": comes(made)}, ends)


def test_who_cancels_while_being_called_is_called_or_gone(world: World) -> None:
    open_office()
    made = booked(1)
    at(world, "0705")
    comes(made)()

    def gives_up() -> object:
        return cancel_booking(open_booking(made.booking.code, made.token, until()), until())

    def ends(told: dict[str, Task]) -> None:
        assert statuses() in (["called"], ["returned"])
        assert (len(called({"press": told["press"]})) == 1) is (statuses() == ["called"])

    in_every_order(world, {"cancels": gives_up, "press": presses("1")}, ends)


def with_one_place_for_walk_ins(world: World) -> None:
    begins = int(OFFICE.instant(TUESDAY, "0800").timestamp())
    kept = (KeptBack(begins, 1, KeptFor.WALK_IN),)
    open_office([slot(ref(), remaining=PLACES - 1, kept_back=kept)])
    at(world, "0705")


def test_two_walk_ins_for_the_last_place_get_it_once(world: World) -> None:
    with_one_place_for_walk_ins(world)

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["NoPlaces", "done"]
        assert (slot_now(ref()).taken, statuses()) == (1, ["checked_in"])

    tasks = {"one": walks_in(1, 1), "two": walks_in(2, 2)}
    in_every_order(world, tasks, ends)


def test_the_job_and_a_latecomer_meet_and_one_of_them_is_first(world: World) -> None:
    open_office()
    made, other = booked(1), book(a_request(2, *people(1, first=20), start="0900"), deadline())
    at(world, "0905")
    comes(other)()
    at(world, "0959")
    world.time.forward(seconds=58)

    def ends(told: dict[str, Task]) -> None:
        assert statuses()[0] in ("no_show", "checked_in", "live")
        came = told["comes"].error is None
        assert came is (statuses()[0] == "checked_in")

    job = lambda: mark_no_shows(OFFICE, until())  # noqa: E731
    in_every_order(world, {"job": job, "comes": comes(made)}, ends)


def test_two_runs_of_the_job_note_everybody_once(world: World) -> None:
    open_office()
    booked(2)
    other = book(a_request(2, *people(1, first=20), start="0900"), deadline())
    at(world, "0905")
    comes(other)()
    at(world, "1000")

    def ends(told: dict[str, Task]) -> None:
        assert sum(task.result for task in told.values()) == 2
        assert statuses() == ["no_show", "no_show", "checked_in"]

    job = lambda: mark_no_shows(OFFICE, until())  # noqa: E731
    in_every_order(world, {"one": job, "two": job}, ends, runs=40)


def test_who_is_checked_in_while_the_day_is_moved_is_moved_too(world: World) -> None:
    open_office()
    made = booked(2)
    at(world, "0705")
    begun = begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())

    def ends(told: dict[str, Task]) -> None:
        assert told["moves"].error is None
        (booking,) = bookings(world)
        assert booking.ref.day > TUESDAY
        assert set(statuses()) == {"returned"}
        assert read_board(OFFICE.office_id, TUESDAY, deadline()).waiting == ()

    def moves() -> object:
        return run_move(OFFICE, begun.scope, until())

    in_every_order(world, {"moves": moves, "comes": comes(made)}, ends, runs=60)


def test_who_comes_as_a_counter_calls_is_counted_too(world: World) -> None:
    made = waits(world, 1)
    other = book(a_request(2, *people(1, first=20), start="0900"), deadline())

    def ends(told: dict[str, Task]) -> None:
        assert made.booking.numbers == tuple(called({"press": told["press"]}))
        lane = read_board(OFFICE.office_id, TUESDAY, deadline()).lane(REGULAR)
        assert (lane.checked_in, lane.called) == (2, 1)

    in_every_order(world, {"press": presses("1"), "comes": comes(other)}, ends)


def test_two_tabs_of_a_counter_press_for_two_lanes_and_it_calls_one(world: World) -> None:
    open_office()
    open_slots([slot(ref()._replace(lane=Lane.PRIORITY))], deadline())
    made = [booked(1), book(a_request(2, person(20), lane=Lane.PRIORITY, start="0800"), deadline())]
    at(world, "0805")
    for each in made:
        comes(each)()

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["CounterBusy", "done"]
        assert sorted(statuses()) == ["called", "checked_in"]

    def for_priority() -> object:
        return call_next(OFFICE, CounterPress("1", "b"), [Lane.PRIORITY], until())

    in_every_order(world, {"one": presses("1", "a"), "two": for_priority}, ends)


def books_again(request: int = 9) -> Does:
    """The one person who has booked, for the next day."""
    wanted = a_request(request, person(10), day=WEDNESDAY)
    return lambda: book(wanted, until())


def lets_in_late(made: Booked) -> Does:
    return lambda: check_in(OFFICE, Arrival(made.booking.code, late=True), ADMIN, until())


def notes(outcome: TicketStatus) -> Does:
    return lambda: note_outcome(OFFICE, TUESDAY, FIRST, outcome, until())


def ended(told: dict[str, Task], name: str) -> str:
    """What one of them was told, in one word."""
    return kinds({name: told[name]})[0]


def test_who_is_served_and_books_anew_is_served_first_or_refused(world: World) -> None:
    waits(world, 1)
    presses("1")()

    def ends(told: dict[str, Task]) -> None:
        assert ended(told, "outcome") == "done"
        assert ended(told, "again") in ("done", "AlreadyBooked")
        assert statuses() == ["served"]
        assert len(bookings(world)) == 1 + (ended(told, "again") == "done")
        if ended(told, "again") != "done":
            books_again(10)()  # it works from now on, not from midnight on

    in_every_order(world, {"outcome": notes(TicketStatus.SERVED), "again": books_again()}, ends)


def test_a_no_show_who_books_anew_and_comes_after_all_has_one_of_the_two(world: World) -> None:
    made = waits(world, 1)
    notes(TicketStatus.NO_SHOW)()

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["AlreadyBooked", "done"]
        assert statuses() == ["checked_in" if ended(told, "late") == "done" else "no_show"]
        assert len(bookings(world)) == 1 + (ended(told, "again") == "done")

    in_every_order(world, {"again": books_again(), "late": lets_in_late(made)}, ends)


def test_outcome_late_check_in_and_a_new_booking_leave_one_live_ticket(world: World) -> None:
    made = waits(world, 1)

    def ends(told: dict[str, Task]) -> None:
        assert ended(told, "outcome") == "done"
        again, live = ended(told, "again") == "done", statuses() == ["checked_in"]
        assert not (again and live)
        assert live or statuses() == ["no_show"]

    tasks = {
        "outcome": notes(TicketStatus.NO_SHOW),
        "again": books_again(),
        "late": lets_in_late(made),
    }
    in_every_order(world, tasks, ends, runs=200)


def test_the_job_and_who_books_anew_agree_on_who_was_first(world: World) -> None:
    open_office()
    booked(1)
    other = book(a_request(2, *people(1, first=20), start="0900"), deadline())
    at(world, "0905")
    comes(other)()
    at(world, "1000")

    def ends(told: dict[str, Task]) -> None:
        assert ended(told, "job") == "done"
        assert ended(told, "again") in ("done", "AlreadyBooked")
        assert statuses() == ["no_show", "checked_in"]

    job = lambda: mark_no_shows(OFFICE, until())  # noqa: E731
    in_every_order(world, {"job": job, "again": books_again()}, ends)
