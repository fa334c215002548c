"""What the table's stream says becomes orders: none is lost, whatever fails."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.domain.overflow import Overflow
from antrean.handlers.order_messages import handler
from tests.support.gateway import Context
from tests.support.people import TUESDAY
from tests.support.providers import Queue
from tests.support.worlds import TABLE, World, deadline

type Image = dict[str, Any]


def images(world: World) -> dict[tuple[str, str], Image]:
    """Every item, as a stream's images have it."""
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in world.client.items(TABLE)}


def records(before: dict[tuple[str, str], Image], after: dict[tuple[str, str], Image]) -> list[Any]:
    """The stream's records between two states of the table."""
    changed = [key for key in before | after if before.get(key) != after.get(key)]
    return [
        {
            "eventName": "INSERT" if key not in before else "MODIFY" if key in after else "REMOVE",
            "dynamodb": {
                "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
                "SequenceNumber": str(number),
                **({"NewImage": after[key]} if key in after else {}),
                **({"OldImage": before[key]} if key in before else {}),
            },
        }
        for number, key in enumerate(changed)
    ]


def told_of(world: World, change: Callable[[], object]) -> list[Any]:
    before = images(world)
    change()
    return records(before, images(world))


def orders(queue: Queue) -> list[dict[str, Any]]:
    return [json.loads(body) for body in queue.bodies]


def failed(records: list[Any]) -> list[str]:
    answer = handler({"Records": records}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_a_booking_made_is_to_be_confirmed(
    couple_booked: Booked, world: World, queue: Queue
) -> None:
    assert failed(records({}, images(world))) == []

    assert orders(queue) == [
        {"code": couple_booked.booking.code, "kind": "confirmation", "version": 1}
    ]


def test_a_booking_in_another_place_is_to_be_told(
    couple_booked: Booked, world: World, queue: Queue
) -> None:
    held = open_booking(couple_booked.booking.code, couple_booked.token, deadline())
    day = TUESDAY + timedelta(days=1)

    assert (
        failed(
            told_of(world, lambda: reschedule_booking(held, day, None, Overflow.NONE, deadline()))
        )
        == []
    )
    assert orders(queue) == [{"code": couple_booked.booking.code, "kind": "moved", "version": 2}]


def test_a_cancelled_booking_is_to_be_told_once(
    couple_booked: Booked, world: World, queue: Queue
) -> None:
    held = open_booking(couple_booked.booking.code, couple_booked.token, deadline())
    assert failed(told_of(world, lambda: cancel_booking(held, deadline()))) == []
    cancelled = [{"code": couple_booked.booking.code, "kind": "cancelled", "version": 2}]
    assert orders(queue) == cancelled

    key = ("BOOKING#" + couple_booked.booking.code, "BOOKING")
    image = images(world)[key]
    assert failed(records({key: image}, {key: image | {"version": {"N": "3"}}})) == [], "erased"
    assert orders(queue) == cancelled


def test_a_booking_that_stays_where_it_is_and_one_that_was_removed_are_not(
    couple_booked: Booked, world: World, queue: Queue
) -> None:
    (booking,) = (image for (pk, _), image in images(world).items() if pk.startswith("BOOKING#"))
    here = {
        ("BOOKING#" + couple_booked.booking.code, "BOOKING"): booking | {"status": {"S": "booked"}}
    }
    touched = {key: image | {"changed_at": {"N": "1"}} for key, image in here.items()}
    assert failed(records(here, touched)) == []
    assert failed(records(here, {})) == [], "removed by its TTL"
    mark = {key: {"pk": {"S": key[0]}, "sk": {"S": key[1]}} for key in here}
    assert failed(records({}, mark)) == [], "the mark of a removed booking"

    assert orders(queue) == []


def many(world: World, count: int) -> list[Any]:
    """Records of as many bookings made."""
    (record,) = (
        each
        for each in records({}, images(world))
        if each["dynamodb"]["Keys"]["sk"]["S"] == "BOOKING"
    )
    return [
        {
            **record,
            "dynamodb": {
                **record["dynamodb"],
                "Keys": {"pk": {"S": f"BOOKING#{number:010}"}, "sk": {"S": "BOOKING"}},
                "SequenceNumber": str(number),
            },
        }
        for number in range(count)
    ]


@pytest.mark.usefixtures("couple_booked")
def test_a_queue_that_takes_nothing_loses_nothing(world: World, queue: Queue) -> None:
    batch = many(world, 25)
    queue.refuses = 1

    (first,) = failed(batch)
    assert failed(batch[int(first) :]) == []
    assert {order["code"] for order in orders(queue)} == {f"{n:010}" for n in range(25)}


@pytest.mark.usefixtures("couple_booked")
def test_a_record_that_cannot_be_read_holds_up_those_after_it_and_no_others(
    world: World, queue: Queue
) -> None:
    batch = many(world, 25)
    batch[13]["dynamodb"]["NewImage"] = {"status": {"S": "booked"}}

    assert failed(batch) == ["13"]
    assert {order["code"] for order in orders(queue)} == {f"{n:010}" for n in range(13)}


@pytest.mark.usefixtures("couple_booked")
def test_records_after_a_refused_batch_are_handed_over_again(world: World, queue: Queue) -> None:
    batch = many(world, 25)
    taken: list[Any] = []

    def second_call_fails(**request: Any) -> dict[str, Any]:
        taken.append(request)
        if len(taken) == 2:
            raise ConnectionError
        return {"Successful": request["Entries"]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Queue, "send_message_batch", lambda _self, **more: second_call_fails(**more))
        assert failed(batch) == ["10"]
