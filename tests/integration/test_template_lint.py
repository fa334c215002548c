"""The project's own cfn-lint rules: each finds its fault in the expanded template."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from cfnlint.rules import CloudFormationLintRule
from cfnlint.template import Template
from samtranslator.model.exceptions import InvalidDocumentException

from infra.build.zips import ROOT
from infra.cfn_rules.dead_letters import DeadLetters
from infra.cfn_rules.log_retention import LogRetention
from infra.cfn_rules.named_permissions import NamedPermissions
from infra.lint_templates import expand
from infra.local.template import read

RULES = (DeadLetters(), LogRetention(), NamedPermissions())


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """template.yaml as SAM expands it."""
    return expand(read(ROOT / "template.yaml"))


def found(rule: CloudFormationLintRule, template: dict[str, Any]) -> set[str]:
    """The logical ids that `rule` complains of."""
    cfn = Template("template.json", template, ["ap-southeast-3"])
    return {match.path[1] for match in rule.match(cfn)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_template_keeps_the_rule(rule: CloudFormationLintRule, plain: dict[str, Any]) -> None:
    assert found(rule, plain) == set()


def permit_everything(resources: dict[str, Any]) -> None:
    statement = resources["SweepFunctionRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    statement["Statement"][0]["Action"] = "dynamodb:*"


def permit_everywhere(resources: dict[str, Any]) -> None:
    statement = resources["SweepFunctionRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    statement["Statement"][0]["Resource"] = ["*"]


@pytest.mark.parametrize(
    ("rule", "spoil", "culprit"),
    [
        (
            LogRetention(),
            lambda r: r["SweepLogs"]["Properties"].pop("RetentionInDays"),
            "SweepLogs",
        ),
        (
            LogRetention(),
            lambda r: r["SweepFunction"]["Properties"].pop("LoggingConfig"),
            "SweepFunction",
        ),
        (
            DeadLetters(),
            lambda r: r["SweepFunction"]["Properties"].pop("DeadLetterConfig"),
            "SweepFunction",
        ),
        (
            DeadLetters(),
            lambda r: r["OpenDaysFunctionDaily"]["Properties"]["Target"].pop("DeadLetterConfig"),
            "OpenDaysFunctionDaily",
        ),
        (
            DeadLetters(),
            lambda r: r["RosterQueue"]["Properties"].pop("RedrivePolicy"),
            "RosterQueue",
        ),
        (NamedPermissions(), permit_everything, "SweepFunctionRole"),
        (NamedPermissions(), permit_everywhere, "SweepFunctionRole"),
    ],
)
def test_a_rule_finds_its_fault(
    rule: CloudFormationLintRule,
    spoil: Callable[[dict[str, Any]], object],
    culprit: str,
    plain: dict[str, Any],
) -> None:
    spoilt = copy.deepcopy(plain)
    spoil(spoilt["Resources"])

    assert found(rule, spoilt) == {culprit}


def test_a_misspelt_property_does_not_expand() -> None:
    template = read(ROOT / "template.yaml")
    event = template["Resources"]["OpenDaysFunction"]["Properties"]["Events"]["Daily"]["Properties"]
    event["ScheduleExpressionTimezon"] = event.pop("ScheduleExpressionTimezone")

    with pytest.raises(InvalidDocumentException):
        expand(template)
