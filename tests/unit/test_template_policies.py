"""What template.yaml lets each function do, and what none may."""

from typing import Any

import pytest

from infra.build.zips import ROOT
from infra.local.template import read
from infra.policies import Request, allows, many, statements_of

TEMPLATE = read(ROOT / "template.yaml")
FUNCTIONS = [
    name
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
]
CHANGING = ("DeleteItem", "UpdateItem")
KINDS = ("OFFICES", "CALENDAR", "CURSORS", "RETURNS", "SLOTS#a", "DAY#a#2026-11-24", "BOOKING#A")


def may(function: str, action: str, *keys: str, resource: str = "Table") -> bool:
    context = {"dynamodb:LeadingKeys": keys} if keys else {}
    return allows(statements_of(TEMPLATE, function), Request(action, resource, context))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("action", CHANGING)
def test_no_function_changes_or_deletes_what_is_on_the_record(function: str, action: str) -> None:
    assert not may(function, f"dynamodb:{action}", "AUDIT#kotabumi")
    assert not may(function, f"dynamodb:{action}", "AUDIT#kotabumi", "AUDIT#kalianda")


@pytest.mark.parametrize("together", [False, True])
def test_a_change_and_its_record_are_one_transaction(together: bool) -> None:
    keys = ("SLOTS#kotabumi", "AUDIT#kotabumi")
    parts = {"dynamodb:UpdateItem": keys[:1], "dynamodb:PutItem": keys[1:]}

    assert all(
        may("AdminFunction", action, *(keys if together else own)) for action, own in parts.items()
    )


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "action", ["Scan", "BatchWriteItem", "DeleteTable", "UpdateTable", "PartiQLDelete"]
)
def test_no_function_scans_or_writes_in_bulk_or_touches_the_table_itself(
    function: str, action: str
) -> None:
    assert not may(function, f"dynamodb:{action}")
    assert not may(function, f"dynamodb:{action}", "SLOTS#kotabumi")


def test_only_admins_read_the_record() -> None:
    readers = [name for name in FUNCTIONS if may(name, "dynamodb:Query", "AUDIT#kotabumi")]

    assert readers == ["AdminFunction"]


def test_only_admins_and_their_imports_change_offices() -> None:
    writers = [
        name
        for name in FUNCTIONS
        if any(may(name, f"dynamodb:{verb}Item", "OFFICES") for verb in ("Put", "Update", "Delete"))
    ]

    assert writers == ["AdminFunction", "ApplyImportFunction"]


def test_who_books_moves_and_tells_sees_bookings_and_who_books_and_tells_the_secret() -> None:
    readers = [name for name in FUNCTIONS if may(name, "dynamodb:GetItem", "BOOKING#K7QF2M9PXT")]
    secret = [
        name for name in FUNCTIONS if may(name, "secretsmanager:GetSecretValue", resource="Secret")
    ]

    told = ["SendMessagesFunction", "MessageReceiptsFunction"]
    assert secret == ["PublicFunction", "StaffFunction", *told]
    assert readers == ["PublicFunction", "StaffFunction", "MoveDayFunction", *told]


@pytest.mark.parametrize("function", ["PlanRostersFunction", "PublishRosterFunction"])
@pytest.mark.parametrize("key", KINDS)
def test_making_rosters_writes_nothing_into_the_table(function: str, key: str) -> None:
    for verb in ("Put", "Update", "Delete"):
        assert not may(function, f"dynamodb:{verb}Item", key)


def test_only_the_publisher_writes_rosters_and_nobody_deletes_them() -> None:
    roster = "RosterBucket/rosters/kotabumi/2026-11-24/roster.csv"

    assert [n for n in FUNCTIONS if may(n, "s3:PutObject", resource=roster)] == [
        "PublishRosterFunction"
    ]
    assert [n for n in FUNCTIONS if may(n, "s3:DeleteObject", resource=roster)] == []
    assert [n for n in FUNCTIONS if may(n, "s3:GetObject", resource=roster)] == [
        "StaffFunction",
        "PublishRosterFunction",
    ]


def statements() -> list[tuple[str, Any]]:
    return [(name, each) for name in FUNCTIONS for each in statements_of(TEMPLATE, name)]


@pytest.mark.parametrize(("function", "statement"), statements())
def test_a_statement_names_its_actions_and_resources(function: str, statement: Any) -> None:
    for action in many(statement["Action"]):
        assert "*" not in action
    for resource in many(statement["Resource"]):
        # A phone number is no resource: whoever may send SMS may not publish to any topic.
        assert resource != "*" or (function, statement["Sid"]) == (
            "SendMessagesFunction",
            "SendSms",
        )


def test_who_sends_sms_publishes_to_no_topic() -> None:
    denied = [each for _, each in statements() if each["Sid"] == "NoTopics"]

    assert [(each["Effect"], each["Action"], each["Resource"]) for each in denied] == [
        ("Deny", "sns:Publish", {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"})
    ]


def test_only_the_sender_sends_mail() -> None:
    senders = {
        name
        for name, each in statements()
        if any(action.startswith(("ses:", "sns:")) for action in many(each["Action"]))
    }

    assert senders == {"SendMessagesFunction"}


@pytest.mark.parametrize(("function", "statement"), statements())
def test_what_touches_the_table_says_which_items(function: str, statement: Any) -> None:
    if any(action.startswith("dynamodb:") for action in many(statement["Action"])):
        keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        assert keys
        assert "*" not in keys
