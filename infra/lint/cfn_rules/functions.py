"""E9012: a function has a role of its own and code, and its caller waits for it."""

import re
from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import ROOT, Fault, Properties, Stack, named

GATEWAY_SECONDS = 29
"""When API Gateway gives up."""

LEAST_MEMORY = 1024
"""MB for who answers a person: below, a cold start takes seconds."""


class Functions(rule.Rule):
    """A shared role grants to all what one needs."""

    id = "E9012"
    shortdesc = "A function has a role of its own, a handler, and the time its caller gives it"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        roles: dict[str, str] = {}
        answering = {
            named(each["FunctionName"])
            for _, each in stack.of("AWS::Lambda::Permission")
            if each["Principal"] == "apigateway.amazonaws.com"
        }
        for name, function in stack.of("AWS::Lambda::Function"):
            role = named(function["Role"])
            if role not in stack.resources:
                yield name, "its role is not of this template"
            elif roles.setdefault(role, name) != name:
                yield name, f"shares its role with {roles[role]}"
            if not _has_handler(str(function["Handler"])):
                yield name, f"there is no {function['Handler']}"
            if name in answering:
                for problem in _waited_for(stack, function):
                    yield name, problem


def _has_handler(handler: str) -> bool:
    module, _, name = handler.rpartition(".")
    file = ROOT / "functions" / (module.replace(".", "/") + ".py")
    defined = rf"^(def {name}\(|{name}\b.* = )"
    return file.is_file() and re.search(defined, file.read_text(), re.MULTILINE) is not None


def _waited_for(stack: Stack, function: Properties) -> Iterator[str]:
    timeout = stack.number(function.get("Timeout"))
    if timeout is None or timeout >= GATEWAY_SECONDS:
        yield "the gateway has given up before its Timeout"
    if (stack.number(function.get("MemorySize")) or 0) < LEAST_MEMORY:
        yield f"answers people with less than {LEAST_MEMORY} MB"
