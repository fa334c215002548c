"""Reminders are asked for the evening before, for every booking of a zone's next day."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.domain.tickets import Ticket
from antrean.handlers import remind
from antrean.runtime.deadline import Deadline
from antrean.store.items.ticket import day_tickets
from tests.support.gateway import Context
from tests.support.people import a_request, people
from tests.support.providers import Queue, providers
from tests.support.worlds import World, deadline

EVENING = {"timezone": "Asia/Jakarta", "scheduled_at": "2026-11-23T10:00:00Z"}


@pytest.fixture
def queue() -> Iterator[Queue]:
    with providers() as (_, queue):
        yield queue


def asked(queue: Queue) -> list[dict[str, Any]]:
    return [json.loads(body) for body in queue.bodies]


def test_each_booking_of_tomorrow_is_asked_for_once(world: World, queue: Queue) -> None:
    world.has_office(open_days=3)
    couple = book(a_request(1, *people(2)), deadline()).booking
    alone = book(a_request(3), deadline()).booking
    book(a_request(4, day=date(2026, 11, 25)), deadline())
    gone = book(a_request(5), deadline())
    cancel_booking(open_booking(gone.booking.code, gone.token, deadline()), deadline())

    assert remind.handler(EVENING, Context()) == {"reminders": 2}
    assert asked(queue) == [
        {"code": booking.code, "kind": "reminder", "date": "2026-11-24"}
        for booking in (couple, alone)
    ]


def test_tomorrow_is_counted_from_when_the_run_was_meant_for(world: World, queue: Queue) -> None:
    world.has_office(open_days=3)
    book(a_request(1), deadline())
    world.time.forward(hours=20)  # it is Tuesday there by now

    assert remind.handler(EVENING, Context()) == {"reminders": 1}


def test_only_the_offices_of_the_zone_are_asked_for(world: World, queue: Queue) -> None:
    world.has_office(open_days=3)
    book(a_request(1), deadline())

    assert remind.handler({**EVENING, "timezone": "Asia/Makassar"}, Context()) == {"reminders": 0}


def test_an_office_that_fails_stops_no_other_and_the_run_fails(
    world: World, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.has_office(office_id="kalianda", open_days=3)
    world.has_office(open_days=3)
    book(a_request(1), deadline())

    def failing(office_id: str, day: date, deadline: Deadline) -> list[Ticket]:
        if office_id == "kalianda":
            raise OSError
        return day_tickets(office_id, day, deadline)

    monkeypatch.setattr(remind, "day_tickets", failing)

    with pytest.raises(ExceptionGroup):
        remind.handler(EVENING, Context())
    assert len(queue.bodies) == 1
