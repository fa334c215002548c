"""One person has one live ticket, and one request one booking, however often they are sent."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import batched, chain

from tests.race.afterwards import is_not, wrong
from tests.race.clients import Answer, ask_in_step
from tests.race.crowd import PROCESSES, THREADS, Crowd, Part
from tests.race.unguarded import unconditional
from tests.race.world import open_office, ref, request
from tests.support.stored import slot_now

PEOPLE = 2 * THREADS
KEYS = 4


def at_two_offices(crowd: Crowd) -> list[str]:
    """Each person books at two offices at once, twice at each, every time with another key."""
    places = [ref(office_id="kotabumi"), ref(office_id="kalianda")]
    for place in places:
        open_office(place.office_id, [(place, 4 * PEOPLE)])
    asked = [
        [request(i, places[process % 2], attempt=process) for i in range(PEOPLE)]
        for process in range(PROCESSES)
    ]
    parts = [Part(ask_in_step, (list(batched(each, THREADS, strict=True)),)) for each in asked]
    answers: list[Answer] = list(chain.from_iterable(crowd.play(*parts)))
    found = list(wrong(answers))
    booked = Counter(answer.booking.people for answer in answers if answer.booking)
    refused = Counter(answer.refused for answer in answers if answer.refused)
    found += is_not("bookings of a person", set(booked.values()), {1})
    found += is_not("people booked", len(booked), PEOPLE)
    found += is_not("refused", refused, {"AlreadyBooked": (PROCESSES - 1) * PEOPLE})
    found += is_not(
        "remaining", sum(slot_now(place).remaining for place in places), 8 * PEOPLE - PEOPLE
    )
    return found


def one_key(crowd: Crowd) -> list[str]:
    """The same request comes from every thread of every process at once.

    There is room for all of them at once: until one is filed, each holds places of its own.
    """
    quota = 2 * PROCESSES * THREADS + 2 * KEYS
    open_office("kotabumi", [(ref(), quota)])
    rounds = [[request(key, ref(), party=2)] * THREADS for key in range(KEYS)]
    parts = [Part(ask_in_step, (rounds,))] * PROCESSES
    answers: list[Answer] = list(chain.from_iterable(crowd.play(*parts)))
    found = list(wrong(answers))
    found += is_not("refused", {answer.refused for answer in answers}, {""})
    same = defaultdict(set)
    for answer in answers:
        if answer.booking:
            same[answer.booking.code].add(replace(answer.booking, created_at=0, changed_at=0))
    found += is_not("bookings of a key", [len(each) for each in same.values()], [1] * KEYS)
    found += is_not("made", sum(answer.created for answer in answers), KEYS)
    found += is_not("remaining", slot_now(ref()).remaining, quota - 2 * KEYS)
    return found


def test_a_person_gets_one_ticket_in_the_country(run: Callable[..., list[str]]) -> None:
    assert run(at_two_offices) == []


def test_control_without_the_condition_on_persons_some_get_two(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(at_two_offices, without=[unconditional("person")])


def test_one_key_makes_one_booking_and_everybody_is_told_of_it(
    run: Callable[..., list[str]],
) -> None:
    assert run(one_key) == []


def test_control_without_the_condition_on_the_booking_a_key_is_not_enough(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(one_key, without=[unconditional("booking")])


def test_control_without_the_conditions_on_booking_and_persons_a_key_books_twice(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(one_key, without=[unconditional("booking", "person")])
