"""What most of the fault tests start from."""

from collections.abc import Iterator

import pytest

from tests.support.worlds import World, in_memory


@pytest.fixture
def world() -> Iterator[World]:
    """An empty table in memory, on a Monday morning."""
    with in_memory() as world:
        yield world
