"""What most of the fault tests start from."""

from collections.abc import Iterator

import pytest

from tests.support.permissions import (  # noqa: F401 - fixtures of every test here
    only_what_the_template_allows,
    refused_calls,
)
from tests.support.worlds import World, in_memory


@pytest.fixture
def world() -> Iterator[World]:
    """An empty table in memory, on a Monday morning."""
    with in_memory() as world:
        yield world
