"""The planner: which rosters it asks for, and that asking twice is harmless."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from antrean.handlers.plan_rosters import handler as planner
from antrean.handlers.publish_rosters import handler as publisher
from antrean.runtime import queues
from antrean.runtime.settings import settings
from antrean.store.items.office import put_office
from tests.integration.roster_stack import (
    file,
    open_office,
    roster_stack,
    writes,
)
from tests.support.clocks import StandingClock as Time
from tests.support.rosters import OFFICE, ticket
from tests.support.worlds import deadline


@pytest.fixture
def time(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """The clock of this test's stack."""
    with roster_stack(table, monkeypatch) as time:
        yield time


def run(**event: str) -> dict[str, int]:
    """Run the planner for Jakarta's zone."""
    return planner({"timezone": "Asia/Jakarta", **event}, None)  # type: ignore[arg-type]


def received() -> list[dict[str, Any]]:
    """Take all messages from the queue, as the publisher gets them."""
    sqs, url, found = boto3.client("sqs"), settings().roster_queue_url, []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            found.append({"messageId": message["MessageId"], "body": message["Body"]})
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def asked() -> list[tuple[str, str]]:
    """The office and date of every message."""
    bodies = [json.loads(record["body"]) for record in received()]
    return sorted((body["office_id"], body["date"]) for body in bodies)


DATES = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]


def test_it_asks_for_the_coming_days_of_the_zones_offices(time: Time) -> None:
    for office_id in ("kotabumi", "metro"):
        put_office(replace(OFFICE, office_id=office_id), deadline())
    put_office(replace(OFFICE, office_id="manado", timezone="Asia/Makassar"), deadline())
    assert run() == {"rosters": 8}
    assert asked() == [(office, date) for office in ("kotabumi", "metro") for date in DATES]


def test_a_late_run_asks_for_the_days_after_the_time_it_was_meant_for(time: Time) -> None:
    put_office(OFFICE, deadline())
    time.forward(hours=9)
    run(scheduled_at="2026-11-23T11:00:00Z")
    assert asked() == [("kotabumi", date) for date in DATES]


def test_the_morning_asks_for_the_day_itself_too(time: Time) -> None:
    put_office(OFFICE, deadline())
    run(run="morning", scheduled_at="2026-11-23T22:00:00Z")
    assert asked() == [("kotabumi", date) for date in DATES]


def test_a_scheduled_time_that_was_not_filled_in_means_now(time: Time) -> None:
    put_office(OFFICE, deadline())
    run(scheduled_at="<aws.scheduler.scheduled-time>")
    assert asked() == [("kotabumi", date) for date in DATES]


def test_dates_are_those_of_the_zone(time: Time) -> None:
    put_office(replace(OFFICE, timezone="Asia/Jayapura"), deadline())
    planner(
        {"timezone": "Asia/Jayapura", "scheduled_at": "2026-11-22T20:30:00Z"},  # 05:30 on the 23rd
        None,  # type: ignore[arg-type]
    )
    assert asked() == [("kotabumi", date) for date in DATES]


def test_more_offices_than_one_call_takes_are_all_asked_for(time: Time) -> None:
    for number in range(13):
        put_office(replace(OFFICE, office_id=f"office-{number:02}"), deadline())
    assert run() == {"rosters": 52}
    assert len(set(asked())) == 52


def test_running_twice_publishes_once(time: Time) -> None:
    open_office()
    file(ticket("0800", 1))
    run()
    publisher({"Records": received()}, None)  # type: ignore[arg-type]
    before = writes()
    run()
    publisher({"Records": received()}, None)  # type: ignore[arg-type]
    assert before > 0
    assert writes() == before


class ThrottledQueue:
    """A queue that refuses the first message of a call for some calls."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.taken: list[str] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        refused = Entries[:1] if self.calls > 0 else []
        self.calls -= 1
        self.taken += [entry["MessageBody"] for entry in Entries[len(refused) :]]
        return {"Failed": [{"Id": entry["Id"]} for entry in refused]}


def test_a_message_that_was_refused_is_sent_again(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_office(OFFICE, deadline())
    queue = ThrottledQueue(calls=2)
    monkeypatch.setattr(queues, "sqs", lambda: queue)
    assert run() == {"rosters": 4}
    assert len(set(queue.taken)) == len(queue.taken) == 4


def test_a_run_whose_messages_stay_refused_fails_after_asking_for_the_others(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        put_office(replace(OFFICE, office_id=f"office-{number:02}"), deadline())
    queue = ThrottledQueue(calls=queues.ATTEMPTS)
    monkeypatch.setattr(queues, "sqs", lambda: queue)
    with pytest.raises(queues.NotEnqueued, match="1 of 16"):
        run()
    assert len(queue.taken) == 15
