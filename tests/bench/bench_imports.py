"""What importing each handler costs, against the least that a booking handler stands on.

Everything comes from the trees that are deployed: slimmed, compiled, for this machine's
processor. Each import has a new interpreter, and they take turns. The figure is processor time. A
function in Lambda also makes its client and its first connection; that is not in it.
"""

import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.build.zips import BUNDLES, Bundle, bundle_of, copy_installed, finish
from infra.cloudformation import read
from tests.bench.table import Row, at_most, told
from tests.engines.table import TEMPLATE

ROUNDS = 15
MOST = {
    "antrean.handlers.public_api": 1.2,
    "antrean.handlers.admin_api": 1.4,
    "antrean.handlers.staff_api": 1.4,
}
"""Times the reference: the targets of the handlers that people wait for."""
REFERENCE = """
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
APIGatewayRestResolver(enable_validation=True)  # this, too, imports
import pynamodb.models
"""
MEASURED = """
import time
begun = time.process_time()
{code}
print(time.process_time() - begun)
"""


@dataclass(frozen=True, slots=True)
class Import:
    """Some code that imports, and the tree it imports from."""

    code: str
    tree: Path

    def milliseconds(self) -> float:
        """Its processor time in a new interpreter."""
        run = subprocess.run(
            [sys.executable, "-c", MEASURED.format(code=self.code)],
            capture_output=True,
            text=True,
            check=True,
            cwd=self.tree,
            env={"PYTHONPATH": str(self.tree)},
        )
        return float(run.stdout) * 1000


def handlers() -> list[str]:
    """The handlers of the template."""
    functions = (
        resource["Properties"]
        for resource in read(TEMPLATE)["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    )
    return sorted({each["Handler"] for each in functions})


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[Bundle, Path]:
    """What is deployed, built from the packages that are installed here."""
    made = {}
    for bundle in BUNDLES:
        made[bundle] = tmp_path_factory.mktemp(bundle.name)
        copy_installed(bundle, made[bundle])
        finish(made[bundle])
    return made


def test_imports(trees: dict[Bundle, Path], report: Callable[..., None]) -> None:
    imports = {"": Import(REFERENCE, trees[BUNDLES[0]])}
    for handler in handlers():
        module = handler.rpartition(".")[0]
        imports[module] = Import(f"import {module}", trees[bundle_of(handler)])
    spent: dict[str, list[float]] = {module: [] for module in imports}
    for _ in range(ROUNDS):
        for module, each in imports.items():
            spent[module].append(each.milliseconds())
    medians = {module: statistics.median(each) for module, each in spent.items()}
    reference = medians.pop("")
    alone = f"Powertools' resolver and PynamoDB: {told(reference, 'ms')}"
    for module, median in medians.items():
        what, beside = f"import of {module}", f"{told(median, 'ms')}; {alone}"
        if module in MOST:
            report(at_most(what, median / reference, MOST[module], "times", beside))
        else:
            report(Row(what, told(median / reference, "times"), reference=beside))
