"""Giving places back: each exactly once, and none while its number may still be filed."""

from datetime import timedelta

import pytest

from antrean.runtime import clock
from antrean.store.dynamodb import connect
from antrean.store.items.returned_place import Return, due_returns, put_return
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction
from antrean.store.writes.change_booking import cancel_booking
from antrean.store.writes.give_back import give_back, give_back_quietly
from antrean.store.writes.offer_again import offer_again
from tests.engines.errors import throttled
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_slot,
    booking_filed,
    places_claimed,
    slot_now,
    slots_opened,
)


@pytest.mark.parametrize("places", [1, 5, 50, 51, 120])
def test_numbers_nobody_filed_come_back(world: World, places: int) -> None:
    slots_opened(a_slot(quota=200))
    assert give_back(REF, places_claimed(places).numbers, deadline()) == places
    assert (slot_now().remaining, slot_now().next_number) == (200, places + 1)


def test_a_number_comes_back_once(world: World) -> None:
    slots_opened()
    numbers = places_claimed(2).numbers
    assert give_back(REF, numbers, deadline()) == 2
    assert give_back(REF, numbers, deadline()) == 0
    assert slot_now().remaining == 10


def test_filed_numbers_stay_and_the_others_of_the_same_call_come_back(world: World) -> None:
    slots_opened()
    numbers = places_claimed(5).numbers
    booking_filed(a_booking(range(2, 4)))
    assert give_back(REF, numbers, deadline()) == 3
    assert slot_now().remaining == 8


def test_filed_numbers_stay_across_batches(world: World) -> None:
    slots_opened(a_slot(quota=100))
    numbers = places_claimed(100).numbers
    booking_filed(a_booking(range(48, 53)))
    assert give_back(REF, numbers, deadline()) == 95
    assert slot_now().remaining == 95


def test_a_given_back_place_can_be_had_under_a_new_number(world: World) -> None:
    slots_opened(a_slot(quota=1))
    give_back(REF, places_claimed().numbers, deadline())
    numbers = places_claimed().numbers
    assert list(numbers) == [2]
    booking_filed(a_booking(numbers))


def test_nothing_to_give_back_is_no_call(world: World) -> None:
    world.client.log.clear()
    assert give_back(REF, [], deadline()) == 0
    assert world.client.log == []


def test_numbers_of_no_slot_are_refused_rather_than_made(world: World) -> None:
    with pytest.raises(Refused):
        give_back(REF, [1], deadline())


class Throttling:
    """Answers every call with a throttle, and counts them."""

    def __init__(self, world: World) -> None:
        self.meta, self._request_signer = world.client.meta, world.client._request_signer
        self.calls = 0

    def _make_api_call(self, operation: str, _request: object) -> object:
        self.calls += 1
        raise throttled(operation)


def test_after_a_failure_it_is_tried_once_and_left_to_the_sweeper(world: World) -> None:
    slots_opened()
    numbers = places_claimed(2).numbers
    throttling = Throttling(world)
    connect(throttling)
    give_back_quietly(REF, numbers)
    assert throttling.calls == 1
    connect(world.client)
    assert slot_now().remaining == 8
    give_back_quietly(REF, numbers)
    assert slot_now().remaining == 10


def test_a_failure_of_giving_back_does_not_hide_the_one_before_it(world: World) -> None:
    give_back_quietly(REF, [1])
    assert world.client.items("antrean") == []


def waiting(number: int, seconds: int) -> Return:
    """A returned place on its way back, due in this many seconds."""
    place = Return(REF, number, clock.epoch() + seconds)
    writing = Transaction()
    put_return(writing, place)
    writing.commit(deadline())
    return place


def returned(number: int, seconds: int = 0) -> Return:
    """A place whose number is returned and which waits, as a cancelled booking leaves it."""
    booking = a_booking(range(number, number + 1), code=f"{number:010d}", people=(f"P{number}",))
    booking_filed(booking)
    place = Return(REF, number, clock.epoch() + seconds)
    cancel_booking(booking, [place], clock.epoch(), deadline())
    return place


def test_a_waiting_place_is_offered_again_once(world: World) -> None:
    slots_opened()
    places_claimed()
    place = returned(1)
    assert slot_now().remaining == 9
    assert offer_again(place, deadline())
    assert slot_now().remaining == 10
    assert not offer_again(place, deadline())
    assert slot_now().remaining == 10


def test_places_are_due_from_their_second_on_earliest_first(unaudited: World) -> None:
    late, soon, later = waiting(1, 61), waiting(2, 60), waiting(3, 3_600)
    assert due_returns(clock.epoch() + 59, 10, deadline()) == []
    assert due_returns(clock.epoch() + 60, 10, deadline()) == [soon]
    assert due_returns(clock.epoch() + 61, 10, deadline()) == [soon, late]
    assert due_returns(clock.epoch() + 3_600, 10, deadline()) == [soon, late, later]


def test_the_due_list_is_read_in_pages(unaudited: World) -> None:
    places = [waiting(number, 0) for number in range(1, 8)]
    found = [due_returns(clock.epoch(), 3, deadline())]
    while found[-1]:
        found.append(due_returns(clock.epoch(), 3, deadline(), after=found[-1][-1]))
    assert [len(page) for page in found] == [3, 3, 1, 0]
    assert [place for page in found for place in page] == places


def test_a_place_is_known_again_by_its_sort_key() -> None:
    ref = REF._replace(office_id="ulp-kota-2", day=TUESDAY + timedelta(days=38), start="1430")
    place = Return(ref, 42, 1_795_000_000)
    assert Return.from_sort_key(place.sort_key) == place


def test_the_due_list_is_in_order_of_time_whatever_the_office() -> None:
    earlier = Return(REF._replace(office_id="z"), 9_999, 999_999_999)
    later = Return(REF._replace(office_id="a"), 1, 1_000_000_000)
    assert earlier.sort_key < later.sort_key
