"""The availability of an office over the API: remembered for a moment, by what was asked."""

from datetime import timedelta
from typing import Any

import pytest

from antrean.domain.slots import Lane, SlotRef
from antrean.handlers.public_api import handler
from antrean.store.writes.claim import claim
from tests.support.gateway import Client
from tests.support.people import TUESDAY
from tests.support.worlds import World, deadline

REF = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")
api = Client(handler)


@pytest.fixture(autouse=True)
def world(unaudited: World) -> World:
    unaudited.has_office(open_days=5)
    return unaudited


def ask(status: int = 200, office_id: str = "kotabumi", **query: Any) -> Any:
    route = "/v1/offices/{office_id}/availability"
    asked = {name.lstrip("_"): value for name, value in query.items()}
    answer = api("GET", route, office_id=office_id, query=asked)
    assert answer.status == status, answer
    return answer.json


def left(answer: Any) -> int:
    [day] = [each for each in answer["days"] if each["date"] == TUESDAY.isoformat()]
    remaining: int = day["remaining"]
    return remaining


def test_an_answer_is_given_again_for_a_moment_and_costs_nothing(world: World) -> None:
    world.client.log.clear()
    first = ask()
    reads = len(world.client.log)
    assert claim(REF, 1, int(world.time.seconds()), deadline())
    del world.client.log[reads:]
    assert ask() == first
    assert len(world.client.log) == reads


def test_what_is_shown_is_at_most_four_seconds_old(world: World) -> None:
    before = left(ask(party="2"))
    assert claim(REF, 1, int(world.time.seconds()), deadline())
    world.time.forward(seconds=1.9)
    assert left(ask()) == before, "made of the month that is remembered"
    world.time.forward(seconds=2)
    assert left(ask()) == before - 1


def test_each_question_has_its_own_answer(world: World) -> None:
    tomorrow = (TUESDAY + timedelta(days=1)).isoformat()
    answers = [
        ask(),
        ask(lane="priority"),
        ask(party="5"),
        ask(days="3"),
        ask(_from=tomorrow),
    ]
    assert [one["lane"] for one in answers] == ["regular", "priority", *["regular"] * 3]
    assert [one["party"] for one in answers] == [1, 1, 5, 1, 1]
    assert [len(one["days"]) for one in answers] == [30, 30, 30, 3, 30]
    assert answers[4]["days"][0]["date"] == tomorrow


def test_what_is_refused_is_refused_again(world: World) -> None:
    for _ in range(2):
        ask(404, office_id="atlantis")
        ask(422, party="6")
    ask()
    ask(422, days="0")
