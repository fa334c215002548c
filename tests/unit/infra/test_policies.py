"""What of a policy no request needs: what could be struck out of it."""

from typing import Any

import pytest

from infra.policies import Request, unused_grants

KEYS = "dynamodb:LeadingKeys"
STATEMENT: dict[str, Any] = {
    "Sid": "Write",
    "Effect": "Allow",
    "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"],
    "Resource": {"Fn::GetAtt": ["Table", "Arn"]},
    "Condition": {"ForAllValues:StringLike": {KEYS: ["SLOTS#*", "RETURNS"]}},
}
DENY = {**STATEMENT, "Effect": "Deny", "Action": "dynamodb:Scan"}


def asked(action: str, *keys: str) -> Request:
    return Request(f"dynamodb:{action}", "Table", {KEYS: keys})


@pytest.mark.parametrize(
    ("requests", "unused"),
    [
        ([], ["dynamodb:PutItem", "dynamodb:DeleteItem", "Table", "SLOTS#*", "RETURNS"]),
        ([asked("PutItem", "SLOTS#a")], ["dynamodb:DeleteItem", "RETURNS"]),
        ([asked("PutItem", "SLOTS#a", "RETURNS")], ["dynamodb:DeleteItem"]),
        ([asked("PutItem", "SLOTS#a"), asked("DeleteItem", "RETURNS")], []),
        (
            [asked("PutItem", "SLOTS#a"), asked("DeleteItem", "DAY#a")],
            ["dynamodb:DeleteItem", "RETURNS"],
        ),
    ],
)
def test_what_is_allowed_and_not_asked_for_is_told(
    requests: list[Request], unused: list[str]
) -> None:
    assert unused_grants([STATEMENT, DENY], requests) == [f"Write {each}" for each in unused]
