"""Two at once, in every order that their calls can come in."""

from functools import partial

from antrean.booking.book import Booked, BookingRequest, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import OpenedBooking as InHand
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day
from antrean.days.move_day import begin_move, run_move
from antrean.domain.errors import (
    AlreadyBooked,
    BelowTaken,
    ChangedMeanwhile,
    NoPlaces,
)
from antrean.domain.moves import DONE
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import DayChange, WindowChange
from antrean.domain.slots import KeptBack, KeptFor, Lane
from antrean.domain.tickets import Booking, BookingStatus
from antrean.runtime import clock
from antrean.store.items.move import get_move
from antrean.store.items.returned_place import due_returns
from antrean.store.writes.claim import claim
from antrean.store.writes.offer_again import offer_again
from antrean.store.writes.release_due import release_due
from antrean.store.writes.sweep import GRACE, sweep_slot
from tests.engines.scheduler import Task
from tests.faults.orders import SLOW, Does, in_every_order, kinds, until
from tests.faults.small_office import (
    ADMIN,
    OFFICE,
    REOFFER,
    WEDNESDAY,
    audit_log,
    bookings,
    in_order,
    open_office,
    places_waiting,
    ref,
    slot,
)
from tests.support.people import TUESDAY, a_request, people, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline


def asks(request: BookingRequest) -> Does:
    return lambda: book(request, until())


def a_couple() -> Booked:
    return book(a_request(1, *people(2, first=10), start="0800"), deadline())


def in_hand(made: Booked) -> InHand:
    return open_booking(made.booking.code, made.token, deadline())


def one_booking(world: World) -> Booking:
    (only,) = bookings(world)
    return only


def test_the_same_request_twice_is_one_booking(world: World) -> None:
    open_office()
    same = asks(a_request(1, *people(2)))

    def ends(told: dict[str, Task]) -> None:
        first, second = (task.result for task in told.values())
        assert first.booking == second.booking == one_booking(world)
        assert first.created is not second.created

    in_every_order(world, {"one": same, "two": same}, ends)


def test_a_person_asks_for_two_bookings_and_gets_one(world: World) -> None:
    open_office()
    others = (a_request(1, person(1), person(2)), a_request(2, person(2), person(3)))

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == [AlreadyBooked.__name__, "done"]
        assert len(one_booking(world).numbers) == 2

    in_every_order(world, {"one": asks(others[0]), "two": asks(others[1])}, ends)


def test_the_last_place_is_given_once(world: World) -> None:
    open_office([slot(ref(), 1)])
    wants = [a_request(i, start="0800", overflow=Overflow.NONE) for i in (1, 2)]

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == [NoPlaces.__name__, "done"]
        assert (len(bookings(world)), slot_now(ref()).remaining) == (1, 0)

    in_every_order(world, {"one": asks(wants[0]), "two": asks(wants[1])}, ends)


def test_places_that_come_free_come_free_once(world: World) -> None:
    due = KeptBack(clock.epoch() + 60, 2, KeptFor.RELEASE)
    later = KeptBack(due.at + 9_999, 1, KeptFor.RELEASE)
    open_office([slot(ref(), 3, remaining=0, kept_back=(due, later))])
    world.time.forward(seconds=60)

    def releases_and_claims() -> bool:
        release_due(slot_now(ref()), clock.epoch(), until())
        return claim(ref(), 1, clock.epoch(), until()) is not None

    def ends(told: dict[str, Task]) -> None:
        assert [task.result for task in told.values()] == [True, True]
        assert (slot_now(ref()).remaining, slot_now(ref()).kept_back) == (2, (later,))

    tasks = {"one": releases_and_claims, "two": releases_and_claims}
    in_every_order(world, tasks, ends, leaves=True)


def test_a_booking_slower_than_the_grace_gets_other_numbers(world: World) -> None:
    open_office([slot(ref(), 4)])
    slow = asks(a_request(1, *people(2), start="0800", overflow=Overflow.NONE))

    def sweeps() -> None:
        for _ in range(3):
            sweep_slot(slot_now(ref()), until())

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["done", "done"]
        assert one_booking(world).numbers in ((1, 2), (3, 4))
        assert slot_now(ref()).remaining == 2

    in_every_order(world, {"slow": slow, "sweeper": sweeps}, ends, SLOW, leaves=True)


def test_two_sweepers_give_a_number_back_once(world: World) -> None:
    open_office([slot(ref(), 4)])
    claim(ref(), 3, clock.epoch(), deadline())
    sweep_slot(slot_now(ref()), deadline())
    world.time.forward(seconds=GRACE)

    def visits() -> int:
        return sweep_slot(slot_now(ref()), until()).given_back

    def ends(told: dict[str, Task]) -> None:
        assert sum(task.result for task in told.values()) == 3
        assert slot_now(ref()).remaining == 4

    in_every_order(world, {"one": visits, "two": visits}, ends)


def test_two_sweepers_offer_a_place_again_once(world: World) -> None:
    open_office([slot(ref(), 4)])
    cancel_booking(in_hand(a_couple()), deadline())
    world.time.forward(seconds=REOFFER)

    def offers() -> int:
        return sum(offer_again(one, until()) for one in due_returns(clock.epoch(), 9, until()))

    def ends(told: dict[str, Task]) -> None:
        assert sum(task.result for task in told.values()) == 2
        assert (slot_now(ref()).remaining, places_waiting(world)) == (4, 0)

    in_every_order(world, {"one": offers, "two": offers}, ends)


def _moves(held: InHand, start: str) -> Does:
    return lambda: reschedule_booking(held, WEDNESDAY, start, Overflow.NONE, until())


def test_two_cancellations_are_one(world: World) -> None:
    open_office([slot(ref(), 4)])
    held = in_hand(a_couple())
    cancels = partial(cancel_booking, held, deadline())

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == ["done", "done"]
        assert one_booking(world).version == 2
        assert slot_now(ref()).remaining == 4

    in_every_order(world, {"one": cancels, "two": cancels}, ends)


def test_a_cancellation_and_a_move_are_one_of_them(world: World) -> None:
    open_office([slot(ref(), 4)])
    held = in_hand(a_couple())

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == [ChangedMeanwhile.__name__, "done"]
        booking = one_booking(world)
        assert booking.version == 2
        stays = booking.status is BookingStatus.BOOKED
        assert stays is (told["moves"].error is None)
        assert slot_now(ref()).remaining == 4
        assert slot_now(ref("0900", WEDNESDAY)).taken == 2 * stays

    tasks: dict[str, Does] = {
        "cancels": partial(cancel_booking, held, deadline()),
        "moves": _moves(held, "0900"),
    }
    in_every_order(world, tasks, ends)


def test_two_moves_are_one(world: World) -> None:
    open_office([slot(ref(), 4)])
    held = in_hand(a_couple())

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) == [ChangedMeanwhile.__name__, "done"]
        (won,) = (task.result.booking for task in told.values() if task.result)
        assert one_booking(world) == won
        assert (won.rescheduled, won.version) == (1, 2)

    in_every_order(world, {"one": _moves(held, "0800"), "two": _moves(held, "0900")}, ends)


def _moves_the_window(world: World, start: str = "0800") -> Does:
    begin_move(OFFICE, TUESDAY, None, start, "Banjir", ADMIN, deadline())
    return lambda: run_move(OFFICE, f"{TUESDAY.isoformat()}#all#{start}", until())


def test_the_office_moves_nobody_who_cancelled(world: World) -> None:
    open_office()
    held = in_hand(a_couple())
    tasks: dict[str, Does] = {
        "office": _moves_the_window(world),
        "cancels": lambda: cancel_booking(held, until()),
    }

    def ends(told: dict[str, Task]) -> None:
        cancelled = one_booking(world).status is BookingStatus.CANCELLED
        assert cancelled is (told["cancels"].error is None)
        progress = get_move(OFFICE.office_id, f"{TUESDAY.isoformat()}#all#0800", deadline())
        assert progress.moved == (0 if cancelled else 1)
        assert slot_now(ref("0800", WEDNESDAY)).taken == (0 if cancelled else 2)

    in_every_order(world, tasks, ends)


def test_the_office_moves_nobody_who_left_the_window(world: World) -> None:
    open_office()
    held = in_hand(a_couple())
    tasks: dict[str, Does] = {
        "office": _moves_the_window(world),
        "moves": lambda: reschedule_booking(held, TUESDAY, "0900", Overflow.NONE, until()),
    }

    def ends(told: dict[str, Task]) -> None:
        booking = one_booking(world)
        moved_itself = told["moves"].error is None
        assert booking.ref == (ref("0900") if moved_itself else ref("0800", WEDNESDAY))
        assert booking.version == 2

    in_every_order(world, tasks, ends, runs=100)


def test_who_leaves_a_closed_window_on_its_date_is_moved_by_nobody_else(world: World) -> None:
    open_office()
    made = a_couple()
    office = _moves_the_window(world)
    world.time.set(OFFICE.instant(TUESDAY, "0830"))
    held = in_hand(made)
    tasks: dict[str, Does] = {
        "office": office,
        "leaves": lambda: reschedule_booking(held, TUESDAY, "0900", Overflow.NONE, until()),
    }

    def ends(told: dict[str, Task]) -> None:
        booking = one_booking(world)
        left_itself = told["leaves"].error is None
        assert booking.ref == (ref("0900") if left_itself else ref("0800", WEDNESDAY))
        assert (booking.version, booking.excused) == (2, int(left_itself))

    in_every_order(world, tasks, ends, runs=100)


def test_two_runs_of_one_move_move_everybody_once(world: World) -> None:
    open_office()
    a_couple()
    book(a_request(2, start="0800"), deadline())
    moves = _moves_the_window(world)

    def ends(told: dict[str, Task]) -> None:
        progress = get_move(OFFICE.office_id, f"{TUESDAY.isoformat()}#all#0800", deadline())
        assert (progress.moved, progress.without_place) == (2, 0)
        assert slot_now(ref("0800", WEDNESDAY)).taken == 3
        assert {booking.version for booking in bookings(world)} == {2}

    in_every_order(world, {"one": moves, "two": moves}, ends, runs=30)


def _closes_and_moves() -> None:
    begin_move(OFFICE, TUESDAY, None, "0800", "Banjir", ADMIN, until())
    run_move(OFFICE, f"{TUESDAY.isoformat()}#all#0800", until())


def _ends_the_move() -> None:
    """Have the run that was asked for find what was under way when the window was closed."""
    done = run_move(OFFICE, f"{TUESDAY.isoformat()}#all#0800", deadline())
    assert (done.state, done.without_place) == (DONE, 0)
    in_order(quiet=False)


def test_nobody_who_books_while_the_window_is_closed_and_moved_stays_behind(world: World) -> None:
    open_office()
    asked = a_request(1, *people(2), start="0800", overflow=Overflow.NONE)

    def ends(told: dict[str, Task]) -> None:
        assert told["office"].error is None
        _ends_the_move()
        assert [booking.ref.day for booking in bookings(world)] == (
            [WEDNESDAY] if told["books"].error is None else []
        )

    in_every_order(world, {"office": _closes_and_moves, "books": asks(asked)}, ends)


def test_nobody_who_moves_into_the_window_while_it_is_closed_and_moved_stays_behind(
    world: World,
) -> None:
    open_office()
    made = book(a_request(1, *people(2), day=WEDNESDAY, start="0900"), deadline())
    held = in_hand(made)

    def ends(told: dict[str, Task]) -> None:
        assert told["office"].error is None
        _ends_the_move()
        comes = told["comes"].error is None
        assert one_booking(world).ref == ref("0800" if comes else "0900", WEDNESDAY)

    def comes() -> object:
        return reschedule_booking(held, TUESDAY, "0800", Overflow.NONE, until())

    in_every_order(world, {"office": _closes_and_moves, "comes": comes}, ends)


def _sets_quota(quota: int, *, force: bool = False) -> Does:
    wanted = DayChange([WindowChange(Lane.REGULAR, "0800", quota=quota)], force=force)
    return lambda: change_day(OFFICE, TUESDAY, wanted, ADMIN, until())


def test_a_quota_falls_or_a_place_is_sold(world: World) -> None:
    open_office([slot(ref(), 2)])
    wants = a_request(1, *people(2), start="0800", overflow=Overflow.NONE)

    def ends(told: dict[str, Task]) -> None:
        assert kinds(told) in ([NoPlaces.__name__, "done"], [BelowTaken.__name__, "done"])
        assert slot_now(ref()).remaining in (0, 1)

    in_every_order(world, {"admin": _sets_quota(1), "client": asks(wants)}, ends)


def test_a_quota_falls_by_force_under_what_is_sold_and_nothing_more_is(world: World) -> None:
    open_office([slot(ref(), 2)])
    wants = a_request(1, *people(2), start="0800", overflow=Overflow.NONE)

    def ends(told: dict[str, Task]) -> None:
        sold = told["client"].error is None
        assert slot_now(ref()).remaining == (-1 if sold else 1)

    in_every_order(world, {"admin": _sets_quota(1, force=True), "client": asks(wants)}, ends)


def test_of_two_admins_one_is_told_that_the_day_changed(world: World) -> None:
    open_office([slot(ref(), 4)])

    def ends(told: dict[str, Task]) -> None:
        changed = kinds(told).count("done")
        assert changed == len(audit_log())
        assert set(kinds(told)) <= {"done", ChangedMeanwhile.__name__}
        assert slot_now(ref()).quota == slot_now(ref()).remaining

    in_every_order(world, {"one": _sets_quota(6), "two": _sets_quota(9)}, ends)
