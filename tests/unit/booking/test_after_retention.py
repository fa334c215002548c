"""After the retention time: what expired counts as deleted, and a tombstone tells so for a year."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.domain.errors import KeyReused
from antrean.domain.offices import Office
from antrean.handlers import leave_tombstones, public_api
from antrean.runtime.settings import settings
from antrean.store.dynamodb import table
from antrean.store.items.booking import BookingItem, get_booking
from antrean.store.items.ticket import day_tickets, get_ticket, slot_tickets
from antrean.store.writes.look import look
from tests.support.gateway import Answer, Client, Context
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import TABLE, World, deadline

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


@pytest.fixture
def office(world: World) -> Office:
    return world.has_office(open_days=3)


@pytest.fixture
def couple_booked(office: Office) -> Booked:
    """A couple's booking on Tuesday."""
    return book(a_request(1, *people(2), start="0800"), deadline())


def ask(
    couple_booked: Booked, token: str | None = None, method: str = "GET", of: str = ""
) -> Answer:
    headers = {"Authorization": f"Bearer {token or couple_booked.token}"}
    route = "/v1/bookings/{code}" + of
    return Client(public_api.handler)(
        method, route, code=couple_booked.booking.code, headers=headers
    )


def expire(world: World, days: int = 90) -> None:
    world.time.set(MIDNIGHT + timedelta(days=days))


def removed(couple_booked: Booked, **changes: Any) -> dict[str, Any]:
    """Remove the booking as DynamoDB does; return the stream's record of it."""
    keyed = BookingItem.keyed(couple_booked.booking.code)
    key = {"pk": {"S": keyed.pk}, "sk": {"S": keyed.sk}}
    old = table().get_item(keyed.pk, keyed.sk)["Item"]
    table().delete_item(keyed.pk, keyed.sk)
    return {
        "eventName": "REMOVE",
        "userIdentity": TTL,
        "dynamodb": {"Keys": key, "OldImage": old, "SequenceNumber": "1"},
    } | changes


def tell(*records: dict[str, Any]) -> Any:
    return leave_tombstones.handler({"Records": list(records)}, Context())["batchItemFailures"]


def items(world: World) -> list[dict[str, Any]]:
    found = world.client.items(TABLE)
    return [item for item in found if item["pk"]["S"].startswith("BOOKING#")]


def test_the_second_before_it_is_there_and_the_second_after_it_is_gone(
    world: World, couple_booked: Booked
) -> None:
    booking = couple_booked.booking
    expire(world)
    world.time.forward(seconds=-1)
    assert get_booking(booking.code, deadline()) == booking
    assert len(day_tickets("kotabumi", TUESDAY, deadline())) == 2
    world.time.forward(seconds=1)
    assert get_booking(booking.code, deadline()) is None
    assert day_tickets("kotabumi", TUESDAY, deadline()) == []
    assert slot_tickets(booking.ref, range(1, 3), deadline()) == []
    assert get_ticket(booking.ref, 1, deadline()) is None
    looked = look(booking.code, booking.people, None, deadline())
    assert (looked.booking, looked.gone) == (None, True)


def test_the_retention_time_is_the_deployments(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "7")
    settings.cache_clear()
    made = book(a_request(1, *people(2)), deadline())
    expire(world, days=7)
    assert get_booking(made.booking.code, deadline()) is None
    assert day_tickets("kotabumi", TUESDAY, deadline()) == []


def test_its_holder_is_told_that_the_data_is_deleted_and_not_whose_it_was(
    world: World, couple_booked: Booked
) -> None:
    expire(world)
    for removal in ("not yet removed", "removed"):
        if removal == "removed":
            assert tell(removed(couple_booked)) == []
        for method, of in (("GET", ""), ("DELETE", ""), ("GET", "/proof.svg")):
            answer = ask(couple_booked, method=method, of=of)
            assert (answer.status, answer.problem) == (410, "data-deleted"), removal
            assert answer.json["date"] == "2026-11-24"
            assert answer.json.keys() == {"type", "title", "status", "detail", "date"}
        assert ask(couple_booked, token="x" * 32).problem == "not-found", (
            "codes cannot be tried out"
        )
    [tombstone] = items(world)
    assert tombstone.keys() == {"pk", "sk", "token_digest", "day", "expires_at"}


def test_a_tombstone_goes_after_a_year(world: World, couple_booked: Booked) -> None:
    expire(world)
    tell(removed(couple_booked))
    expire(world, days=90 + 365)
    world.time.forward(seconds=-1)
    assert ask(couple_booked).problem == "data-deleted"
    world.time.forward(seconds=1)
    assert ask(couple_booked).problem == "not-found"


def test_the_stream_told_twice_leaves_the_same_tombstone(
    world: World, couple_booked: Booked
) -> None:
    expire(world)
    record = removed(couple_booked)
    assert tell(record) == []
    once = items(world)
    world.time.forward(days=1)
    assert tell(record, record) == []
    assert items(world) == once


def test_what_dynamodb_did_not_remove_for_its_age_leaves_none(
    world: World, couple_booked: Booked
) -> None:
    expire(world)
    record = removed(couple_booked, userIdentity=None)
    person = {"pk": {"S": "PERSON#A"}, "sk": {"S": "LIVE"}}
    others = [
        record,
        record | {"userIdentity": TTL, "eventName": "MODIFY"},
        record | {"userIdentity": TTL, "dynamodb": record["dynamodb"] | {"Keys": person}},
    ]
    assert tell(*others) == []
    assert items(world) == []


def test_a_store_that_is_away_names_the_first_record_that_is_not_done(
    world: World, couple_booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire(world)
    record = removed(couple_booked)
    broken = record | {"dynamodb": {**record["dynamodb"], "OldImage": {}, "SequenceNumber": "2"}}
    assert tell(record, broken, record) == [{"itemIdentifier": "2"}]
    assert len(items(world)) == 1


def test_a_repeat_of_a_request_whose_booking_is_deleted_makes_no_second_one(
    world: World, couple_booked: Booked
) -> None:
    expire(world)
    with pytest.raises(KeyReused):
        book(
            a_request(1, *people(2), start="0800", day=world.today(couple_booked.office)),
            deadline(),
        )
