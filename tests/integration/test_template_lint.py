"""The project's own cfn-lint rules: the templates keep each, and each finds what breaks it.

`rule_examples/<module of a rule>.yaml` holds a small template that keeps the rule (`good`) and what
breaks it (`faults`): a change of that template, as a JSON merge patch (RFC 7396), and what the rule
then `finds` ("logical id: message").
"""

import copy
import shutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cfnlint.template import Template
from samtranslator.model.exceptions import InvalidDocumentException

from infra.cloudformation import read
from infra.lint import templates as templates_lint
from infra.lint.rule import Rule
from infra.lint.templates import OTHERS, REGION, RULES, TEMPLATE, expand, lint

EXAMPLES = Path(__file__).parent / "rule_examples"
MODULES = sorted(file.stem for file in RULES.glob("[a-z]*.py"))
FAULTS = [
    pytest.param(file.stem, number, id=f"{file.stem}-{number}")
    for file in sorted(EXAMPLES.glob("*.yaml"))
    for number, _ in enumerate(read(file)["faults"])
]


@cache
def rule_of(module: str) -> Rule:
    """The rule that a module states."""
    found = import_module(f"infra.lint.cfn_rules.{module}")
    (kind,) = [
        each
        for each in vars(found).values()
        if isinstance(each, type) and issubclass(each, Rule) and each.__module__ == found.__name__
    ]
    rule: Rule = kind()
    return rule


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Every template by its name, the stack's as it is written and as SAM expands it."""
    plain = {path.name: read(path) for path in (TEMPLATE, *OTHERS)}
    return {**plain, "expanded": expand(read(TEMPLATE))}


def found(module: str, template: dict[str, Any]) -> list[str]:
    """What a rule finds in a template."""
    cfn = Template("template.json", template, [REGION])
    return [f"{match.path[1]}: {match.message}" for match in rule_of(module).match(cfn)]


def patched(target: Any, patch: Any) -> Any:
    """`target` changed by a merge patch; what refers to something is one value."""
    if not isinstance(patch, dict) or any(key == "Ref" or key[:4] == "Fn::" for key in patch):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            del result[key]
        else:
            result[key] = patched(result.get(key), value)
    return result


@pytest.mark.parametrize("module", MODULES)
def test_the_templates_keep_the_rule(module: str) -> None:
    assert {name: found(module, each) for name, each in templates().items()} == {
        name: [] for name in templates()
    }


@pytest.mark.parametrize("module", MODULES)
def test_every_rule_has_examples_of_what_keeps_and_breaks_it(module: str) -> None:
    examples = read(EXAMPLES / f"{module}.yaml")

    assert found(module, examples["good"]) == []
    assert examples["faults"]


@pytest.mark.parametrize(("module", "number"), FAULTS)
def test_a_rule_finds_its_fault_and_no_other(module: str, number: int) -> None:
    examples = read(EXAMPLES / f"{module}.yaml")
    fault = examples["faults"][number]
    finds = [fault["finds"]] if isinstance(fault["finds"], str) else fault["finds"]

    assert sorted(found(module, patched(examples["good"], fault["change"]))) == sorted(finds)


def test_rules_have_ids_of_their_own() -> None:
    ids = [rule_of(module).id for module in MODULES]

    assert len(set(ids)) == len(ids)
    assert all(each.startswith("E9") for each in ids)


def test_lint_applies_the_rules_of_the_project_beside_cfn_lints(tmp_path: Path) -> None:
    shutil.copy(TEMPLATE.parent / "infra" / "origin.yaml", tmp_path)
    template = tmp_path / "origin.yaml"
    text = template.read_text()
    template.write_text(text.replace("SampledRequestsEnabled: false", "SampledRequestsEnabled: 7"))

    told = {line.split()[1] for line in lint(template, REGION)}

    assert {"E9014", "E3012"} <= told


def test_a_misspelt_property_does_not_expand() -> None:
    template = copy.deepcopy(templates()["template.yaml"])
    event = template["Resources"]["OpenDaysFunction"]["Properties"]["Events"]["Daily"]["Properties"]
    event["ScheduleExpressionTimezon"] = event.pop("ScheduleExpressionTimezone")

    with pytest.raises(InvalidDocumentException):
        expand(template)


@pytest.mark.parametrize(("wrong", "status"), [(None, 0), ("template.expanded.json", 1)])
def test_lint_reads_every_template_in_its_region_and_fails_for_one(
    wrong: str | None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted: dict[str, str] = {}

    def a_lint(template: Path, region: str) -> list[str]:
        linted[template.name] = region
        return ["something"] if template.name == wrong else []

    monkeypatch.setattr(templates_lint, "lint", a_lint)

    assert templates_lint.main() == status
    assert linted == {
        "template.yaml": REGION,
        "template.expanded.json": REGION,
        "observability.yaml": REGION,
        "origin.yaml": REGION,
        "edge.yaml": "us-east-1",
    }
