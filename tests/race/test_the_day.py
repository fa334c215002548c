"""However many counters press at once, a number is called once, and everybody is called in turn."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from antrean.booking.book import book
from antrean.counter.call import CounterPress, call_next, recall
from antrean.counter.check_in import Arrival, check_in
from antrean.counter.outcome import note_outcome
from antrean.domain.audit import Author
from antrean.domain.day import Number
from antrean.domain.errors import AntreanError, TooLate
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime import clock
from antrean.store.items.board import read_board
from antrean.store.items.office import get_office
from antrean.store.items.ticket import day_tickets
from tests.race import crowd
from tests.race.afterwards import is_not, wrong
from tests.race.crowd import PROCESSES, Crowd, Part
from tests.race.unguarded import unconditional
from tests.race.world import Running, open_office, ref, request
from tests.support.people import TUESDAY
from tests.support.worlds import deadline

PEOPLE = 24
COUNTERS = 3
"""In each process."""
MORNING = 25 * 3_600.0 + 300
"""Seconds from when the races begin (Monday, 07:00 in Jakarta) to 08:05 on Tuesday."""
STAFF = Author("staff", "race")
AT_ONCE_WITHOUT = [unconditional("ticket", "lane", "wait")]
"""The guards of a call: the ticket's state, the lane's version, the place in line."""


@dataclass(frozen=True, slots=True)
class Call:
    """A first call that a counter was told of: which press, which number, in which place."""

    press: str
    label: str
    turn: str


def works(name: str, seed: int) -> list[Call]:
    """Press until nobody waits; sometimes send a press twice, recall, or note the outcome twice."""
    chance, office = random.Random(f"{seed} {name}"), get_office("kotabumi", deadline())
    told: list[Call] = []
    for i in range(2 * PEOPLE):
        press = CounterPress(name, f"{name} {i}")
        try:
            for _ in range(chance.choice((1, 2))):
                answer = call_next(office, press, [Lane.REGULAR], deadline())
            if answer.ticket is None:
                return told
            told.append(Call(press.key, answer.ticket.label, answer.ticket.turn))
            _goes_on(office, press, answer.ticket, chance)
        except AntreanError as refusal:  # with all guards there is none
            return [*told, Call(press.key, type(refusal).__name__, "")]
    return told


def _goes_on(office: Office, press: CounterPress, ticket: Ticket, chance: random.Random) -> None:
    number = Number(ticket.ref.lane, ticket.ref.start, ticket.number)
    if chance.random() < 0.3:
        recall(office, CounterPress(press.counter, f"again {press.key}"), deadline())
    outcome = chance.choice((TicketStatus.SERVED, TicketStatus.NO_SHOW))
    for _ in range(chance.choice((1, 2))):
        note_outcome(office, TUESDAY, number, outcome, deadline())


def counters(process: int, seed: int) -> list[Call]:
    """Some counters of one process work on Tuesday morning."""
    with clock.use(Running(ahead=MORNING)):
        names = [f"{process}-{i}" for i in range(COUNTERS)]
        told = crowd.at_once(lambda name: works(name, seed), names, COUNTERS)
        return [call for calls in told for call in calls]


def arrivals(codes: Sequence[str]) -> int:
    """People come, some of them twice, while the counters work."""
    office = get_office("kotabumi", deadline())
    with clock.use(Running(ahead=MORNING)):
        return len(crowd.at_once(lambda code: comes(office, code), [*codes, *codes[::2]], 2))


def comes(office: Office, code: str) -> None:
    """Check a party in; the second time it may have been called in vain already."""
    with suppress(TooLate):
        check_in(office, Arrival(code), STAFF, deadline())


def _booked(people: int, *lanes: Lane) -> list[str]:
    """Book this many people in each lane; their codes."""
    slots = [ref()._replace(lane=lane) for lane in lanes or [Lane.REGULAR]]
    open_office("kotabumi", [(slot, people) for slot in slots])
    requests = [
        request(i + people * k, slot) for k, slot in enumerate(slots) for i in range(people)
    ]
    return [book(wanted, deadline()).booking.code for wanted in requests]


def _called_once(told: Sequence[Call], people: int) -> Iterator[str]:
    """Everybody was called, each to one press; and the table says the same."""
    yield from wrong([])
    times = Counter(call.label for call in told)
    yield from (f"{label} was called {often} times" for label, often in times.items() if often > 1)
    yield from is_not("people called", len(times), people)
    presses = Counter(call.press for call in told)
    yield from (f"press {press} called {n}" for press, n in presses.items() if n > 1)
    states = Counter(ticket.status for ticket in day_tickets("kotabumi", TUESDAY, deadline()))
    finished = states[TicketStatus.SERVED] + states[TicketStatus.NO_SHOW]
    yield from is_not("finished", finished, people)
    lane = read_board("kotabumi", TUESDAY, deadline()).lane(Lane.REGULAR)
    yield from is_not("counted as called", lane.called, people)


def hall_of_people(crowd: Crowd) -> list[str]:
    """All are checked in; then all counters work until nobody waits."""
    codes = _booked(PEOPLE)
    arrivals(codes)
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    played = crowd.play(*[Part(counters, (i, seed)) for i in range(PROCESSES)])
    told = [call for calls in played for call in calls]
    found = list(_called_once(told, PEOPLE))
    for calls in played:
        for name in {call.press.partition(" ")[0] for call in calls}:
            turns = [call.turn for call in calls if call.press.startswith(f"{name} ")]
            found += is_not("a counter's calls, in turn", turns, sorted(turns))
    return found


def people_coming(crowd: Crowd) -> list[str]:
    """People come while the counters work; who comes last is called by the last counter."""
    codes = _booked(PEOPLE)
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    working = [Part(counters, (i, seed)) for i in range(PROCESSES - 1)]
    told = [call for calls in crowd.play(Part(arrivals, (codes,)), *working)[1:] for call in calls]
    told += counters(PROCESSES, seed)
    return list(_called_once(told, PEOPLE))


def one_counter(process: int, rounds: int) -> list[str]:
    """A tab of the one counter in each process presses, half of them for another lane."""
    lanes = [Lane.REGULAR if process % 2 else Lane.PRIORITY]
    office = get_office("kotabumi", deadline())
    told: list[str] = []
    with clock.use(Running(ahead=MORNING)):
        for i in range(rounds):
            crowd.all_together()
            try:
                press = CounterPress("1", f"{process} {i}")
                answer = call_next(office, press, lanes, deadline())
            except AntreanError as error:
                told.append(type(error).__name__)
            else:
                told.append(answer.ticket.label if answer.ticket else "nobody")
            crowd.all_together()
            if process == 0:
                _serve_all()
            crowd.all_together()
    return told


def _serve_all() -> None:
    office = get_office("kotabumi", deadline())
    for ticket in day_tickets("kotabumi", TUESDAY, deadline()):
        if ticket.status is TicketStatus.CALLED:
            number = Number(ticket.ref.lane, ticket.ref.start, ticket.number)
            note_outcome(office, TUESDAY, number, TicketStatus.SERVED, deadline())


def tabs_of_a_counter(crowd: Crowd) -> list[str]:
    """In each round one tab's press calls, and the others are told that the counter is busy."""
    rounds = 6
    arrivals(_booked(rounds, Lane.REGULAR, Lane.PRIORITY))
    played = crowd.play(*[Part(one_counter, (i, rounds)) for i in range(PROCESSES)])
    found = list(wrong([]))
    for told in zip(*played, strict=True):
        called = [one for one in told if "-" in one]
        busy = [one for one in told if one == "CounterBusy"]
        found += is_not("calls of a round", (len(called), len(busy)), (1, PROCESSES - 1))
    return found


@pytest.mark.parametrize("race", [hall_of_people, people_coming, tabs_of_a_counter])
def test_a_number_is_called_once(
    run: Callable[..., list[str]], race: Callable[[Crowd], list[str]]
) -> None:
    assert run(race) == []


def test_control_without_the_guards_of_a_call_a_number_is_called_twice(
    goes_wrong: Callable[..., bool], capsys: pytest.CaptureFixture[str]
) -> None:
    assert goes_wrong(hall_of_people, without=AT_ONCE_WITHOUT)
    assert re.search(r"was called \d+ times", capsys.readouterr().out)


def test_control_without_its_version_a_counter_calls_two(goes_wrong: Callable[..., bool]) -> None:
    assert goes_wrong(tabs_of_a_counter, without=[unconditional("counter")])


def test_control_without_its_version_a_lane_miscounts(goes_wrong: Callable[..., bool]) -> None:
    assert goes_wrong(people_coming, without=[unconditional("lane")])
