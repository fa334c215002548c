"""The whole public handler, API Gateway event in, response out, in many processes at once.

One request at a time in each, as in Lambda: Powertools keeps the event it serves in a class
attribute.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from itertools import chain
from typing import Any

from antrean.handlers.public_api import handler
from tests.race.afterwards import is_not, wrong
from tests.race.crowd import PROCESSES, Crowd, Part, all_together
from tests.race.unguarded import claims_read_then_write
from tests.race.world import open_office, ref
from tests.support.gateway import Answer, Client, Event, event
from tests.support.people import booking_json, key, person
from tests.support.stored import slot_now

STARTS = ("0800", "0900", "1000", "1100", "1300", "1400")
PLACES = 6
SOLD, REFUSED = len(STARTS) * PLACES, 12


def post_all(events: Sequence[Event]) -> list[Answer]:
    """Send events through the handler, one after the other, and then each once more."""
    client = Client(handler)
    with redirect_stdout(StringIO()):
        first = [client.send(each) for each in events]
        all_together()
        return first + [client.send(each) for each in events]


def over_http(crowd: Crowd) -> list[str]:
    """All want the first window and accept the others of the day; some come too late."""
    slots = [ref(start) for start in STARTS]
    open_office("kotabumi", [(slot, PLACES) for slot in slots])
    played = crowd.play(*[Part(post_all, (_events(i),)) for i in range(PROCESSES)])
    first: list[Answer] = list(chain.from_iterable(each[: len(each) // 2] for each in played))
    again: list[Answer] = list(chain.from_iterable(each[len(each) // 2 :] for each in played))
    found = list(wrong([]))
    found += _sold([answer.json for answer in first if answer.status == 201])
    found += is_not(
        "statuses", Counter(answer.status for answer in first), {201: SOLD, 409: REFUSED}
    )
    found += is_not("again", Counter(answer.status for answer in again), {200: SOLD, 409: REFUSED})
    for one, repeated in zip(first, again, strict=True):
        if one.status == 201:
            found += is_not("repeat", repeated.json["code"], one.json["code"])
        else:
            found += is_not("problem", one.problem, "no-places")
    found += is_not("remaining", {slot_now(slot).remaining for slot in slots}, {0})
    return found


def _events(process: int) -> list[Event]:
    return [
        event(
            "POST",
            "/v1/bookings",
            headers={"Idempotency-Key": key(i)},
            body=booking_json(person(i), window="08:00", overflow="same_date"),
        )
        for i in range(process, SOLD + REFUSED, PROCESSES)
    ]


def _sold(bookings: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every number of the day was given once, and who was moved was told so."""
    labels = [ticket["label"] for booking in bookings for ticket in booking["tickets"]]
    wanted = {f"R{start}-{n:03}" for start in STARTS for n in range(1, PLACES + 1)}
    yield from is_not("labels", sorted(labels), sorted(wanted))
    for booking in bookings:
        moved = booking["moved"] and (booking["moved"]["reason"], booking["moved"]["by"])
        in_time = booking["window"]["start"] == "08:00"
        yield from is_not("moved", moved, None if in_time else ("full", "overflow"))


def test_the_whole_handler_sells_every_place_once(run: Callable[..., list[str]]) -> None:
    assert run(over_http) == []


def test_control_the_whole_handler_oversells_by_claims_that_read_and_then_write(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(over_http, without=[claims_read_then_write])
