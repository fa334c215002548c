"""What all suites share: their order, an AWS environment that leads nowhere, the engines.

An engine is imported where it is started: every worker of the unit tests reads this file, and
none of them starts one.
"""

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from infra.local.paths import Paths

if TYPE_CHECKING:
    from tests.e2e.stack import LocalStack
    from tests.engines.dynamodb_local import DynamoDBLocal

_SUITES = ("unit", "integration", "race", "faults", "e2e", "web", "bench")
_ROOT = Path(__file__).parent
UNUSED = pytest.StashKey[list[str]]()
_table_numbers = itertools.count(1)

# Durations are the machine's, not the code's; a failing example is printed so that it can be rerun.
hypothesis.settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=60)
hypothesis.settings.register_profile(
    "quick", hypothesis.settings.get_profile("thorough"), max_examples=8
)
hypothesis.settings.load_profile("thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--grants",
        action="store_true",
        help="fail for what template.yaml grants a function and no call of these suites needs",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A terminated run unwinds like an interrupted one: its fixtures stop the servers they started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the quick suites first; within a suite the order stays pytest-randomly's."""
    items.sort(key=_suite)


def _suite(item: pytest.Item) -> int:
    return _SUITES.index(item.path.relative_to(_ROOT).parts[0])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hold the grants to what was called; a worker hands its calls on to who counts them."""
    if not session.config.getoption("grants"):
        return
    from tests.support.permissions import WATCH, unused_grants

    handed_on = getattr(session.config, "workeroutput", None)
    if handed_on is not None:
        handed_on["asked"] = WATCH.as_text()
    elif unused := unused_grants():
        session.config.stash[UNUSED] = unused
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's tests called."""
    if asked := getattr(node, "workeroutput", {}).get("asked"):
        from tests.support.permissions import WATCH

        WATCH.add(asked)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if unused := config.stash.get(UNUSED, None):
        terminalreporter.section("granted in template.yaml, needed by no call")
        for grant in unused:
            terminalreporter.write_line(grant)


@pytest.fixture(scope="session", autouse=True)
def _no_aws_account() -> Iterator[None]:
    """Let no test reach an AWS account, whatever the caller's environment and files hold."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def dynamodb() -> Iterator["DynamoDBLocal"]:
    """DynamoDB Local, started when the first test asks for it and stopped with the session."""
    from tests.engines.dynamodb_local import dynamodb_local

    with dynamodb_local() as server:
        yield server


@pytest.fixture
def dynamodb_table(dynamodb: "DynamoDBLocal") -> Iterator[str]:
    """The name of a new table of template.yaml on DynamoDB Local."""
    from tests.engines.table import a_table

    with a_table(dynamodb.client(), f"antrean-{next(_table_numbers)}") as name:
        yield name


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator["LocalStack"]:
    from tests.e2e.stack import LocalStack

    stack = LocalStack(Paths(tmp_path_factory.mktemp("e2e") / "local"))
    try:
        yield stack.start()
    finally:
        stack.end()
        assert stack.left_behind() == []


@pytest.fixture
def stack(_started: "LocalStack") -> "LocalStack":
    """A stack that runs, started again when the test before stopped it."""
    assert _started.process is not None
    return _started if _started.process.poll() is None else _started.start()
