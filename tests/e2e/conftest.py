"""End to end: template.yaml deployed on a local stack, once for the whole suite."""

from collections.abc import Iterator

import httpx
import pytest

from infra.local.places import Places
from tests.e2e.stack import LocalStack


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    stack = LocalStack(Places(tmp_path_factory.mktemp("e2e") / "local"))
    try:
        yield stack.start()
    finally:
        stack.end()
        assert stack.left_behind() == []


@pytest.fixture
def stack(_started: LocalStack) -> LocalStack:
    """A stack that runs, started again when the test before stopped it."""
    assert _started.process is not None
    return _started if _started.process.poll() is None else _started.start()


@pytest.fixture
def http(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of the stack's one origin."""
    with httpx.Client(base_url=stack.endpoints["origin"], timeout=60) as client:
        yield client
