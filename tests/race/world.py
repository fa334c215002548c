"""The small world of the races: offices, slots and synthetic people, on one Monday morning."""

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from antrean.bookings import book as booking
from antrean.bookings import places
from antrean.bookings.book import BookingRequest
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.domain.tickets import Applicant, Contact
from antrean.offices import find
from antrean.settings import settings
from antrean.store.calls import Budget
from antrean.store.offices import put_office
from antrean.store.slots import open_slots
from antrean.store.table import connect, table
from tests.engines.dynamodb_local import DynamoDBLocal

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""A Monday, 08:00 in Jakarta."""
DAY = date(2026, 11, 24)
SECONDS = 60.0
"""A request's budget here: the machine may be slow, and no test is about that."""


class Running:
    """A clock that runs from `NOW`, and can be moved on."""

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead
        self._since = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self._ahead + time.monotonic() - self._since)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def move_on(self, seconds: float) -> None:
        self._ahead += seconds


def budget() -> Budget:
    """The budget of a request that begins now."""
    return Budget.of(SECONDS)


@cache
def client_of(server: DynamoDBLocal) -> Any:
    """Return this process's client of DynamoDB Local."""
    return server.client()


def enter(patch: pytest.MonkeyPatch, client: Any, table_name: str) -> None:
    """Have this process work on a table, with a fresh memory and the secret of the tests."""
    patch.setenv("TABLE_NAME", table_name)
    patch.setenv("PUBLIC_ORIGIN", "https://antrean.example.go.id")
    patch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
    patch.setattr(booking, "secret", lambda: b"the secret of the race tests")
    settings.cache_clear()
    table.cache_clear()
    connect(client)
    for remembered in (places.SLOTS, places.FULL, booking.OFFICES, find.ALL):
        remembered.clear()


def office(office_id: str = "kotabumi") -> Office:
    """An open office whose returned places are offered again within a minute."""
    return Office(
        office_id=office_id,
        name=f"Kantor Imigrasi {office_id.title()}",
        office_class="III",
        city=office_id.title(),
        province="Lampung",
        timezone="Asia/Jakarta",
        daily_quota=60,
        status=OfficeStatus.OPEN,
        reoffer_after=(0, 60),
    )


def ref(start: str = "0800", day: date = DAY, office_id: str = "kotabumi") -> SlotRef:
    """Names a slot of the regular lane."""
    return SlotRef(office_id, day, Lane.REGULAR, start)


def open_office(office_id: str, quotas: Iterable[tuple[SlotRef, int]]) -> None:
    """Write an office and its slots."""
    put_office(office(office_id), budget())
    open_slots(
        [
            Slot(slot, end=f"{int(slot.start[:2]) + 1:02}00", quota=quota, remaining=quota)
            for slot, quota in quotas
        ],
        budget(),
    )


def person(number: int) -> Applicant:
    """One of a million synthetic people: her NIK says Lampung Utara, 17 May 1990."""
    district, sequence = divmod(number, 9_999)
    return Applicant(
        nik=f"1803{district + 1:02}570590{sequence + 1:04}",
        name=f"Siti {number}",
        birth_date=date(1990, 5, 17),
    )


def request(
    number: int,
    slot: SlotRef,
    *,
    party: int = 1,
    overflow: Overflow = Overflow.NONE,
    key: str | None = None,
) -> BookingRequest:
    """What client `number` sends for a party of its own people; `slot.start` may be empty."""
    return BookingRequest(
        key=key or f"client {number}",
        office_id=slot.office_id,
        day=slot.day,
        start=slot.start or None,
        lane=slot.lane,
        overflow=overflow,
        party=tuple(person(number * 5 + i) for i in range(party)),
        contact=Contact("+6281234567890"),
    )
