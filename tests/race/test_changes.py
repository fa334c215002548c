"""Bookings are changed from all sides at once, and every place stays where somebody put it."""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import batched, chain

from antrean.domain.tickets import Booking, BookingStatus
from antrean.store.items.booking import get_booking
from tests.race.afterwards import is_not, wrong
from tests.race.clients import (
    Answer,
    Client,
    Life,
    ask_all,
    change_in_step,
    govern,
    live_all,
    sweep_on,
)
from tests.race.crowd import THREADS, Crowd, Part
from tests.race.unguarded import quotas_as_read, unconditional
from tests.race.world import open_office, ref, request
from tests.support.people import TUESDAY
from tests.support.stored import records_of, slot_now
from tests.support.worlds import deadline

SEED = int(os.environ.get("SEED", random.randrange(2**32)))
"""Of who wants what; the interleaving is the machine's."""
DAYS = [TUESDAY, TUESDAY + timedelta(days=1)]
SLOTS = [ref(start, day) for day in DAYS for start in ("0800", "0900", "1000")]
CLIENTS = 48
EXPECTED = {"", "ChangedMeanwhile", "NoPlaces", "NotChangeable"}


def everything(crowd: Crowd) -> list[str]:
    """Clients book, move, cancel and book again, an admin changes quotas, two sweepers sweep."""
    print(f"replay the clients: SEED={SEED}")
    chance = random.Random(SEED)
    open_office("kotabumi", [(slot, 7) for slot in SLOTS])
    clients = [_client(i, chance) for i in range(CLIENTS)]
    lives, changes, *_ = crowd.play(
        Part(live_all, (clients, SEED)),
        Part(govern, (DAYS, SEED)),
        Part(sweep_on, lasting=True),
        Part(sweep_on, lasting=True),
    )
    found = list(wrong(chain.from_iterable((life.last, life.again) for life in lives)))
    found += _told(lives)
    found += is_not("changes on record", len(records_of("kotabumi")), changes)
    return found


def _client(number: int, chance: random.Random) -> Client:
    wanted, elsewhere = chance.sample(SLOTS, 2)
    return number, wanted, elsewhere, chance.choice((1, 1, 1, 2, 3))


def _told(lives: Sequence[Life]) -> Iterator[str]:
    """Nobody was told anything but what may be told here."""
    answers = list(chain.from_iterable(life.answers for life in lives))
    yield from (f"no answer: {answer.fault}" for answer in answers if answer.fault)
    yield from is_not("told", {answer.refused for answer in answers} - EXPECTED, set())


def one_booking_changed_by_all(crowd: Crowd) -> list[str]:
    """Each booking is at once cancelled by two and moved to two windows by two others."""
    wanted, *elsewhere = SLOTS[:3]
    count = 2 * THREADS
    open_office("kotabumi", [(slot, 2 * count) for slot in SLOTS])
    booked = ask_all([request(i, wanted, party=2) for i in range(count)])
    held = [(answer.booking.code, answer.token) for answer in booked if answer.booking]
    rounds = list(batched(held, THREADS, strict=True))
    played = crowd.play(*[Part(change_in_step, (rounds, to)) for to in (None, None, *elsewhere)])
    found = list(wrong(answer for answers in played for answer in answers if answer.fault))
    for (code, _), *told in zip(held, *played, strict=True):
        found += _one_won(get_booking(code, deadline()), told)
    taken = sum(slot_now(slot).taken for slot in SLOTS)
    kept = sum(_is_booked(get_booking(code, deadline())) for code, _ in held)
    found += is_not("taken", taken, 2 * kept)
    return found


def _is_booked(booking: Booking | None) -> bool:
    return booking is not None and booking.status is BookingStatus.BOOKED


def _one_won(stored: Booking | None, told: Sequence[Answer]) -> Iterator[str]:
    """A cancellation that was confirmed stands, and at most one move went before it."""
    assert stored
    cancelled = any(answer.booking for answer in told[:2])
    moved = {answer.booking.ref for answer in told[2:] if answer.booking}
    yield from is_not("cancelled", stored.status is BookingStatus.CANCELLED, cancelled)
    yield from is_not("one of them won", cancelled or bool(moved), True)
    yield from is_not("places moved to", stored.ref, moved.pop() if moved else stored.ref)
    yield from is_not("further places", moved, set())


def test_everything_at_once_keeps_every_invariant(run: Callable[..., list[str]]) -> None:
    assert run(everything) == []


def test_control_returned_places_offered_by_both_sweepers_are_sold_twice(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(everything, without=[unconditional("return")])


def test_control_quotas_written_as_they_were_read_undo_sales(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(everything, without=[quotas_as_read])


def test_one_booking_changed_by_many_is_changed_by_one(run: Callable[..., list[str]]) -> None:
    assert run(one_booking_changed_by_all) == []


def test_control_without_conditions_a_booking_is_changed_twice(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(
        one_booking_changed_by_all, without=[unconditional("booking", "person", "ticket")]
    )
