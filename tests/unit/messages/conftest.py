"""A booking in Kotabumi, and providers that take what they are given."""

from collections.abc import Iterator

import pytest

from antrean.booking.book import Booked, book
from antrean.domain.tickets import Contact
from tests.people import PHONE, a_request, people
from tests.providers import Provider, Queue, providers
from tests.worlds import World, budget

EMAIL = "siti.aminah@example.com"


@pytest.fixture
def made(world: World) -> Booked:
    """A couple's booking on Tuesday at 08:00, with an e-mail address."""
    world.has(days=3)
    wanted = a_request(1, *people(2), start="0800", contact=Contact(PHONE, EMAIL))
    return book(wanted, budget())


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
