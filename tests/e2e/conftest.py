"""End to end: template.yaml deployed on a local stack, once for the whole suite."""

from collections.abc import Iterator

import httpx
import pytest

from infra.local.paths import Paths
from tests.e2e.stack import LocalStack


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that nobody but this module uses: none has killed it, none has moved its time."""
    stack = LocalStack(Paths(tmp_path_factory.mktemp("own") / "local"))
    try:
        yield stack.start()
    finally:
        stack.end()
        assert stack.left_behind() == []


@pytest.fixture
def http(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of the stack's one origin."""
    with httpx.Client(base_url=stack.endpoints["origin"], timeout=60) as client:
        yield client
