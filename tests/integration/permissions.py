"""Holds every AWS call that a handler makes in a test to what template.yaml allows its function.

The local stack enforces no policy: a call that a policy forgets would fail on AWS alone.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import FrameType
from typing import Any

import botocore.client
import pytest

from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.policies import Request, allows, statements_of

LEADING = "dynamodb:LeadingKeys"
PARTS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListObjectVersions"): "ListBucketVersions",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("sqs", "SendMessageBatch"): "SendMessage",
}
"""What IAM calls an operation, where it does not call it the same."""

NAMED_BY = ("Bucket", "FunctionName", "KeyId", "QueueUrl", "SecretId", "TableName", "UserPoolId")
"""The parameters that say on what a call works."""


@cache
def template() -> dict[str, Any]:
    return read(ROOT / "template.yaml")


@cache
def functions() -> dict[str, str]:
    """The template's functions by the module of their handler."""
    return {
        resource["Properties"]["Handler"].removesuffix(".handler"): name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


@cache
def variables(function: str) -> dict[str, Any]:
    """The environment that the template gives a function."""
    own = template()["Resources"][function]["Properties"].get("Environment", {})
    shared = template()["Globals"]["Function"]["Environment"]
    return {**shared["Variables"], **own.get("Variables", {})}


def function_at_work() -> str | None:
    """The function whose handler has called us; the innermost, since one may call another."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "handler":
            function = functions().get(frame.f_globals["__name__"])
            if function is not None:
                return function
        frame = frame.f_back
    return None


def named(function: str, value: str) -> str:
    """The logical id of what a function's environment calls `value`.

    What its environment does not name stands for itself, and no policy allows it.
    """
    for variable, reference in variables(function).items():
        if isinstance(reference, dict) and os.environ.get(variable) == value:
            return str(reference.get("Ref", value))
    return value


def requests_of(
    function: str, service: str, operation: str, params: Mapping[str, Any]
) -> list[Request]:
    """What IAM is asked when `function` makes this call."""
    if service == "dynamodb":
        return table_requests(function, operation, params)
    action = f"{service}:{ACTIONS.get((service, operation), operation)}"
    name = next(params[name] for name in NAMED_BY if name in params)
    if not name:  # a test without that setting: the SDK sends nothing
        return []
    resource = named(function, name)
    if service != "s3":
        return [Request(action, resource)]
    if "Key" not in params:
        return [Request(action, resource, {"s3:prefix": [params["Prefix"]]})]
    version = "Version" if "VersionId" in params else ""
    return [Request(action + version, f"{resource}/{params['Key']}")]


def table_requests(function: str, operation: str, params: Mapping[str, Any]) -> list[Request]:
    match operation:
        case "TransactWriteItems":
            parts = [
                (PARTS[kind], part)
                for each in params["TransactItems"]
                for kind, part in each.items()
            ]
            keys = [pk_of(part) for _, part in parts]
            table = named(function, parts[0][1]["TableName"])
            # Whether IAM is shown the keys one by one or together is not documented: both must do.
            apart = [
                Request(f"dynamodb:{verb}", table, {LEADING: [pk]})
                for (verb, _), pk in zip(parts, keys, strict=True)
            ]
            return apart + [
                Request(f"dynamodb:{verb}", table, {LEADING: keys}) for verb, _ in parts
            ]
        case "BatchGetItem":
            return [
                Request(
                    f"dynamodb:{operation}",
                    named(function, table),
                    {LEADING: [each["pk"]["S"] for each in wanted["Keys"]]},
                )
                for table, wanted in params["RequestItems"].items()
            ]
        case "Query":
            keys = [queried(params)]
        case "Scan":
            keys = []
        case _:
            keys = [pk_of(params)]
    return [Request(f"dynamodb:{operation}", named(function, params["TableName"]), {LEADING: keys})]


def pk_of(part: Mapping[str, Any]) -> str:
    pk: str = (part.get("Key") or part["Item"])["pk"]["S"]
    return pk


def queried(params: Mapping[str, Any]) -> str:
    """The partition key that a Query names."""
    names = params["ExpressionAttributeNames"]
    for name, value in re.findall(r"(#\w+) = (:\w+)", params["KeyConditionExpression"]):
        if names[name] == "pk":
            pk: str = params["ExpressionAttributeValues"][value]["S"]
            return pk
    raise AssertionError(params["KeyConditionExpression"])


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Request]]:
    """The calls so far that the template does not allow the function that made them."""
    found: list[tuple[str, Request]] = []
    send: Any = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

    def watched(client: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        function = function_at_work()
        if function is not None:
            service = client.meta.service_model.service_name
            statements = statements_of(template(), function)
            found.extend(
                (function, request)
                for request in requests_of(function, service, operation_name, api_params)
                if not allows(statements, request)
            )
        return send(client, operation_name, api_params)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", watched)
    return found


@pytest.fixture(autouse=True)
def only_what_the_template_allows(refused: list[tuple[str, Request]]) -> Iterator[None]:
    """Fail a test in which a handler called what its policy does not allow."""
    yield
    assert refused == [], "template.yaml does not allow this"
