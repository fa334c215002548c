"""After a race: let time pass, sweep, and say what is wrong. An empty list means nothing is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from antrean.domain.slots import SlotRef
from antrean.domain.tickets import Booking, BookingStatus
from antrean.handlers.sweep import sweep
from antrean.runtime import clock
from antrean.store.items.booking import get_booking
from operations.invariants import check_invariants
from tests.race.clients import GRACE, Answer
from tests.race.world import Running
from tests.support.worlds import deadline

A_DAY = 24 * 3_600.0
"""Seconds ahead of every clock a race ran with."""


def settle() -> None:
    """Let everything fall due and have it swept, as the next minutes would."""
    running = Running(ahead=A_DAY)
    with clock.use(running):
        while True:
            done = sweep(deadline())
            marked_and_swept = sweep_again(running)
            if not done.offered_again and not done.given_back and not marked_and_swept:
                return


def sweep_again(running: Running) -> int:
    """Sweep once more, a grace later: numbers marked at one visit are settled at the next."""
    running.move_on(GRACE)
    return sweep(deadline()).given_back


def wrong(answers: Iterable[Answer]) -> Iterator[str]:
    """Settle, and yield what is wrong with the table and with what clients were told."""
    answers = list(answers)
    yield from (f"no answer: {answer.fault}" for answer in answers if answer.fault)
    settle()
    for breach in check_invariants(deadline(), quiet=True):
        yield f"{breach.about}: {breach.wrong}"
    told = [answer.booking for answer in answers if answer.booking]
    yield from _lost(told)
    yield from _doubled(told)


def _lost(told: Iterable[Booking]) -> Iterator[str]:
    """A booking that a client was told of stands there as it was told."""
    for booking in told:
        stored = get_booking(booking.code, deadline())
        if stored is None:
            yield f"lost: {booking.code}"
        elif _place(stored) != _place(booking):
            yield f"told of {_place(booking)}, has {_place(stored)}"


def _place(booking: Booking) -> tuple[BookingStatus, SlotRef, tuple[int, ...]]:
    return booking.status, booking.ref, booking.numbers


def _doubled(told: Iterable[Booking]) -> Iterator[str]:
    """No number of a slot was given to two."""
    each = {booking.code: booking for booking in told}.values()
    given = Counter(
        chain.from_iterable(
            ((booking.ref, number) for number in booking.numbers)
            for booking in each
            if booking.status is BookingStatus.BOOKED
        )
    )
    yield from (f"given {times} times: {place}" for place, times in given.items() if times > 1)


def is_not(what: str, found: object, expected: object) -> Iterator[str]:
    """Yield a line when something is not as it must be."""
    if found != expected:
        yield f"{what}: {found}, not {expected}"
