"""Unit tests open no socket of any kind; what they store lies in the process."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket

from tests.clocks import StandingClock
from tests.engines.memory import MemoryDynamoDB
from tests.worlds import TABLE, World, a_world, in_order


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    disable_socket()


@pytest.fixture
def unaudited() -> Iterator[World]:
    """An empty table in memory, on a Monday morning."""
    time = StandingClock()
    client = MemoryDynamoDB((TABLE,), now=time.seconds)
    with a_world(client, time) as world:
        yield world


@pytest.fixture
def world(unaudited: World) -> Iterator[World]:
    """The same, and the ledger must be in order at the end."""
    with in_order():
        yield unaudited
