"""Who may do what: template.yaml's policies against what is meant.

A function that is given more shows here, by name. Wildcards, other partitions' items and the audit
record are rules of infra/lint/cfn_rules; that each function may do what it does is asked by the
integration tests, call by call.
"""

import pytest

from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.policies import Request, allows, many, statements_of

TEMPLATE = read(ROOT / "template.yaml")
FUNCTIONS = [
    name
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
]
ROSTER = "RosterBucket/rosters/kotabumi/2026-11-24/roster.csv"
CHANGES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
PARTITIONS = (
    "OFFICES",
    "CALENDAR",
    "CURSORS",
    "RETURNS",
    "SLOTS#a",
    "DAY#a#2026-11-24",
    "BOOKING#A",
)


def may(function: str, action: str, *keys: str, resource: str = "Table") -> bool:
    context = {"dynamodb:LeadingKeys": keys} if keys else {}
    return allows(statements_of(TEMPLATE, function), Request(action, resource, context))


def who_may(action: str, *keys: str, resource: str = "Table") -> set[str]:
    return {name for name in FUNCTIONS if may(name, action, *keys, resource=resource)}


def test_only_admins_read_the_record() -> None:
    assert who_may("dynamodb:Query", "AUDIT#kotabumi") == {"AdminFunction"}


def test_only_admins_and_their_imports_change_offices() -> None:
    writers = set().union(*(who_may(action, "OFFICES") for action in CHANGES))

    assert writers == {"AdminFunction", "ApplyImportFunction"}


def test_who_books_moves_and_tells_sees_bookings() -> None:
    assert who_may("dynamodb:GetItem", "BOOKING#K7QF2M9PXT") == {
        "PublicFunction",
        "StaffFunction",
        "MoveDayFunction",
        "SendMessagesFunction",
        "ReceiveReceiptsFunction",
    }


def test_who_books_and_tells_has_the_secret() -> None:
    assert who_may("secretsmanager:GetSecretValue", resource="Secret") == {
        "PublicFunction",
        "StaffFunction",
        "SendMessagesFunction",
        "ReceiveReceiptsFunction",
    }


@pytest.mark.parametrize("function", ["PlanRostersFunction", "PublishRostersFunction"])
@pytest.mark.parametrize("key", PARTITIONS)
def test_making_rosters_writes_nothing_into_the_table(function: str, key: str) -> None:
    assert not any(may(function, action, key) for action in CHANGES)


def test_only_the_publisher_writes_rosters_and_nobody_deletes_them() -> None:
    assert who_may("s3:PutObject", resource=ROSTER) == {"PublishRostersFunction"}
    assert who_may("s3:DeleteObject", resource=ROSTER) == set()
    assert who_may("s3:GetObject", resource=ROSTER) == {"StaffFunction", "PublishRostersFunction"}


def test_only_the_sender_sends_mail_and_sms() -> None:
    senders = {
        name
        for name in FUNCTIONS
        for statement in statements_of(TEMPLATE, name)
        if any(action.startswith(("ses:", "sns:")) for action in many(statement["Action"]))
    }

    assert senders == {"SendMessagesFunction"}
