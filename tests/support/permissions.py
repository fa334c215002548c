"""Holds every AWS call of the functions' code in a test to what template.yaml allows.

The local stack enforces no policy: a call that a policy forgets would fail on AWS alone. A call
below a handler must be allowed to that handler's function. A call of a use case that a test makes
without a handler must be allowed to one of the functions whose handler can come to it. What the
store's functions are asked for by a test is not held to anything: the test sets something up, or
looks.

What the calls use of the policies is kept, so that `--grants` finds what nothing uses.
"""

import ast
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import FrameType
from typing import Any
from unittest.mock import patch

import botocore.client
import botocore.signers
import pynamodb.connection.base
import pytest

from infra import policies
from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.policies import Request, allows, resource_name, statements_of

LEADING = "dynamodb:LeadingKeys"
SOURCES = ROOT / "functions"
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

MAIL_ACTIONS = ("ses:SendEmail", "ses:SendRawEmail")

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


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose call it is: the functions of which one, or each, must be allowed to make it."""

    name: str
    """The function whose handler is at work, else the module of the use case."""
    functions: tuple[str, ...]


def caller() -> Caller | None:
    """Who has called us, as far up as the functions' code goes; None for whom no policy is.

    The innermost handler, since one may call another. Above it, and above a use case without one,
    is a test.
    """
    frame: FrameType | None = sys._getframe()
    entry: str | None = None
    while frame is not None:
        module: str = frame.f_globals.get("__name__", "")
        if module.startswith("antrean."):
            entry = module
            if frame.f_code.co_name == "handler" and module in functions():
                return Caller(functions()[module], (functions()[module],))
        elif module.startswith(OUTSIDE) and (entry or not module.startswith(BETWEEN)):
            break
        frame = frame.f_back
    if frame is None or entry is None or not frame.f_globals["__name__"].startswith("tests."):
        return None
    if entry in functions():  # below its handler, asked by a test
        return Caller(functions()[entry], (functions()[entry],))
    return Caller(entry, who_reach(entry)) if entry.split(".")[1] in USE_CASES else None


OUTSIDE = ("tests.", "operations.", "infra.")
BETWEEN = ("tests.engines.", "tests.support.", "tests.integration.roster_stack")
"""What stands between the functions' code and AWS in a test; other tests call for themselves."""
USE_CASES = (
    "booking",
    "counter",
    "days",
    "imports",
    "messages",
    "offices",
    "releases",
    "rosters",
)
"""The packages whose calls are the functions' own, whoever begins them."""


@cache
def who_reach(module: str) -> tuple[str, ...]:
    """The functions whose handlers import a module, by whatever way."""
    return tuple(name for handler, name in functions().items() if module in reached_by(handler))


@cache
def reached_by(handler: str) -> frozenset[str]:
    found, waiting = set[str](), [handler]
    while waiting:
        if (module := waiting.pop()) not in found:
            found.add(module)
            waiting += imports_of(module)
    return frozenset(found)


@cache
def imports_of(module: str) -> tuple[str, ...]:
    """The modules of ours that a module imports, within its functions, too."""
    path = SOURCES / (module.replace(".", "/") + ".py")
    if not path.is_file():
        return ()
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return tuple(name for name in found if name.startswith("antrean."))


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
    if service == "sns":  # a phone number is no resource
        return [Request("sns:Publish", params.get("TopicArn", "PhoneNumber"))]
    if service == "sesv2":  # which of the two it is to IAM depends on how the mail is given
        return [Request(action, on) for action in MAIL_ACTIONS for on in mail_resources()]
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


@cache
def mail_resources() -> tuple[str, ...]:
    """What a mail is sent by: the identity and the configuration set that the settings name."""
    (statement,) = (
        each
        for each in statements_of(template(), "SendMessagesFunction")
        if each.get("Sid") == "SendMail"
    )
    return tuple(resource_name(each) for each in statement["Resource"])


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


# The watch

type Refusal = tuple[str, Request]


@dataclass(slots=True)
class Watch:
    """The calls of a session: what they ask of IAM, and what was refused of it."""

    asked: dict[str, set[tuple[str, str, str, tuple[str, ...]]]] = field(default_factory=dict)
    """By function: action, resource, condition key, its values."""
    refused: list[Refusal] = field(default_factory=list)
    """In the test that runs."""
    _judged: dict[tuple[Any, ...], list[Refusal]] = field(default_factory=dict)

    def note(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Hold a call that is about to be made to what its caller may do."""
        who = caller()
        if who is None:
            return
        if service != "dynamodb":
            self.refused += self._judge(who, service, operation, params)
            return
        # A table's calls are many, and of each kind and partition's kind one says it all.
        known = (who.name, operation, *shape(operation, params), os.environ.get("TABLE_NAME"))
        if known not in self._judged:
            self._judged[known] = self._judge(who, service, operation, params)
        self.refused += self._judged[known]

    def _judge(
        self, who: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> list[Refusal]:
        refusals: list[Refusal] = []
        for function in who.functions:
            requests = requests_of(function, service, operation, params)
            statements = statements_of(template(), function)
            refused = [each for each in requests if not allows(statements, each)]
            if not refused:
                if len(who.functions) == 1:
                    self._keep(function, requests)
                return []
            refusals += [(who.name, each) for each in refused]
        return refusals

    def _keep(self, function: str, requests: Sequence[Request]) -> None:
        for each in requests:
            ((key, values),) = each.context.items() or [("", ())]
            kept = self.asked.setdefault(function, set())
            kept.add((each.action, each.resource, key, tuple(values)))

    def as_text(self) -> str:
        """What was asked, for another process."""
        return json.dumps({function: sorted(kept) for function, kept in self.asked.items()})

    def add(self, text: str) -> None:
        """Add what another process was asked."""
        for function, kept in json.loads(text).items():
            self.asked.setdefault(function, set()).update(
                (action, resource, key, tuple(values)) for action, resource, key, values in kept
            )


def shape(operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    """What of a table's call a policy can tell apart: its parts, and their partitions' kinds."""
    requests = table_requests(next(iter(functions().values())), operation, params)
    for each in requests:
        yield each.action
        yield from sorted({key.partition("#")[0] for key in each.context[LEADING]})


WATCH = Watch()


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch what is called, by whatever client: the SDK's, PynamoDB's on any engine."""
    real_call: Any = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]
    of_store: Any = pynamodb.connection.base.Connection._make_api_call
    sign: Callable[..., str] = botocore.signers.generate_presigned_url

    def call(client: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        WATCH.note(service, operation_name, api_params)
        return real_call(client, operation_name, api_params)

    def store(connection: Any, operation_name: str, operation_kwargs: dict[str, Any]) -> Any:
        WATCH.note("dynamodb", operation_name, operation_kwargs)
        return of_store(connection, operation_name, operation_kwargs)

    def signed(client: Any, ClientMethod: str, Params: Any = None, **how: Any) -> str:  # noqa: N803
        """Whoever signs a link must be allowed what the link allows."""
        operation = client.meta.method_to_api_mapping[ClientMethod]
        WATCH.note(client.meta.service_model.service_name, operation, Params)
        return sign(client, ClientMethod, Params, **how)

    with ExitStack() as stack:
        for owner, name, by in (
            (botocore.client.BaseClient, "_make_api_call", call),
            (pynamodb.connection.base.Connection, "_make_api_call", store),
            (botocore.signers, "generate_presigned_url", signed),
        ):
            stack.enter_context(patch.object(owner, name, by))
        yield WATCH


@pytest.fixture
def refused_calls() -> Iterator[list[Refusal]]:
    """The calls of this test so far that the template does not allow whoever made them."""
    WATCH.refused.clear()
    with watching():
        yield WATCH.refused


@pytest.fixture(autouse=True)
def only_what_the_template_allows(refused_calls: list[Refusal]) -> Iterator[None]:
    """Fail a test in which the functions' code called what no policy allows it."""
    yield
    assert refused_calls == [], "template.yaml does not allow this"


NEEDED = {
    "PublishRostersFunction: ListRosters s3:ListBucket": "makes a missing object 404 and not 403",
}
"""What no call says that it needs."""


def unused_grants() -> list[str]:
    """What the policies allow and no function's call has used, a line each."""
    found = (
        f"{function}: {grant}"
        for function in functions().values()
        for grant in policies.unused_grants(
            statements_of(template(), function),
            [
                Request(action, resource, {key: values} if key else {})
                for action, resource, key, values in WATCH.asked.get(function, ())
            ],
        )
    )
    return [grant for grant in found if grant not in NEEDED]
