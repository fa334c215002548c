"""What the template's policies let each function do.

The local stack enforces no policy, so a call that a policy forgets would fail on AWS alone. This
evaluates the part of IAM's language that template.yaml uses; the tests put every call of every
function to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

type Context = Mapping[str, Sequence[str]]
type Needs = Callable[["Request"], bool]


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a function asks IAM for.

    `resource` is the logical id of the template's resource, with what follows its ARN
    (`RosterBucket/rosters/kotabumi/...`); `context` the values of condition keys.
    """

    action: str
    resource: str
    context: Context = field(default_factory=dict)


def allows(statements: Sequence[Mapping[str, Any]], request: Request) -> bool:
    """Whether the statements allow the request: one allows it and none denies it."""
    effects = {each["Effect"] for each in statements if _applies(each, request)}
    return effects == {"Allow"}


def statements_of(template: Mapping[str, Any], function: str) -> list[Mapping[str, Any]]:
    """Return the statements that the template gives a function, by its logical id."""
    policies = template["Resources"][function]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["Statement"]]


def unused_grants(
    statements: Sequence[Mapping[str, Any]], requests: Sequence[Request]
) -> list[str]:
    """Return what the statements allow and none of the requests needs.

    That is an action, a resource or a value of a condition key that could be struck out of its
    statement. Not a pair of them: a transaction needs one statement for all its keys.
    """
    unused: list[str] = []
    for statement in statements:
        if statement["Effect"] == "Allow":
            needing = [each for each in requests if _applies(statement, each)]
            unused += [
                f"{statement['Sid']} {grant}"
                for grant, needs in _grants(statement)
                if not any(needs(request) for request in needing)
            ]
    return unused


def _grants(statement: Mapping[str, Any]) -> Iterator[tuple[str, Needs]]:
    """Yield each thing that a statement names, and what says whether a request needs it."""
    for action in many(statement["Action"]):
        yield action, partial(_needs_action, action)
    for resource in map(resource_name, many(statement["Resource"])):
        yield resource, partial(_needs_resource, resource)
    for conditions in statement.get("Condition", {}).values():
        for key, wanted in conditions.items():
            for value in many(wanted):
                yield value, partial(_needs_value, key, value)


def _needs_action(action: str, request: Request) -> bool:
    return fnmatchcase(request.action, action)


def _needs_resource(resource: str, request: Request) -> bool:
    return fnmatchcase(request.resource, resource)


def _needs_value(key: str, pattern: str, request: Request) -> bool:
    return any(_like(value, [pattern]) for value in request.context.get(key, ()))


def many(value: object) -> list[Any]:
    """Return a policy's "one or several" as several."""
    return list(value) if isinstance(value, list) else [value]


def resource_name(value: Any) -> str:
    """Return the name by which a `Request` calls a statement's resource."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
        case {"Fn::Sub": str(text)}:
            return text.replace(".Arn}", "").replace("${", "")
        case str():
            return value
        case _:
            raise ValueError(f"no name for {value}")


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        any(fnmatchcase(request.action, each) for each in many(statement["Action"]))
        and any(
            fnmatchcase(request.resource, resource_name(each))
            for each in many(statement["Resource"])
        )
        and all(
            _holds(operator, request.context.get(key), many(wanted))
            for operator, conditions in statement.get("Condition", {}).items()
            for key, wanted in conditions.items()
        )
    )


def _holds(operator: str, values: Sequence[str] | None, wanted: Sequence[str]) -> bool:
    match operator:
        case "ForAllValues:StringLike":  # true of no values, as in IAM
            return all(_like(value, wanted) for value in values or ())
        case "StringLike":
            return values is not None and any(_like(value, wanted) for value in values)
        case "Null":
            return [str(values is None).lower()] == list(wanted)
        case _:
            raise ValueError(f"{operator} is not known here")


def _like(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)
