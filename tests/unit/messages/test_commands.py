"""What an operator's commands ask for."""

import json
from datetime import timedelta

from antrean import clock
from antrean.bookings.book import Booked, book
from antrean.bookings.manage import cancel, open_booking, reschedule
from antrean.domain.overflow import Overflow
from antrean.messages.queue import ask
from infra.messages import changed_since
from tests.people import TUESDAY, a_request
from tests.providers import Provider, Queue, sent
from tests.worlds import World, budget


def test_what_was_made_or_moved_since_is_asked_for_again_and_sent_once(
    made: Booked, world: World, provider: Provider, queue: Queue
) -> None:
    world.time.forward(hours=1)
    since = clock.now()
    late = book(a_request(3), budget())
    moved = book(a_request(4), budget())
    held = open_booking(moved.booking.code, moved.token, budget())
    reschedule(held, TUESDAY + timedelta(days=1), None, Overflow.NONE, budget())
    gone = book(a_request(5), budget())
    cancel(open_booking(gone.booking.code, gone.token, budget()), budget())

    assert ask(changed_since(since, budget())) == 2
    assert [json.loads(body) for body in queue.bodies] == [
        {"code": late.booking.code, "kind": "confirmation", "version": 1},
        {"code": moved.booking.code, "kind": "moved", "version": 2},
    ]
    assert ask(changed_since(since - timedelta(hours=2), budget())) == 3
    assert sent(*queue.bodies) == []
    assert len(provider.taken) == 1, "the one with an address"
