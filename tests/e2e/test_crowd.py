"""400 clients ask for one slot of 50 places, 20 at a time, over HTTP."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import httpx
import pytest

from infra.local.emulator import WORKERS
from infra.local.people import Person, people
from tests.e2e.stack import LocalStack, wait_for

OFFICE = "tasikmalaya"
CLIENTS, AT_ONCE, PLACES = 400, 20, 50
WINDOW = "10:00"
WISHES = ("next_date", "next_date", "next_date", "same_date", "same_date", "none")
ATTEMPTS = 10


@dataclass(frozen=True)
class Outcome:
    """What a client wished, and what it was told at the end."""

    person: Person
    wish: str
    answers: tuple[httpx.Response, ...]

    @property
    def booking(self) -> dict[str, Any] | None:
        """The booking it was given."""
        told: dict[str, Any] = self.answers[-1].json()
        return told if self.answers[-1].is_success else None

    @property
    def place(self) -> tuple[str, str] | None:
        """Date and window it was given."""
        told = self.booking
        return (told["date"], told["window"]["start"]) if told else None


@pytest.fixture
def day(stack: LocalStack, http: httpx.Client) -> str:
    """A day on which nobody has a place yet and one window has 50."""
    days = http.get(f"/v1/offices/{OFFICE}/availability").json()["days"]
    day: str = next(d["date"] for d in days[1:] if d["remaining"] == d["quota"] > 0)
    answer = http.patch(
        f"/v1/admin/offices/{OFFICE}/days/{day}",
        json={"quotas": [{"lane": "regular", "window": WINDOW, "quota": PLACES}]},
        headers={"Authorization": f"Bearer {stack.running.token('admin')}"},
    )
    assert answer.status_code == 200, answer.text
    return day


def test_exactly_those_who_fit_get_the_slot_and_the_others_what_they_allowed(
    stack: LocalStack, http: httpx.Client, day: str
) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    before = _taken(http)
    outcomes = _ask_all(http, day, seed)
    assert 1 < stack.workers("public") <= WORKERS

    assert {type(outcome.booking) for outcome in outcomes if outcome.wish == "next_date"} == {dict}
    for outcome in outcomes:
        _check_is_what_was_allowed(outcome, day)
    places = Counter(outcome.place for outcome in outcomes if outcome.booking)
    assert places[day, WINDOW] == PLACES
    wait_for(lambda: _taken(http) - before == places)  # functions show what was some seconds ago
    numbers = [(o.place, o.booking["tickets"][0]["number"]) for o in outcomes if o.booking]
    assert len(set(numbers)) == len(numbers) == sum(places.values())
    assert sorted(n for place, n in numbers if place == (day, WINDOW)) == [*range(1, PLACES + 1)]
    _check_rosters(stack, http, outcomes)
    _check_ledger(stack)


def _ask_all(http: httpx.Client, day: str, seed: int) -> list[Outcome]:
    draw = random.Random(seed)
    crowd = [(person, draw.choice(WISHES)) for person in islice(people(f"crowd {seed}"), CLIENTS)]
    with ThreadPoolExecutor(AT_ONCE) as clients:
        return list(clients.map(lambda one: _ask(http, day, *one), crowd))


def _ask(http: httpx.Client, day: str, person: Person, wish: str) -> Outcome:
    """Ask as a client should: again with the same key while told to; one in ten once too often."""
    answers = []
    often = int(person.nik) % 10 == 0
    for _ in range(ATTEMPTS):
        answer = http.post(
            "/v1/bookings",
            json=person.request(OFFICE, day, window=WINDOW, overflow=wish),
            headers={"Idempotency-Key": person.key},
        )
        if answer.status_code == 503:
            time.sleep(float(answer.headers.get("Retry-After", 1)))
            continue
        answers.append(answer)
        if not often or len(answers) == 2:
            break
    return Outcome(person, wish, tuple(answers))


def _check_is_what_was_allowed(outcome: Outcome, day: str) -> None:
    assert outcome.answers, "a client was never answered"
    codes = {answer.json().get("code") for answer in outcome.answers if answer.is_success}
    assert len(codes) <= 1, "the same request became two bookings"
    if outcome.place is None:
        told = outcome.answers[-1].json()
        assert (told["status"], told["type"].rpartition("/")[2]) == (409, "no-places"), told
        return
    assert outcome.wish == "next_date" or outcome.place[0] == day
    assert outcome.wish != "none" or outcome.place == (day, WINDOW)
    assert outcome.place[0] >= day


def _taken(http: httpx.Client) -> Counter[tuple[str, str] | None]:
    """Count the places that are taken, by date and window."""
    days = http.get(f"/v1/offices/{OFFICE}/availability", params={"days": 30}).json()["days"]
    return Counter(
        {
            (day["date"], window["start"]): window["quota"] - window["remaining"]
            for day in days
            for window in day["windows"]
        }
    )


def _check_rosters(stack: LocalStack, http: httpx.Client, outcomes: list[Outcome]) -> None:
    """Every booking is one line on the roster of its date, and on no other."""
    staff = {"Authorization": f"Bearer {stack.running.token('staff', OFFICE)}"}
    booked = {(o.booking["date"], o.person.nik) for o in outcomes if o.booking}
    listed = []
    for day in sorted({day for day, _ in booked}):
        path = f"/v1/staff/offices/{OFFICE}/rosters/{day}"
        wait_for(partial(_is_published, http, path, staff))
        link = http.get(path, params={"format": "json"}, headers=staff).json()
        listed += [(day, line["nik"]) for line in _lines(link["url"])]
    ours = {nik for _, nik in booked}
    assert sorted(line for line in listed if line[1] in ours) == sorted(booked)


def _is_published(http: httpx.Client, path: str, staff: dict[str, str]) -> bool:
    """Ask for a roster; 503 says: repeat the same request."""
    answer = http.post(path, headers=staff)
    assert answer.is_success or answer.status_code == 503, answer.text
    return answer.is_success


def _lines(url: str) -> Iterator[dict[str, Any]]:
    yield from httpx.get(url, timeout=60).raise_for_status().json()["tickets"]


def _check_ledger(stack: LocalStack) -> None:
    """The operator's own check finds nothing wrong in the whole table."""
    audit = stack.run_module(
        "operations.check_invariants", "--home", str(stack.paths.home), PYTHONPATH="functions"
    )
    assert audit.returncode == 0, audit.stdout + audit.stderr
