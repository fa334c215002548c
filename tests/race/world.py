"""The world of the races: small offices on one Monday morning, on a clock that runs."""

import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from antrean.booking.book import BookingRequest
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.store.items.office import put_office
from antrean.store.writes.open_slots import open_slots
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.support.clocks import MONDAY_MORNING
from tests.support.people import TUESDAY, a_request, an_office, people
from tests.support.worlds import deadline

REOFFER = (0, 60)
"""Seconds after which a returned place is offered again."""
LARGEST_PARTY = 5


class Running:
    """A clock that runs, and can be moved on."""

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead
        self._since = time.monotonic()

    def now(self) -> datetime:
        passed = self._ahead + time.monotonic() - self._since
        return MONDAY_MORNING + timedelta(seconds=passed)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def move_on(self, seconds: float) -> None:
        self._ahead += seconds


@cache
def client_of(server: DynamoDBLocal) -> Any:
    """Return this process's client of DynamoDB Local."""
    return server.client()


def ref(start: str = "0800", day: date = TUESDAY, office_id: str = "kotabumi") -> SlotRef:
    """Names a slot of the regular lane."""
    return SlotRef(office_id, day, Lane.REGULAR, start)


def open_office(office_id: str, quotas: Iterable[tuple[SlotRef, int]]) -> None:
    """Write an open office and its slots."""
    put_office(an_office(office_id, reoffer_after=REOFFER), deadline())
    open_slots(
        [
            Slot(slot, end=f"{int(slot.start[:2]) + 1:02}00", quota=quota, remaining=quota)
            for slot, quota in quotas
        ],
        deadline(),
    )


def request(
    client: int,
    slot: SlotRef,
    *,
    party: int = 1,
    overflow: Overflow = Overflow.NONE,
    attempt: int = 0,
) -> BookingRequest:
    """What a client sends for a party of its own people; `slot.start` may be empty.

    Another `attempt` is another request, with a key of its own, for the same people.
    """
    return a_request(
        client + 1_000_000 * attempt,
        *people(party, first=client * LARGEST_PARTY),
        office_id=slot.office_id,
        day=slot.day,
        start=slot.start or None,
        lane=slot.lane,
        overflow=overflow,
    )
