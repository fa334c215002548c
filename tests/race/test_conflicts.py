"""Writes that meet a conflict are tried again, and change nothing of what is sold to whom."""

from collections.abc import Callable
from itertools import chain

from tests.race.afterwards import is_not, wrong
from tests.race.clients import Answer, ask_all
from tests.race.conflicts import conflicts
from tests.race.crowd import PROCESSES, Crowd, Part
from tests.race.unguarded import conflicts_not_retried
from tests.race.world import open_office, ref, request
from tests.support.stored import slot_now

FAMILIES = 20


def families(crowd: Crowd) -> list[str]:
    """Families of three race for room for half of them; a third of all writes conflict."""
    crowd.patches += (conflicts,)
    quota = 3 * FAMILIES // 2
    open_office("kotabumi", [(ref(), quota)])
    requests = [request(i, ref(), party=3) for i in range(FAMILIES)]
    played = crowd.play(*[Part(ask_all, (requests[i::PROCESSES],)) for i in range(PROCESSES)])
    answers: list[Answer] = list(chain.from_iterable(played))
    found = list(wrong(answers))
    found += is_not("families", sum(answer.booking is not None for answer in answers), quota // 3)
    found += is_not("told", {answer.refused for answer in answers}, {"", "NoPlaces"})
    found += is_not("remaining", slot_now(ref()).remaining, 0)
    return found


def test_conflicts_lose_no_booking_and_no_place(run: Callable[..., list[str]]) -> None:
    assert run(families) == []


def test_control_conflicts_taken_for_refusals_lose_bookings(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(families, without=[conflicts_not_retried])
