"""Many requests at once, one call at a time, in an order drawn from a seed.

RUNS in the environment is how many seeds are played; SEED plays that one again.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest

from antrean.booking.book import Booked, BookingRequest, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day
from antrean.days.move_day import begin_move, run_move
from antrean.domain.errors import AntreanError, Unavailable
from antrean.domain.moves import RUNNING
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.slots import KeptBack, KeptFor, Lane
from antrean.domain.tickets import Booking, BookingStatus
from antrean.handlers.sweep import sweep
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import forget
from antrean.store.dynamodb import connect
from antrean.store.items.booking import get_booking
from antrean.store.writes.sweep import GRACE
from tests.engines.choices import Choices, explore
from tests.engines.scheduler import Chaos, Simulation
from tests.faults.small_office import (
    ADMIN,
    ALL,
    DAYS,
    OFFICE,
    STARTS,
    ResettableWorld,
    in_order,
    open_office,
    slot,
    swept,
)
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import slot_now
from tests.support.worlds import deadline, in_memory

RUNS = int(os.environ.get("RUNS", "120"))
TRIES = 3
"""How often a client asks before giving up for now."""
CHAOS = Chaos(
    kill=0.02,
    unsent=0.01,
    lost=0.02,
    late=0.02,
    throttle=0.02,
    conflict=0.02,
    split=0.3,
    stale=0.2,
    jump=0.01,
    jump_seconds=GRACE + 1,
    most=8,
)


@dataclass(slots=True)
class Client:
    """Somebody with a family, what they ask for, and what they were told last."""

    request: BookingRequest
    then: str
    to: tuple[date, str]
    told: Booking | None = None
    token: str = ""

    def live(self) -> None:
        """Book, and then perhaps move or cancel; each as often as it takes."""
        self.asks(lambda: book(self.request, _patience()))
        if self.told is not None and self.then != "stays":
            self.asks(self.moves if self.then == "moves" else self.cancels)

    def asks(self, ask: Callable[[], Booked | Booking]) -> None:
        """Ask until there is an answer; a refusal is one."""
        for _ in range(TRIES):
            try:
                answer = ask()
            except Unavailable:
                continue
            except AntreanError:
                return
            if isinstance(answer, Booked):
                self.token, answer = answer.token, answer.booking
            self.told = answer
            return

    def moves(self) -> Booking:
        day, start = self.to
        held = open_booking(self.code, self.token, _patience())
        return reschedule_booking(held, day, start, Overflow.SAME_DATE, _patience()).booking

    def cancels(self) -> Booking:
        return cancel_booking(open_booking(self.code, self.token, _patience()), _patience()).booking

    @property
    def code(self) -> str:
        assert self.told is not None
        return self.told.code


def _patience() -> Deadline:
    return Deadline.after(6.0)


@dataclass(slots=True)
class Admin:
    """Somebody who changes a day now and then."""

    changes: list[DayChange]

    def work(self) -> None:
        for wanted in self.changes:
            day = random.choice(DAYS)
            try:
                change_day(OFFICE, day, wanted, ADMIN, _patience())
            except AntreanError:
                continue


def sweeps() -> None:
    """A sweeper that comes by three times."""
    for _ in range(3):
        try:
            swept(sweep(_patience()))
        except Unavailable:
            continue
        clock.sleep(GRACE)


def moves_the_day() -> None:
    """The office closes Tuesday and puts its people on other dates."""
    begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, _patience())
    for _ in range(4):
        progress = run_move(OFFICE, f"{TUESDAY.isoformat()}#all#all", _patience())
        if progress.state != RUNNING:
            return
        clock.sleep(progress.pause)


@pytest.fixture(scope="module")
def resettable() -> Iterator[ResettableWorld]:
    """Two days of two windows of five places, two of which wait for their release."""
    with in_memory() as world:
        soon = KeptBack(clock.epoch() + 60, 2, KeptFor.RELEASE)
        open_office([slot(at, 5, remaining=3, kept_back=(soon,)) for at in ALL])
        yield ResettableWorld.of(world)


def a_client(number: int) -> Client:
    """Three people in four have a family; two clients in five share a person with another."""
    size = random.choice((1, 1, 2, 3))
    first = 10 * number if random.random() < 0.8 else 10 * (number - 1)
    request = a_request(
        number,
        *people(size, first=first),
        day=random.choice(DAYS),
        start=random.choice((None, *STARTS)),
        overflow=random.choice(tuple(Overflow)),
    )
    then = random.choice(("stays", "moves", "cancels"))
    return Client(request, then, (random.choice(DAYS), random.choice(STARTS)))


def a_change() -> DayChange:
    """A quota up or down, a closure, an opening, or a reserve."""
    start = random.choice(STARTS)
    match random.choice(("quota", "quota", "force", "close", "open", "reserve")):
        case "close":
            return DayChange(closure=Closure(closed=True, reason="Banjir"))
        case "open":
            return DayChange(closure=Closure(closed=False))
        case "reserve":
            window = WindowChange(Lane.REGULAR, start, reserve=Reserve(1, "0700"))
            return DayChange([window])
        case chosen:
            window = WindowChange(Lane.REGULAR, start, quota=random.randint(0, 7))
            return DayChange([window], force=chosen == "force")


def play(resettable: ResettableWorld, choices: Choices) -> tuple[list[Client], Admin]:
    """Let everybody at it, some of them twice at once, and return who was there."""
    simulation = Simulation(resettable.world.client, choices, CHAOS)
    clients = [a_client(number) for number in range(1, 5)]
    admin = Admin([a_change() for _ in range(2)])
    connect(simulation.client)
    with clock.use(simulation.clock):
        for number, client in enumerate(clients, 1):
            simulation.spawn(f"client {number}", client.live)
        twin = random.choice(clients)
        simulation.spawn("the same again", partial(book, twin.request, _patience()), AntreanError)
        simulation.spawn("admin", admin.work)
        if random.random() < 0.3:
            simulation.spawn("mover", moves_the_day, AntreanError)
        simulation.spawn("sweeper", sweeps)
        simulation.spawn("another sweeper", sweeps)
        simulation.run()
    resettable.world.client.keep_up()
    connect(resettable.world.client)
    resettable.world.time.set(simulation.clock.now())
    return clients, admin


def test_whatever_the_order_and_the_faults_the_invariants_hold(resettable: ResettableWorld) -> None:
    def scenario(choices: Choices) -> None:
        resettable.set_back()
        clients, admin = play(resettable, choices)
        forget()
        in_order(quiet=False)
        resettable.settle()
        in_order(quiet=True)
        if not any(wanted.force for wanted in admin.changes):
            assert min(slot_now(at).remaining for at in ALL) >= 0, "oversold"
        for client in clients:
            _keeps_what_it_was_told(client)
            _ends_in_one_booking(client)
        resettable.settle_again()
        in_order(quiet=True)

    explore(scenario, RUNS)


def _keeps_what_it_was_told(client: Client) -> None:
    """What a client was told stands, unless the client or the office changed it since."""
    if client.told is None:
        return
    stored = get_booking(client.told.code, deadline())
    assert stored is not None, "lost"
    assert stored.version >= client.told.version
    if stored.version == client.told.version:
        assert stored == client.told
    if client.told.status is BookingStatus.CANCELLED:
        assert stored.status is BookingStatus.CANCELLED


def _ends_in_one_booking(client: Client) -> None:
    """The same request once more finds its booking, or is refused without leaving anything."""
    before = client.told
    try:
        again = book(client.request, deadline())
    except AntreanError:
        assert before is None, "told of a booking, and refused now"
        return
    assert before is None or not again.created
