"""What follows a day, broken at every call and done again: tombstones and statistics come out as if
nothing had happened."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.handlers import keep_statistics, leave_tombstones
from antrean.store.dynamodb import connect, table
from antrean.store.items.booking import BOOKING, BookingItem
from tests.engines.faults import Faults, every_fault_point
from tests.support.gateway import Context
from tests.support.people import a_request
from tests.support.worlds import TABLE, World, deadline, in_memory

TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


@pytest.fixture
def world() -> Iterator[World]:
    """Kotabumi after a day with three bookings."""
    with in_memory() as world:
        world.has_office(open_days=3)
        for number in range(1, 4):
            book(a_request(number), deadline())
        world.time.forward(days=2)
        yield world


def made(world: World) -> list[dict[str, Any]]:
    """The tombstones and statistics of the table."""
    return [
        item
        for item in world.client.items(TABLE)
        if item["sk"]["S"] == "GONE" or item["pk"]["S"].startswith("STATS#")
    ]


def hold(world: World, run: Callable[[], object]) -> None:
    """Insist that `run`, broken anywhere and then repeated, ends as it does unbroken."""
    before, since = world.client.snapshot(), world.time.instant
    run()
    wanted = made(world)
    assert wanted

    def scenario(faults: Faults) -> None:
        connect(world.client)
        world.client.restore(before)
        world.time.instant = since
        connect(faults.wrap(world.client))
        with faults.armed(), suppress(Exception):
            run()
        connect(world.client)
        run()
        faults.deliver()
        assert made(world) == wanted
        run()
        assert made(world) == wanted

    assert len(every_fault_point(scenario)) > 10
    connect(world.client)


def test_each_removed_booking_has_one_tombstone_however_often_the_stream_tells(
    world: World,
) -> None:
    world.time.forward(days=95)
    records = list(removals(world))

    def told() -> None:
        """Deliver as Lambda does: from the first record that failed, until none is left."""
        left = records
        for _ in range(5):
            failed = leave_tombstones.handler({"Records": left}, Context())["batchItemFailures"]
            if not failed:
                return
            place = int(failed[0]["itemIdentifier"])
            left = [one for one in records if int(one["dynamodb"]["SequenceNumber"]) >= place]

    hold(world, told)
    assert len(made(world)) == 3


def removals(world: World) -> Iterator[dict[str, Any]]:
    bookings = [item for item in world.client.items(TABLE) if item["sk"]["S"] == BOOKING]
    for number, old in enumerate(bookings):
        keys = BookingItem.from_raw_data(old)
        table().delete_item(keys.pk, keys.sk)
        yield {
            "eventName": "REMOVE",
            "userIdentity": TTL,
            "dynamodb": {
                "Keys": {"pk": old["pk"], "sk": old["sk"]},
                "OldImage": old,
                "SequenceNumber": str(number),
            },
        }


def test_a_night_that_is_broken_off_is_made_up_for_by_the_next_run(world: World) -> None:
    at = (world.time.now() - timedelta(hours=1)).isoformat()
    event = {"timezone": "Asia/Jakarta", "scheduled_at": at}
    hold(world, lambda: keep_statistics.handler(event, Context()))
