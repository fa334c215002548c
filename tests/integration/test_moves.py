"""A day's move through its queue, and the search over offices: calls that nobody else makes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from antrean.booking.book import book
from antrean.domain.offices import Office
from antrean.handlers import admin_api, move_day, public_api, sweep
from antrean.runtime.registry import forget
from antrean.runtime.settings import settings
from antrean.store.items.booking import get_booking
from antrean.store.items.ticket import day_tickets
from tests.support.gateway import Client, Context, signed_in
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import World, deadline

MOVE = "/v1/admin/offices/{office_id}/days/{date}/move"


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Kotabumi with four days open, a couple on Tuesday, and a queue of moves."""
    queue = boto3.client("sqs").create_queue(QueueName="moves")["QueueUrl"]
    monkeypatch.setenv("MOVE_QUEUE_URL", queue)
    settings.cache_clear()
    office = world.has_office(open_days=4)
    book(a_request(1, *people(2), start="0800"), deadline())
    for number in (2, 3):  # Wednesday's first window is full, so the mover looks for another
        party = people(2, first=10 * number)
        book(a_request(number, *party, day=TUESDAY + timedelta(days=1), start="0800"), deadline())
    yield office
    settings.cache_clear()


def taken() -> list[dict[str, Any]]:
    """The messages that wait, as the mover gets them."""
    sqs, url = boto3.client("sqs"), settings().move_queue_url
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [{"messageId": each["MessageId"], "body": each["Body"]} for each in found]


def test_a_move_that_has_no_more_time_goes_on_with_the_next_message(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Client(admin_api.handler)(
        "POST",
        MOVE,
        office_id=office.office_id,
        date=TUESDAY.isoformat(),
        body={"reason": "Banjir"},
        claims=signed_in("admin"),
    )
    assert answer.status in (200, 202), answer
    forget()  # the mover is another process, and has not seen the slots
    with monkeypatch.context() as patch:
        patch.setattr(move_day, "SECONDS", 0.0)
        move_day.handler({"Records": taken()}, Context())
    assert {str(each.status) for each in tickets(office)} == {"live"}
    forget()

    assert move_day.handler({"Records": taken()}, Context()) == {"batchItemFailures": []}

    assert {str(each.status) for each in tickets(office)} == {"returned"}
    assert taken() == []


def test_who_booked_again_after_the_day_stays_behind_and_the_other_moves(
    office: Office, world: World
) -> None:
    world.time.forward(days=2)
    forget()
    again = book(a_request(4, *people(1), day=TUESDAY + timedelta(days=2)), deadline())
    answer = Client(admin_api.handler)(
        "POST",
        MOVE,
        office_id=office.office_id,
        date=TUESDAY.isoformat(),
        body={"reason": "Banjir"},
        claims=signed_in("admin"),
    )
    assert answer.status in (200, 202), answer
    forget()

    assert move_day.handler({"Records": taken()}, Context()) == {"batchItemFailures": []}

    assert {str(ticket.status) for ticket in tickets(office)} == {"returned"}
    moved = get_booking(
        book(a_request(1, *people(2), start="0800"), deadline()).booking.code, deadline()
    )
    assert moved is not None
    assert len(moved.people) == 1
    assert moved.people[0] not in again.booking.people


def tickets(office: Office) -> list[Any]:
    return list(day_tickets(office.office_id, TUESDAY, deadline()))


def test_room_is_found_over_all_offices_when_they_were_swept(office: Office) -> None:
    sweep.handler({}, Context())
    query = {"province": office.province}
    answer = Client(public_api.handler)("GET", "/v1/availability", query=query)
    assert answer.status == 200, answer
    assert [each["office_id"] for each in answer.json["offices"]] == [office.office_id]
