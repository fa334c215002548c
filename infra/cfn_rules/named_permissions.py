"""E9003: roles name what they may do, and on what."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

WITHOUT_RESOURCE: frozenset[str] = frozenset({"sns:Publish"})
"""Actions that know no resource, so that a role must write "*": an SMS goes to a phone number."""


class NamedPermissions(CloudFormationLintRule):  # type: ignore[misc]
    """A wildcard grants what nobody thought of, and what AWS adds later."""

    id = "E9003"
    shortdesc = "A role's allowing statements name their actions and resources"
    description = shortdesc
    tags = ("resources", "iam")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return what breaks the rule."""
        return [
            RuleMatch(["Resources", name, "Properties"], f"{problem} in policy {policy}")
            for name, policy, statement in _statements(cfn)
            if statement["Effect"] == "Allow"
            for problem in _problems(statement)
        ]


def _statements(cfn: Template) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (logical id, policy, statement) of what roles and policies grant."""
    for name, role in cfn.get_resources("AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, str(policy["PolicyName"]), statement
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, policy in cfn.get_resources(kind).items():
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                yield name, name, statement


def _problems(statement: dict[str, Any]) -> Iterator[str]:
    actions = _several(statement.get("Action"))
    if "NotAction" in statement or any("*" in str(action) for action in actions):
        yield "a wildcard action"
    everything = "*" in _several(statement.get("Resource")) or "NotResource" in statement
    if everything and not set(actions) <= WITHOUT_RESOURCE:
        yield "a wildcard resource"


def _several(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
