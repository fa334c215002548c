"""E9013: two stacks in one account have different names for everything."""

from collections.abc import Iterator
from typing import Any

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, text

NAMES = (
    "AlarmName",
    "DashboardName",
    "FunctionName",
    "LogGroupName",
    "Name",
    "QueueName",
    "TopicName",
    "UserPoolName",
)
STACK_NAMES = ("AWS::StackName", "Stack")
"""The pseudo parameter, and what the templates beside the stack's call it."""

NAMED_AFTER = frozenset(
    {"AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"}
)
"""Kinds that are said of a function by its name."""

NOT_OURS = frozenset({"AWS::Logs::MetricFilter"})
"""Kinds that look at something by its name; several may look at the same."""


class Names(rule.Rule):
    """A second stack, for a rehearsal, would not deploy beside the first."""

    id = "E9013"
    shortdesc = "A name that a resource is given holds the stack's, and is given once"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        taken: dict[tuple[str, str], str] = {}
        for name, resource in stack.resources.items():
            kind = resource["Type"]
            if kind in NAMED_AFTER:
                continue
            for given in _given(resource.get("Properties", {})):
                if not _holds_the_stacks(given):
                    yield name, "its name does not hold the stack's"
                first = taken.setdefault((kind, str(given)), name)
                if first != name and kind not in NOT_OURS:
                    yield name, f"has the name of {first}"


def _given(properties: Properties) -> Iterator[Any]:
    """Yield the names in a resource's properties and in its "...Config"."""
    configs = [each for key, each in properties.items() if key.endswith("Config")]
    for place in (properties, *configs):
        for key in NAMES:
            if isinstance(place, dict) and key in place:
                yield place[key]


def _holds_the_stacks(given: Any) -> bool:
    if isinstance(given, dict) and given.get("Ref") in STACK_NAMES:
        return True
    return any(f"${{{each}}}" in text(given) for each in STACK_NAMES)
