"""The queue of moves: a run asks for the one that the move needs after it, and when."""

import json
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.days.move_day import WAIT_SECONDS, begin_move
from antrean.domain.audit import Author
from antrean.domain.moves import DONE, WAITING
from antrean.handlers import move_day
from antrean.runtime import clock, queues
from antrean.runtime.registry import forget
from antrean.store.items.move import get_move
from antrean.store.writes.claim import claim
from antrean.store.writes.sweep import GRACE
from tests.support.gateway import Context
from tests.support.people import TUESDAY, a_request
from tests.support.providers import batch
from tests.support.worlds import World, deadline

MOVE = {"office_id": "kotabumi", "scope": f"{TUESDAY}#all#all"}


class Asked:
    """SQS: what was asked for, and after how many seconds; it may fail."""

    def __init__(self) -> None:
        self.delays: list[int] = []
        self.fails = False

    def send_message_batch(self, *, Entries: list[Any], **_queue: Any) -> dict[str, Any]:  # noqa: N803
        if self.fails:
            return {"Failed": [{"Id": entry["Id"]} for entry in Entries]}
        assert [json.loads(entry["MessageBody"]) for entry in Entries] == [MOVE]
        self.delays += [entry["DelaySeconds"] for entry in Entries]
        return {}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(queues, "sqs", lambda: asked)
    return asked


def moves(world: World, horizon_days: int) -> None:
    office = world.has_office(open_days=2, horizon_days=horizon_days)
    book(a_request(1), deadline())
    begin_move(office, TUESDAY, None, None, "Banjir", Author("u-1", "r-1"), deadline())


def run() -> list[Any]:
    """Deliver a message; return which failed."""
    forget()
    return move_day.handler(batch(MOVE), Context())["batchItemFailures"]


def state() -> str:
    return get_move("kotabumi", MOVE["scope"], deadline()).state


def test_a_move_that_is_done_asks_for_nothing(world: World, asked: Asked) -> None:
    moves(world, horizon_days=5)
    assert (run(), state(), asked.delays) == ([], DONE, [])


def test_a_move_with_a_booking_under_way_goes_on_after_the_grace(
    world: World, asked: Asked
) -> None:
    office = world.has_office(open_days=5)
    ref = book(a_request(1), deadline()).booking.ref
    claim(ref, 1, clock.epoch(), deadline())
    begin_move(office, TUESDAY, None, None, "Banjir", Author("u-1", "r-1"), deadline())
    assert (run(), asked.delays) == ([], [GRACE])


def test_a_move_that_waits_goes_on_by_itself_one_run_at_a_time(world: World, asked: Asked) -> None:
    moves(world, horizon_days=1)
    assert (run(), state(), asked.delays) == ([], WAITING, [WAIT_SECONDS])
    assert (run(), asked.delays) == ([], [WAIT_SECONDS]), "one is on its way"
    world.time.forward(seconds=WAIT_SECONDS)
    assert (run(), asked.delays) == ([], [WAIT_SECONDS] * 2)


def test_a_run_that_could_not_ask_for_the_next_comes_again(world: World, asked: Asked) -> None:
    moves(world, horizon_days=1)
    asked.fails = True
    assert len(run()) == 1
    asked.fails = False
    assert (run(), asked.delays) == ([], [WAIT_SECONDS])


def test_who_waits_is_moved_when_days_are_opened(world: World, asked: Asked) -> None:
    moves(world, horizon_days=1)
    run()
    world.time.forward(hours=24)  # the horizon goes on to Wednesday
    assert (run(), state()) == ([], DONE)
