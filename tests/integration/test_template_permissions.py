"""That the watch over the handlers' calls (permissions.py) sees what a policy does not allow."""

import boto3
import pytest

from antrean.handlers import open_days
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import start_cold
from antrean.store.items.office import put_office
from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.policies import Request
from tests.integration.permissions import functions, requests_of
from tests.support.clocks import standing
from tests.support.gateway import Context
from tests.support.people import an_office

PK = {"pk": {"S": "SLOTS#kotabumi"}, "sk": {"S": "2026-11-24#regular#0800"}}


@pytest.fixture
def _one_office(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", table)
    start_cold()
    with standing():
        put_office(an_office(), Deadline.after(60))


@pytest.mark.usefixtures("_one_office")
def test_an_allowed_call_is_let_pass(refused: list[tuple[str, Request]]) -> None:
    with standing():
        open_days.handler({"days": 1}, Context())

    assert refused == []


@pytest.mark.usefixtures("_one_office")
def test_a_call_that_no_statement_allows_is_seen(
    refused: list[tuple[str, Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(_budget: Deadline) -> list[object]:
        boto3.client("dynamodb").scan(TableName="antrean")
        return []

    monkeypatch.setattr(open_days, "all_offices", scan)
    with standing():
        open_days.handler({"days": 1}, Context())

    seen = [(function, request.action) for function, request in refused]
    refused.clear()
    assert seen == [("OpenDaysFunction", "dynamodb:Scan")]


def test_each_part_of_a_transaction_is_asked_for_alone_and_with_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TABLE_NAME", "antrean")
    parts = [
        {"Update": {"TableName": "antrean", "Key": PK}},
        {"Put": {"TableName": "antrean", "Item": {**PK, "pk": {"S": "AUDIT#kotabumi"}}}},
    ]

    asked = requests_of("AdminFunction", "dynamodb", "TransactWriteItems", {"TransactItems": parts})

    both = ["SLOTS#kotabumi", "AUDIT#kotabumi"]
    assert [
        (each.action, each.resource, each.context["dynamodb:LeadingKeys"]) for each in asked
    ] == [
        ("dynamodb:UpdateItem", "Table", both[:1]),
        ("dynamodb:PutItem", "Table", both[1:]),
        ("dynamodb:UpdateItem", "Table", both),
        ("dynamodb:PutItem", "Table", both),
    ]


def test_an_object_of_another_bucket_is_not_the_roster_buckets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROSTER_BUCKET", "ours")
    keys = [
        request.resource
        for bucket in ("ours", "theirs")
        for request in requests_of(
            "StaffFunction", "s3", "GetObject", {"Bucket": bucket, "Key": "rosters/a"}
        )
    ]

    assert keys == ["RosterBucket/rosters/a", "theirs/rosters/a"]


def test_every_function_of_the_template_is_watched() -> None:
    resources = read(ROOT / "template.yaml")["Resources"]

    assert set(functions().values()) == {
        name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"
    }
