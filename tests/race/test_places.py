"""Places are sold exactly once, however many ask at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from antrean.domain.overflow import Overflow
from antrean.domain.slots import SlotRef
from tests.race.afterwards import is_not, wrong
from tests.race.clients import Answer, ask_all
from tests.race.conftest import Race
from tests.race.crowd import PROCESSES, Crowd, Part
from tests.race.unguarded import claims_ask_for_one, claims_read_then_write
from tests.race.world import open_office, ref, request
from tests.support.people import TUESDAY
from tests.support.stored import slot_now

PLACES = 20
CLIENTS = 72


def _ask(crowd: Crowd, requests: Sequence[object]) -> list[Answer]:
    parts = [Part(ask_all, (requests[i::PROCESSES],)) for i in range(PROCESSES)]
    return [answer for answers in crowd.play(*parts) for answer in answers]


def _sold_out(slots: Sequence[SlotRef], quota: int, answers: Sequence[Answer]) -> Iterator[str]:
    """All places are sold, each once, and everybody else was refused for want of places."""
    yield from wrong(answers)
    sold = Counter(answer.booking.ref for answer in answers if answer.booking)
    yield from is_not("sold", sold, Counter(dict.fromkeys(slots, quota)))
    yield from is_not("remaining", {slot_now(slot).remaining for slot in slots}, {0})
    refused = Counter(answer.refused for answer in answers if answer.refused)
    yield from is_not("refused", refused, {"NoPlaces": len(answers) - quota * len(slots)})


def one_slot(crowd: Crowd) -> list[str]:
    open_office("kotabumi", [(ref(), PLACES)])
    answers = _ask(crowd, [request(i, ref()) for i in range(CLIENTS)])
    return list(_sold_out([ref()], PLACES, answers))


def two_windows(crowd: Crowd) -> list[str]:
    """Half the clients want each window; both halves take the other when theirs is full."""
    slots = [ref("0800"), ref("0900")]
    open_office("kotabumi", [(slot, PLACES) for slot in slots])
    requests = [request(i, slots[i % 2], overflow=Overflow.SAME_DATE) for i in range(CLIENTS)]
    return list(_sold_out(slots, PLACES, _ask(crowd, requests)))


def a_horizon(crowd: Crowd) -> list[str]:
    """Everybody wants the first day, any window, and accepts a later date."""
    days = [TUESDAY + timedelta(days=i) for i in (0, 1, 40)]
    slots = [ref(start, day) for day in days for start in ("0800", "0900", "1000", "1400")]
    open_office("kotabumi", [(slot, 3) for slot in slots])
    requests = [
        request(i, ref(""), overflow=Overflow.NEXT_DATE) for i in range(3 * len(slots) + 24)
    ]
    return list(_sold_out(slots, 3, _ask(crowd, requests)))


def families(crowd: Crowd) -> list[str]:
    """Families of three race for 32 places: 10 get theirs and two places stay."""
    open_office("kotabumi", [(ref(), 32)])
    answers = _ask(crowd, [request(i, ref(), party=3) for i in range(40)])
    found = list(wrong(answers))
    found += is_not("families", sum(answer.booking is not None for answer in answers), 10)
    found += is_not("remaining", slot_now(ref()).remaining, 2)
    for answer in answers:
        if answer.booking:
            first = answer.booking.numbers[0]
            found += is_not("numbers", answer.booking.numbers, (first, first + 1, first + 2))
    return found


@pytest.mark.parametrize("race", [one_slot, two_windows, a_horizon, families])
def test_every_place_is_sold_exactly_once(run: Callable[..., list[str]], race: Race) -> None:
    assert run(race) == []


@pytest.mark.parametrize("race", [one_slot, two_windows, a_horizon])
def test_control_claims_that_read_and_then_write_oversell(
    goes_wrong: Callable[..., bool], race: Race
) -> None:
    assert goes_wrong(race, without=[claims_read_then_write])


def test_control_claims_that_ask_for_one_oversell_to_families(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(families, without=[claims_ask_for_one])
