"""What the clients of the races do, each in some thread of some process, and what they are told."""

import random
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from antrean import clock
from antrean.bookings import manage
from antrean.bookings.book import BookingRequest, book
from antrean.domain.errors import AntreanError, Unavailable
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking
from antrean.jobs.sweep import sweep
from antrean.offices.quotas import WantedQuota, day_slots, set_quotas
from antrean.store.audit import Author
from tests.race import crowd
from tests.race.world import Running, budget, request

GRACE = 61
"""Seconds: after this long a sweeper takes a claimed number without a ticket as left behind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was told: its booking, or the name of the refusal.

    `fault` is the traceback of what is no answer at all. `created` is false for a repeat.
    """

    booking: Booking | None = None
    token: str = ""
    created: bool = False
    refused: str = ""
    fault: str = ""


def told(do: Callable[[], Answer]) -> Answer:
    """Return the answer that the client of `do` gets."""
    try:
        return do()
    except AntreanError as refusal:
        return Answer(refused=type(refusal).__name__)
    except Exception:  # noqa: BLE001 - the test shows it
        return Answer(fault=traceback.format_exc())


def ask(wanted: BookingRequest) -> Answer:
    """Book, as one client."""

    def once() -> Answer:
        booked = book(wanted, budget())
        return Answer(booked.booking, booked.token, booked.created)

    return told(once)


def ask_all(requests: Sequence[BookingRequest]) -> list[Answer]:
    """Book for each request, several at a time."""
    return crowd.at_once(ask, requests)


def ask_in_step(rounds: Sequence[Sequence[BookingRequest]]) -> list[Answer]:
    """Book round by round, each beginning when every process has come to it."""
    answers: list[Answer] = []
    for requests in rounds:
        crowd.all_together()
        answers += ask_all(requests)
    return answers


@dataclass(frozen=True, slots=True)
class Life:
    """A client's whole story: what it was told at each step."""

    booked: Answer
    moved: Answer | None = None
    cancelled: Answer | None = None
    again: Answer | None = None


def live(client: int, wanted: SlotRef, elsewhere: SlotRef, party: int, seed: int) -> Life:
    """Book, and then perhaps move, cancel, or both at once, and book again."""
    chance = random.Random(f"{seed} {client}")
    booked = ask(request(client, wanted, party=party, overflow=Overflow.NEXT_DATE))
    if booked.booking is None:
        return Life(booked)

    def move() -> Answer:
        return told(lambda: _move(booked, elsewhere))

    def cancel() -> Answer:
        return told(lambda: _cancel(booked))

    match chance.choice(("stay", "move", "cancel", "both", "cancel twice", "book again")):
        case "move":
            return Life(booked, moved=move())
        case "cancel":
            return Life(booked, cancelled=cancel())
        case "both":
            with ThreadPoolExecutor(2) as hands:
                moving, cancelling = hands.submit(move), hands.submit(cancel)
            return Life(booked, moving.result(), cancelling.result())
        case "cancel twice":
            with ThreadPoolExecutor(2) as hands:
                first, second = hands.submit(cancel), hands.submit(cancel)
            return Life(booked, cancelled=max(first.result(), second.result(), key=_settled))
        case "book again":
            cancelled = cancel()
            again = ask(request(client, elsewhere, party=party, attempt=1))
            return Life(booked, cancelled=cancelled, again=again)
    return Life(booked)


def _settled(answer: Answer) -> bool:
    return answer.booking is not None


def _move(booked: Answer, to: SlotRef) -> Answer:
    assert booked.booking
    held = manage.open_booking(booked.booking.code, booked.token, budget())
    moved = manage.reschedule(held, to.day, to.start, Overflow.SAME_DATE, budget())
    return Answer(moved.booking, booked.token)


def _cancel(booked: Answer) -> Answer:
    assert booked.booking
    held = manage.open_booking(booked.booking.code, booked.token, budget())
    return Answer(manage.cancel(held, budget()).booking, booked.token)


def live_all(clients: Sequence[tuple[int, SlotRef, SlotRef, int]], seed: int) -> list[Life]:
    """Let several clients at a time live their stories."""
    return crowd.at_once(lambda client: live(*client, seed), clients)


def live_and_govern(
    clients: Sequence[tuple[int, SlotRef, SlotRef, int]], days: Sequence[date], seed: int
) -> tuple[list[Life], int]:
    """Let clients live while an admin changes quotas; return how often the admin did."""
    with ThreadPoolExecutor(1) as desk:
        governing = desk.submit(govern, days, seed)
        lives = live_all(clients, seed)
        return lives, governing.result()


def govern(days: Sequence[date], seed: int, times: int = 40) -> int:
    """Raise and lower quotas at random, now and then by force; return how often it was done."""
    chance, done = random.Random(f"{seed} admin"), 0
    author = Author("admin", "race")
    for _ in range(times):
        day = chance.choice(days)
        slot = chance.choice(day_slots("kotabumi", day, budget()))
        quota = max(0, slot.quota + chance.randint(-3, 3))
        wanted = [WantedQuota(Lane.REGULAR, slot.ref.start, quota)]
        try:
            set_quotas("kotabumi", day, wanted, author, budget(), force=chance.random() < 0.2)
        except AntreanError:
            continue
        done += quota != slot.quota
    return done


def sweep_on() -> int:
    """Sweep until the others have done their work; return how many places came back.

    This sweeper's clock is ahead by one grace more at each visit, so that it takes numbers from
    under the hands of requests that are still at work.
    """
    running = Running()
    back = 0
    with clock.use(running):
        while crowd.others_at_work():
            running.move_on(GRACE)
            back += _sweep_once()
    return back


def sweep_in_step(times: int) -> int:
    """Sweep some times, each when every process has come to it; return how many came back."""
    running = Running()
    back = 0
    with clock.use(running):
        for _ in range(times):
            crowd.all_together()
            running.move_on(GRACE)
            back += _sweep_once()
    return back


def _sweep_once() -> int:
    try:
        done = sweep(budget())
    except Unavailable:
        return 0
    if done.failures:
        raise ExceptionGroup("not swept", done.failures)
    return done.given_back + done.offered_again


def bookings(answers: Sequence[Answer]) -> Iterator[Booking]:
    """Yield the bookings that clients were told of."""
    for answer in answers:
        if answer.booking:
            yield answer.booking
