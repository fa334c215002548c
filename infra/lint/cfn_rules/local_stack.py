"""E9015: what is made for the local stack reaches nobody on AWS."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import LOCAL, Fault, Stack, everywhere

PREFIX = "Local"
"""What the names of such parameters begin with."""


class LocalStack(rule.Rule):
    """It allows sign-in by password alone, and code from elsewhere."""

    id = "E9015"
    shortdesc = f"Parameters {PREFIX}* are empty by default and used under {LOCAL} alone"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        parameters = [name for name in stack.parameters if name.startswith(PREFIX)]
        for name in parameters:
            if stack.parameters[name].get("Default") != "":
                yield name, "is not empty by default"
        given = stack.conditions.get(LOCAL)
        if given is not None and not any(_is_given(given, each) for each in parameters):
            yield LOCAL, f"is not that a parameter {PREFIX}* is given"
        for name, resource in stack.resources.items():
            for parameter in parameters:
                texts = (str(each) for each in everywhere(resource, "Fn::Sub"))
                if parameter in everywhere(resource, "Ref") or any(
                    f"${{{parameter}}}" in each for each in texts
                ):
                    yield name, f"uses {parameter} on AWS"


def _is_given(condition: object, parameter: str) -> bool:
    """Whether a condition is that a parameter is not empty. cfn-lint sorts what is compared."""
    match condition:
        case {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""] | ["", {"Ref": name}]}]}:
            return bool(name == parameter)
        case _:
            return False
