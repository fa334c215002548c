"""Unit tests open no socket and read no system clock; what they store lies in the process."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket

from antrean.booking.book import Booked, book
from antrean.domain.tickets import Contact
from antrean.runtime import clock
from tests.support.clocks import NoClock
from tests.support.people import PHONE, a_request, people
from tests.support.permissions import (  # noqa: F401 - fixtures of every test here
    only_what_the_template_allows,
    refused_calls,
)
from tests.support.providers import Provider, Queue, providers
from tests.support.worlds import World, deadline, in_memory, in_order

EMAIL = "siti.aminah@example.com"


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    disable_socket()


@pytest.fixture(autouse=True)
def _no_system_clock() -> Iterator[None]:
    with clock.use(NoClock()):
        yield


@pytest.fixture
def unaudited() -> Iterator[World]:
    """An empty table in memory, on a Monday morning."""
    with in_memory() as world:
        yield world


@pytest.fixture
def world(unaudited: World) -> Iterator[World]:
    """The same, and every invariant must hold at the end."""
    with in_order():
        yield unaudited


@pytest.fixture
def couple_booked(world: World) -> Booked:
    """A couple's booking on Tuesday at 08:00, with an e-mail address."""
    world.has_office(open_days=3)
    wanted = a_request(1, *people(2), start="0800", contact=Contact(PHONE, EMAIL))
    return book(wanted, deadline())


@pytest.fixture
def _both(world: World) -> Iterator[tuple[Provider, Queue]]:
    with providers() as both:
        yield both


@pytest.fixture
def provider(_both: tuple[Provider, Queue]) -> Provider:
    """What takes e-mail."""
    return _both[0]


@pytest.fixture
def queue(_both: tuple[Provider, Queue]) -> Queue:
    """What is asked for messages."""
    return _both[1]
