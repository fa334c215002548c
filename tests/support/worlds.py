"""A fresh world for a test: a table, a clock, settings, a secret, functions without a memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parameters.constants import DEFAULT_PROVIDERS

from antrean.domain.offices import Office
from antrean.handlers import open_days
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import forget, start_cold
from antrean.store.dynamodb import connect
from antrean.store.items.office import put_office
from operations.invariants import check_invariants
from tests.engines.memory.client import MemoryDynamoDB
from tests.engines.memory.storage import Image
from tests.support.clocks import StandingClock
from tests.support.gateway import Context
from tests.support.people import an_office
from tests.support.permissions import WATCH

TABLE = "antrean"
_OPENED: dict[tuple[str, int, datetime], Image] = {}
ORIGIN = "https://antrean.example.go.id"
SECRET_ID = "hash-secret"
SECRET = "a secret of the tests, of no other use"

SETTINGS = {
    "TABLE_NAME": TABLE,
    "ROSTER_BUCKET": "antrean-rosters",
    "ROSTER_QUEUE_URL": "",
    "IMPORT_BUCKET": "antrean-imports",
    "SECRET_ID": SECRET_ID,
    "PUBLIC_ORIGIN": ORIGIN,
}


class OneSecret:
    """Takes the place of Powertools' connection to Secrets Manager."""

    def get(self, name: str, **_options: object) -> str:
        assert name == SECRET_ID
        WATCH.note("secretsmanager", "GetSecretValue", {"SecretId": name})
        return SECRET


@dataclass(frozen=True, slots=True)
class World:
    """What a test has: the client behind the store (None: its own), and the time."""

    client: Any
    time: StandingClock

    def has_office(
        self, office: Office | None = None, *, open_days: int = 0, **changes: Any
    ) -> Office:
        """Put an office (`changes` as for `an_office`), opened for `open_days` days from today."""
        office = office or an_office(**changes)
        if open_days and isinstance(self.client, MemoryDynamoDB) and not self.client.items(TABLE):
            self.client.restore(self._opened(office, open_days, self.client))
        else:
            _open(office, open_days)
        forget()
        return office

    def _opened(self, office: Office, days: int, client: MemoryDynamoDB) -> Image:
        """The table after the office's days were opened; the next test need not open them."""
        key = (repr(office), days, self.time.instant)
        if key not in _OPENED:
            _open(office, days)
            _OPENED[key] = client.snapshot()
        return _OPENED[key]

    def today(self, office: Office) -> date:
        """The office's date now."""
        return office.local_date(clock.now())

    def in_days(self, office: Office, days: int) -> date:
        """The office's date in some days."""
        return self.today(office) + timedelta(days=days)


def _open(office: Office, days: int) -> None:
    put_office(office, deadline())
    if days:
        open_days.handler({"office_ids": [office.office_id], "days": days}, Context())


def deadline() -> Deadline:
    """The deadline of a request that begins now: the machine may be slow, no test is about that."""
    return Deadline.after(60)


def enter(patch: pytest.MonkeyPatch, client: Any, **settings: str) -> None:
    """Have this process work as a new one on `client`, with `SETTINGS` except as `settings` say.

    Without a client it makes its own, and reads the secret from Secrets Manager.
    """
    for name, value in (SETTINGS | settings).items():
        patch.setenv(name, value)
    patch.delitem(DEFAULT_PROVIDERS, "secrets", raising=False)
    start_cold()
    if client is not None:
        patch.setitem(DEFAULT_PROVIDERS, "secrets", OneSecret())
        connect(client)


@contextmanager
def a_world(client: Any, time: StandingClock, **settings: str) -> Iterator[World]:
    """Have the functions use the table of `client` at the time of `time`, as for `enter`."""
    with pytest.MonkeyPatch.context() as patch, clock.use(time):
        enter(patch, client, **settings)
        try:
            yield World(client, time)
        finally:
            start_cold()


@contextmanager
def in_memory() -> Iterator[World]:
    """An empty table in memory, on a Monday morning."""
    time = StandingClock()
    with a_world(MemoryDynamoDB((TABLE,), now=time.seconds), time) as world:
        yield world


@contextmanager
def in_order() -> Iterator[None]:
    """Insist that every invariant holds at the end."""
    yield
    assert check_invariants(deadline()) == []
