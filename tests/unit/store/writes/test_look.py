"""Look: the one read before a claim."""

from typing import Any

import pytest

from antrean.domain.errors import Unavailable
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from antrean.store.writes.look import look
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import a_booking, booking_filed, places_claimed, slots_opened


def test_an_empty_table_answers_nothing(world: World) -> None:
    looked = look("K7QF2M9PXT", ["A", "B"], "kotabumi", deadline())
    assert (looked.booking, looked.persons, looked.office) == (None, {}, None)


def test_booking_persons_and_office_come_in_one_read(world: World) -> None:
    office = world.has_office()
    slots_opened()
    booking = booking_filed(a_booking(places_claimed(5).numbers))
    world.client.log.clear()
    looked = look(booking.code, [*booking.people, "NOBODY"], office.office_id, deadline())
    assert looked.booking == booking
    assert set(looked.persons) == set(booking.people)
    assert looked.office == office
    assert [request.operation for request in world.client.log] == ["BatchGetItem"]


def test_an_office_that_is_known_is_not_read(world: World) -> None:
    world.has_office()
    assert look("K7QF2M9PXT", ["A"], None, deadline()).office is None


def test_a_look_sees_what_was_just_written(world: World) -> None:
    slots_opened()
    world.client.stale = lambda: True
    world.client.lag()
    booking = booking_filed(a_booking(places_claimed().numbers))
    assert look(booking.code, booking.people, None, deadline()).booking == booking


class Halting:
    """Leaves all but the first key of a BatchGet unprocessed, as DynamoDB may."""

    def __init__(self, client: Any, keys_at_once: int) -> None:
        self._client, self._keys = client, keys_at_once
        self.meta, self._request_signer = client.meta, client._request_signer

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        asked = request["RequestItems"]["antrean"]
        some = asked | {"Keys": asked["Keys"][: self._keys]}
        left = asked | {"Keys": asked["Keys"][self._keys :]}
        answer: dict[str, Any] = {"Responses": {}}
        if self._keys:
            answer = self._client._make_api_call(
                operation, request | {"RequestItems": {"antrean": some}}
            )
        return answer | {"UnprocessedKeys": {"antrean": left} if left["Keys"] else {}}


def test_keys_that_were_not_processed_are_asked_for_again(world: World) -> None:
    office = world.has_office()
    slots_opened()
    booking = booking_filed(a_booking(places_claimed(5).numbers))
    connect(Halting(world.client, 1))
    looked = look(booking.code, booking.people, office.office_id, deadline())
    assert (looked.booking, looked.office) == (booking, office)
    assert set(looked.persons) == set(booking.people)
    connect(world.client)


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_a_table_that_never_gets_round_to_it_is_unavailable(world: World, seconds: float) -> None:
    connect(Halting(world.client, 0))
    with pytest.raises(Unavailable):
        look("K7QF2M9PXT", ["A"], None, Deadline.after(seconds))
    connect(world.client)
