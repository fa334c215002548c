"""What follows a day, on the table of moto and with no more than the template allows."""

from typing import Any

from antrean.booking.book import book
from antrean.handlers import admin_api, keep_statistics, leave_tombstones, public_api
from antrean.runtime.registry import forget
from antrean.store.dynamodb import table
from antrean.store.items.booking import BookingItem
from tests.support.gateway import Client, Context, signed_in
from tests.support.people import a_request
from tests.support.worlds import World, deadline

TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def test_a_day_is_counted_shown_and_still_told_of_when_its_people_are_deleted(
    world: World,
) -> None:
    office = world.has_office(open_days=3)
    made = book(a_request(1, start="0800"), deadline())
    world.time.forward(days=2)
    event = {"timezone": "Asia/Jakarta"}
    assert keep_statistics.handler(event, Context()) == {"days": 2}
    assert keep_statistics.handler(event, Context()) == {"days": 2}

    world.time.forward(days=90)
    forget()
    assert removed(made.booking.code)
    shown = Client(admin_api.handler)(
        "GET",
        "/v1/admin/offices/{office_id}/statistics",
        office_id=office.office_id,
        query={"from": "2026-11-24", "days": "1"},
        claims=signed_in("office-admin:kotabumi"),
    )
    assert shown.json["days"][0]["lanes"][0]["booked"] == 1
    applicants = Client(public_api.handler)
    ledger = applicants(
        "GET",
        "/v1/offices/{office_id}/ledger",
        office_id=office.office_id,
        query={"date": "2026-11-24"},
    )
    assert ledger.json["slots"][0]["booked"] == 1
    bearer = {"Authorization": f"Bearer {made.token}"}
    answer = applicants("GET", "/v1/bookings/{code}", code=made.booking.code, headers=bearer)
    assert answer.problem == "data-deleted"


def removed(code: str) -> dict[str, Any]:
    """Remove a booking as DynamoDB does, and tell of it."""
    keyed = BookingItem.keyed(code)
    old = table().get_item(keyed.pk, keyed.sk)["Item"]
    table().delete_item(keyed.pk, keyed.sk)
    keys = {"pk": {"S": keyed.pk}, "sk": {"S": keyed.sk}}
    change = {"Keys": keys, "OldImage": old, "SequenceNumber": "1"}
    record = {"eventName": "REMOVE", "userIdentity": TTL, "dynamodb": change}
    told: dict[str, Any] = leave_tombstones.handler({"Records": [record]}, Context())
    assert told["batchItemFailures"] == []
    return told
