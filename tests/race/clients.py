"""What the clients of the races do, each in some thread of some process, and what they are told."""

import random
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from antrean.booking import book as booking
from antrean.booking.book import BookingRequest, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day, day_slots
from antrean.domain.audit import Author
from antrean.domain.errors import AntreanError, Unavailable
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import DayChange, WindowChange
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking
from antrean.handlers.sweep import sweep
from antrean.runtime import clock
from antrean.store.items.office import get_office
from antrean.store.writes import file_booking
from tests.race import crowd
from tests.race.world import Running, request
from tests.support.worlds import deadline

GRACE = 61
"""Seconds: after this long a sweeper takes a claimed number without a ticket as left behind."""
VISITS = 6
"""Two sweepers take two visits each to mark a number and to take it."""
QUOTA_CHANGES = 30


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


NOTHING = Answer()
"""To a question that was not asked."""


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
        booked = book(wanted, deadline())
        return Answer(booked.booking, booked.token, booked.created)

    return told(once)


def ask_all(requests: Sequence[BookingRequest]) -> list[Answer]:
    """Book for each request, several at a time."""
    return crowd.at_once(ask, requests)


def ask_slowly(requests: Sequence[BookingRequest]) -> list[Answer]:
    """Book for each request; between claim and file sweepers come by, up to `VISITS` times."""

    def late(*args: Any) -> None:
        crowd.wait_for_visits(random.randint(0, VISITS))
        file_booking.file_booking(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(booking, "file_booking", late)
        return ask_all(requests)


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
    moved: Answer = NOTHING
    cancelled: Answer = NOTHING
    again: Answer = NOTHING

    @property
    def last(self) -> Answer:
        """What was told of the first booking in the end: nothing follows a cancellation."""
        told = (self.cancelled, self.moved, self.booked)
        return next((answer for answer in told if answer.booking), self.booked)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that was told."""
        return self.booked, self.moved, self.cancelled, self.again


type Client = tuple[int, SlotRef, SlotRef, int]
"""Its number, the slot it wants, the slot it would move to, and how many people it is."""


def live(client: Client, chance: random.Random) -> Life:
    """Book, and then perhaps move, cancel, or both at once, or cancel and book again."""
    number, wanted, elsewhere, party = client
    booked = ask(request(number, wanted, party=party, overflow=Overflow.NEXT_DATE))
    if booked.booking is None:
        return Life(booked)
    code, token = booked.booking.code, booked.token
    match chance.choice(("stay", "move", "cancel", "both", "cancel twice", "book again")):
        case "move":
            return Life(booked, moved=move(code, token, elsewhere))
        case "cancel":
            return Life(booked, cancelled=cancel(code, token))
        case "both":
            with ThreadPoolExecutor(2) as hands:
                moving = hands.submit(move, code, token, elsewhere)
                cancelling = hands.submit(cancel, code, token)
            return Life(booked, moving.result(), cancelling.result())
        case "cancel twice":
            with ThreadPoolExecutor(2) as hands:
                twice = hands.submit(cancel, code, token), hands.submit(cancel, code, token)
            first, second = twice[0].result(), twice[1].result()
            return Life(booked, cancelled=first if first.booking else second)
        case "book again":
            cancelled = cancel(code, token)
            again = ask(request(number, elsewhere, party=party, attempt=1))
            return Life(booked, cancelled=cancelled, again=again)
    return Life(booked)


def move(code: str, token: str, to: SlotRef) -> Answer:
    """Move a booking to a slot, as its holder."""

    def once() -> Answer:
        held = open_booking(code, token, deadline())
        moved = reschedule_booking(held, to.day, to.start, Overflow.SAME_DATE, deadline())
        return Answer(moved.booking, token)

    return told(once)


def cancel(code: str, token: str) -> Answer:
    """Cancel a booking, as its holder."""

    def once() -> Answer:
        held = open_booking(code, token, deadline())
        return Answer(cancel_booking(held, deadline()).booking, token)

    return told(once)


def live_all(clients: Sequence[Client], seed: int) -> list[Life]:
    """Let several clients at a time live their stories; the seed says what each will do."""
    return crowd.at_once(lambda client: live(client, random.Random(f"{seed} {client[0]}")), clients)


def change_in_step(rounds: Sequence[Sequence[tuple[str, str]]], to: SlotRef | None) -> list[Answer]:
    """Move bookings (code and token), or cancel them, round by round with the others."""
    answers: list[Answer] = []
    for held in rounds:
        crowd.all_together()
        answers += crowd.at_once(lambda one: move(*one, to) if to else cancel(*one), held)
    return answers


def govern(days: Sequence[date], seed: int, times: int = QUOTA_CHANGES) -> int:
    """Raise and lower quotas at random, now and then by force; return how often it was done."""
    chance, done = random.Random(f"{seed} admin"), 0
    author = Author("admin", "race")
    office = get_office("kotabumi", deadline())
    for _ in range(times):
        day = chance.choice(days)
        slot = chance.choice(day_slots("kotabumi", day, deadline()))
        quota = max(0, slot.quota + chance.randint(-3, 3))
        window = WindowChange(Lane.REGULAR, slot.ref.start, quota)
        wanted = DayChange([window], force=chance.random() < 0.2)
        try:
            change_day(office, day, wanted, author, deadline())
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
        done = sweep(deadline())
    except Unavailable:
        return 0
    finally:
        crowd.visited()
    if done.failures:
        raise ExceptionGroup("not swept", done.failures)
    return done.given_back + done.offered_again
