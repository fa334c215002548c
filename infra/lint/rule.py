"""What the project's own rules for cfn-lint have in common: how they read a template.

A rule sees the stack as AWS gets it: what stands there for the local stack alone (the condition
IsLocal) is left out. Functions, their roles and event sources, the API and the schedules are seen
in the template as SAM expands it, the rest in every template.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

ROOT = Path(__file__).parents[2]
LOCAL = "IsLocal"
"""The condition that holds on the local stack."""

type Properties = dict[str, Any]
type Fault = tuple[str, str]
"""The logical id of what breaks a rule, and what is wrong with it."""

_NOTHING = object()


class Stack:
    """A template's parameters, conditions and resources, the last as AWS gets them."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.parameters: dict[str, Properties] = dict(template.get("Parameters", {}))
        self.conditions: Properties = dict(template.get("Conditions", {}))
        self.resources: dict[str, Properties] = {
            name: _on_aws(resource)
            for name, resource in template.get("Resources", {}).items()
            if resource.get("Condition") != LOCAL
        }

    def section(self, name: str) -> str:
        """Return the template's section that a logical id is of."""
        if name in self.conditions:
            return "Conditions"
        return "Resources" if name in self.resources else "Parameters"

    def of(self, *kinds: str) -> Iterator[tuple[str, Properties]]:
        """Yield the logical id and the properties of each resource of these types."""
        for name, resource in self.resources.items():
            if resource["Type"] in kinds:
                yield name, resource.get("Properties", {})

    def statements(self, role: str) -> Iterator[Properties]:
        """Yield what a role is allowed and denied by its own policies."""
        for policy in self.resources[role]["Properties"].get("Policies", ()):
            yield from several(policy["PolicyDocument"]["Statement"])

    def number(self, value: object) -> float | None:
        """Return a number, or the default of the parameter it is taken from; None for neither."""
        if isinstance(value, dict):
            value = self.parameters.get(str(value.get("Ref")), {}).get("Default")
        if isinstance(value, int | float | str) and re.fullmatch(r"\d+(\.\d+)?", str(value)):
            return float(value)
        return None


@lru_cache(maxsize=1)
def _stack(cfn: Template) -> Stack:
    return Stack(cfn.template)


class Rule(CloudFormationLintRule):  # type: ignore[misc]
    """A rule that says `faults` of a stack."""

    tags = ("antrean",)

    @property
    def description(self) -> str:
        """What cfn-lint shows beside the rule: why it is one."""
        return str(type(self).__doc__)

    def faults(self, stack: Stack) -> Iterable[Fault]:
        """Return what breaks the rule."""
        raise NotImplementedError

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return what breaks the rule, as cfn-lint asks for it."""
        stack = _stack(cfn)
        return [
            RuleMatch([stack.section(name), name], message) for name, message in self.faults(stack)
        ]


def several(value: object) -> list[Any]:
    """Return CloudFormation's "none, one or several" as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def named(value: object) -> str:
    """Return the logical id that a reference or an attribute is of; the empty text for neither."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case _:
            return ""


def text(value: object) -> str:
    """Return a text with its `${...}` unresolved; the empty text for what is none."""
    match value:
        case str():
            return str(value)
        case {"Fn::Sub": str(template)} | {"Fn::Sub": [str(template), *_]}:
            return str(template)
        case _:
            return ""


def everywhere(value: object, key: str) -> Iterator[Any]:
    """Yield what stands under `key`, however deep."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == key:
                yield each
            yield from everywhere(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from everywhere(each, key)


def _on_aws(value: Any) -> Any:
    """Return a value with the branch of each `!If [IsLocal, ...]` that AWS gets."""
    match value:
        case {"Fn::If": [name, _, otherwise]} if name == LOCAL:
            return _on_aws(otherwise)
        case {"Ref": "AWS::NoValue"}:
            return _NOTHING
        case dict():
            found = {key: _on_aws(each) for key, each in value.items()}
            return {key: each for key, each in found.items() if each is not _NOTHING}
        case list():
            return [each for each in map(_on_aws, value) if each is not _NOTHING]
        case _:
            return value
