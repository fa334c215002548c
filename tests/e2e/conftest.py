"""End to end: template.yaml deployed on a local stack, once for the whole suite."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.stack import LocalStack


@pytest.fixture
def http(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of the stack's one origin."""
    with httpx.Client(base_url=stack.endpoints["origin"], timeout=60) as client:
        yield client
