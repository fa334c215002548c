"""What a queue promises, asked of the plain one and of the real one alike.

The state machine compares the two; this says that what they agree on is right.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from antrean.domain.overflow import Overflow
from tests.model.plain import PlainQueue
from tests.model.queue import (
    DAY,
    DAYS,
    HOUR,
    PLACES,
    REOFFER,
    Asked,
    At,
    Has,
    Moved,
    Queue,
    Refusal,
)
from tests.model.stored import StoredQueue
from tests.support.worlds import in_memory

TUESDAY, WEDNESDAY, THURSDAY = DAYS
EARLY, LATE = At(TUESDAY, "0800"), At(TUESDAY, "0900")


@pytest.fixture(params=["plain", "real"])
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    if request.param == "plain":
        yield PlainQueue()
        return
    with in_memory() as world:
        yield StoredQueue(world)


def asks(
    *people: int,
    day: date = TUESDAY,
    start: str | None = None,
    overflow: Overflow = Overflow.NEXT_DATE,
) -> Asked:
    return Asked(people, day, start, overflow)


def fill(queue: Queue, at: At, key: int = 90) -> None:
    """Sell what is left of a slot, person by person."""
    for number in range(key, key + queue.seen()[at].remaining):
        told = queue.book(number, asks(number, day=at.day, start=at.start))
        assert isinstance(told, Has)


def test_a_family_gets_consecutive_numbers(queue: Queue) -> None:
    assert queue.book(1, asks(1)) == Has("booked", EARLY, (1,), None)
    assert queue.book(2, asks(2, 3, 4)) == Has("booked", EARLY, (2, 3, 4), None)
    assert queue.seen()[EARLY].holders == {1: 1, 2: 2, 3: 2, 4: 2}


def test_a_family_is_not_split_over_windows(queue: Queue) -> None:
    queue.book(1, asks(1, 2))
    assert queue.book(2, asks(3, 4, 5)) == Has("booked", LATE, (1, 2, 3), None)


def test_a_repeat_changes_nothing(queue: Queue) -> None:
    first = queue.book(1, asks(1))
    seen = queue.seen()
    assert (queue.book(1, asks(1)), queue.seen()) == (first, seen)


def test_a_key_is_for_one_request(queue: Queue) -> None:
    queue.book(1, asks(1))
    assert queue.book(1, asks(2)) == Refusal("KeyReused")


def test_a_person_has_one_live_ticket(queue: Queue) -> None:
    queue.book(1, asks(1, 2))
    seen = queue.seen()
    assert queue.book(2, asks(2, 3, day=WEDNESDAY)) == Refusal("AlreadyBooked")
    assert queue.seen() == seen


def test_a_person_is_free_again_when_the_date_has_passed(queue: Queue) -> None:
    queue.book(1, asks(1))
    queue.wait(DAY - 7 * HOUR - 1)
    assert queue.book(2, asks(1, day=THURSDAY)) == Refusal("AlreadyBooked")
    queue.wait(DAY + 1)
    assert isinstance(queue.book(2, asks(1, day=THURSDAY)), Has)


def test_a_full_window_overflows_as_far_as_is_accepted(queue: Queue) -> None:
    fill(queue, EARLY)
    narrow = asks(1, start="0800", overflow=Overflow.NONE)
    assert queue.book(1, narrow) == Refusal("NoPlaces")
    same_day = asks(1, start="0800", overflow=Overflow.SAME_DATE)
    assert queue.book(2, same_day) == Has("booked", LATE, (1,), "overflow")


def test_a_full_day_overflows_to_the_wanted_window_of_the_next(queue: Queue) -> None:
    fill(queue, EARLY)
    fill(queue, LATE, key=80)
    assert queue.book(1, asks(1, overflow=Overflow.SAME_DATE)) == Refusal("NoPlaces")
    told = queue.book(2, asks(1, start="0900"))
    assert told == Has("booked", At(WEDNESDAY, "0900"), (1,), "overflow")


def test_no_number_is_used_twice(queue: Queue) -> None:
    queue.book(1, asks(1, 2))
    queue.cancel(1)
    queue.wait(REOFFER)
    queue.sweep()
    assert queue.book(2, asks(3)) == Has("booked", EARLY, (3,), None)


def test_a_cancelled_place_waits_for_its_re_offer(queue: Queue) -> None:
    queue.book(1, asks(1, 2))
    assert queue.cancel(1) == Has("cancelled", EARLY, (1, 2), None)
    queue.sweep()
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].waiting) == (PLACES - 2, 2)
    queue.wait(REOFFER)
    queue.sweep()
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].waiting) == (PLACES, 0)


def test_cancelling_twice_is_cancelling_once(queue: Queue) -> None:
    queue.book(1, asks(1))
    first = queue.cancel(1)
    seen = queue.seen()
    assert (queue.cancel(1), queue.seen()) == (first, seen)


def test_who_cancelled_can_book_again(queue: Queue) -> None:
    queue.book(1, asks(1))
    queue.cancel(1)
    assert isinstance(queue.book(2, asks(1)), Has)
    assert queue.book(1, asks(1)) == Has("cancelled", EARLY, (1,), None)


def test_a_window_that_has_begun_is_kept(queue: Queue) -> None:
    queue.book(1, asks(1))
    queue.wait(DAY + HOUR)
    assert queue.cancel(1) == Refusal("NotChangeable")


def test_a_booking_moves_once_and_a_repeat_of_the_move_is_none(queue: Queue) -> None:
    queue.book(1, asks(1, 2))
    moved = queue.reschedule(1, WEDNESDAY, "0900", Overflow.NONE)
    assert moved == Has("booked", At(WEDNESDAY, "0900"), (1, 2), "applicant")
    assert queue.reschedule(1, WEDNESDAY, "0900", Overflow.NONE) == moved
    assert queue.reschedule(1, THURSDAY, None, Overflow.NONE) == Refusal("NotChangeable")
    assert queue.seen()[EARLY].waiting == 2


def test_a_booking_moves_until_the_day_before(queue: Queue) -> None:
    queue.book(1, asks(1))
    queue.wait(DAY - 7 * HOUR)
    assert queue.reschedule(1, WEDNESDAY, None, Overflow.NONE) == Refusal("NotChangeable")


def test_without_room_a_booking_stays(queue: Queue) -> None:
    queue.book(1, asks(1))
    fill(queue, At(WEDNESDAY, "0800"))
    seen = queue.seen()
    assert queue.reschedule(1, WEDNESDAY, "0800", Overflow.NONE) == Refusal("NoPlaces")
    assert queue.seen() == seen


def test_staged_places_come_free_at_their_instants(queue: Queue) -> None:
    at = At(THURSDAY, "0800")
    left = []
    for seconds in (0, HOUR, DAY - HOUR):
        queue.wait(seconds)
        left.append((queue.seen()[at].remaining, queue.seen()[at].held))
    assert left == [(2, 2), (3, 1), (4, 0)]


def test_a_family_gets_what_has_just_been_released(queue: Queue) -> None:
    asked = asks(1, 2, 3, day=THURSDAY, start="0800", overflow=Overflow.NONE)
    assert queue.book(1, asked) == Refusal("NoPlaces")
    queue.wait(HOUR)
    assert queue.book(1, asked) == Has("booked", At(THURSDAY, "0800"), (1, 2, 3), None)


def test_a_window_is_not_sold_before_it_is_released(queue: Queue) -> None:
    at = At(THURSDAY, "0900")
    asked = asks(1, day=THURSDAY, start="0900", overflow=Overflow.NONE)
    queue.wait(HOUR - 1)
    assert queue.book(1, asked) == Refusal("NoPlaces")
    queue.wait(1)
    assert queue.book(1, asked) == Has("booked", at, (1,), None)


def test_places_for_walk_ins_are_not_sold_until_the_window_begins(queue: Queue) -> None:
    assert queue.reserve(EARLY, 3) is None
    assert queue.book(1, asks(1, 2)) == Has("booked", LATE, (1, 2), None)
    assert queue.reserve(EARLY, 1) is None
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].held) == (3, 1)
    queue.wait(DAY + HOUR)
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].held) == (4, 0)


def test_a_quota_does_not_fall_below_what_is_taken_unless_forced(queue: Queue) -> None:
    queue.book(1, asks(1, 2, 3))
    assert queue.set_quota(EARLY, 2, force=False) == Refusal("BelowTaken")
    assert queue.seen()[EARLY].quota == PLACES
    assert queue.set_quota(EARLY, 2, force=True) is None
    assert (queue.seen()[EARLY].remaining, len(queue.seen()[EARLY].holders)) == (-1, 3)
    assert queue.book(2, asks(4)) == Has("booked", LATE, (1,), None)


def test_a_quota_falls_by_the_places_that_are_released_last(queue: Queue) -> None:
    at = At(THURSDAY, "0800")
    assert queue.set_quota(at, 1, force=False) is None
    assert (queue.seen()[at].remaining, queue.seen()[at].held) == (0, 1)
    queue.wait(HOUR)
    assert (queue.seen()[at].remaining, queue.seen()[at].held) == (1, 0)


def test_a_place_that_is_due_is_free_before_one_that_is_not(queue: Queue) -> None:
    at = At(THURSDAY, "0800")
    queue.wait(HOUR)
    assert queue.set_quota(at, 1, force=False) is None
    assert (queue.seen()[at].remaining, queue.seen()[at].held) == (0, 1)


def test_a_closed_day_sells_nothing_and_keeps_its_people(queue: Queue) -> None:
    queue.book(1, asks(1))
    queue.close(TUESDAY, closed=True)
    assert queue.book(2, asks(2)) == Has("booked", At(WEDNESDAY, "0800"), (1,), "overflow")
    assert queue.seen()[EARLY].holders == {1: 1}
    queue.close(TUESDAY, closed=False)
    assert queue.book(3, asks(3)) == Has("booked", EARLY, (2,), None)


def test_a_day_is_moved_in_its_order_families_together(queue: Queue) -> None:
    queue.book(1, asks(1, start="0900"))
    queue.book(2, asks(2, 3))
    queue.book(3, asks(4, 5))
    assert queue.move_day(TUESDAY) == Moved(3, 0)
    assert queue.book(2, asks(2, 3)) == Has("booked", At(WEDNESDAY, "0800"), (1, 2), "office")
    told = queue.book(3, asks(4, 5))
    assert told == Has("booked", At(WEDNESDAY, "0800"), (3, 4), "office"), "one is not released yet"
    told = queue.book(1, asks(1, start="0900"))
    assert told == Has("booked", At(WEDNESDAY, "0900"), (1,), "office")


def test_a_family_that_fits_further_ahead_drags_nobody_along(queue: Queue) -> None:
    queue.book(1, asks(1, 2, 3))
    queue.book(2, asks(4))
    for key, at in enumerate((At(WEDNESDAY, "0800"), At(WEDNESDAY, "0900")), 3):
        queue.set_quota(at, 3, force=False)  # two free, and one that is not released yet
        queue.book(key, asks(key * 10, day=WEDNESDAY, start=at.start))
    assert queue.move_day(TUESDAY) == Moved(2, 0)
    told = queue.book(1, asks(1, 2, 3))
    assert told == Has("booked", At(THURSDAY, "0800"), (1, 2, 3), "office")
    assert queue.book(2, asks(4)) == Has("booked", At(WEDNESDAY, "0800"), (2,), "office")


def test_a_move_takes_no_place_that_is_kept_for_walk_ins(queue: Queue) -> None:
    queue.book(1, asks(1, 2, 3, 4))
    assert queue.reserve(At(WEDNESDAY, "0800"), 1) is None
    assert queue.reserve(At(WEDNESDAY, "0900"), 1) is None
    assert queue.move_day(TUESDAY) == Moved(1, 0)
    told = queue.book(1, asks(1, 2, 3, 4))
    assert told == Has("booked", At(THURSDAY, "0800"), (1, 2, 3, 4), "office")


def test_who_finds_no_place_stays_and_is_counted(queue: Queue) -> None:
    queue.book(1, asks(1, day=THURSDAY))
    assert queue.move_day(THURSDAY) == Moved(0, 1)
    assert queue.seen()[At(THURSDAY, "0800")].holders == {1: 1}


def test_numbers_left_behind_come_back_once_the_sweeper_came_by(queue: Queue) -> None:
    assert queue.crash(asks(1, 2, 3)) is None
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].unfiled) == (1, 3)
    queue.sweep()
    assert (queue.seen()[EARLY].remaining, queue.seen()[EARLY].unfiled) == (PLACES, 0)
    assert queue.book(1, asks(1)) == Has("booked", EARLY, (4,), None)
