"""That the watch over the calls (tests/support/permissions.py) sees what no policy allows."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import boto3
import pytest

from antrean.handlers import open_days
from antrean.offices.statistics import keep_statistics
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import start_cold
from antrean.store.items.office import put_office
from antrean.store.items.summary import get_summary
from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.policies import statements_of
from tests.support import permissions
from tests.support.clocks import standing
from tests.support.gateway import Context
from tests.support.people import an_office
from tests.support.permissions import Caller, Refusal, Watch, functions, requests_of
from tests.support.worlds import World, deadline

PK = {"pk": {"S": "SLOTS#kotabumi"}, "sk": {"S": "2026-11-24#regular#0800"}}


@pytest.fixture
def _one_office(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", table)
    start_cold()
    with standing():
        put_office(an_office(), Deadline.after(60))


@pytest.mark.usefixtures("_one_office")
def test_an_allowed_call_is_let_pass(refused_calls: list[Refusal]) -> None:
    with standing():
        open_days.handler({"days": 1}, Context())

    assert refused_calls == []


@pytest.mark.usefixtures("_one_office")
def test_a_call_that_no_statement_allows_is_seen(
    refused_calls: list[Refusal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_days, "all_offices", get_summary)
    with standing(), suppress(TypeError):
        open_days.handler({"days": 1}, Context())

    seen = {(function, request.action) for function, request in refused_calls}
    refused_calls.clear()
    assert seen == {("OpenDaysFunction", "dynamodb:GetItem")}


def test_a_use_case_that_a_test_calls_must_be_allowed_to_one_of_those_who_come_to_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day's figures are kept by one function alone, and a test keeps them without it."""
    office = world.has_office(open_days=1)
    day, statements = world.today(office), statements_of
    monkeypatch.setattr(permissions, "WATCH", watch := Watch())
    world.time.forward(days=1)
    keep_statistics(office, day, deadline())
    assert watch.refused == []

    def but_its_own(template: Mapping[str, Any], function: str) -> list[Mapping[str, Any]]:
        return [] if function == "KeepStatisticsFunction" else statements(template, function)

    monkeypatch.setattr(permissions, "statements_of", but_its_own)
    monkeypatch.setattr(permissions, "WATCH", watch := Watch())
    keep_statistics(office, day, deadline())
    seen = {(who, request.action) for who, request in watch.refused}
    assert ("antrean.offices.statistics", "dynamodb:PutItem") in seen


def test_a_signed_link_needs_what_it_allows(
    refused_calls: list[Refusal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROSTER_BUCKET", "ours")
    monkeypatch.setattr(permissions, "caller", lambda: Caller("AdminFunction", ("AdminFunction",)))
    link = {"Bucket": "ours", "Key": "rosters/kotabumi/2026-11-24/roster.csv"}
    boto3.client("s3").generate_presigned_url("get_object", Params=link)

    assert [(who, request.action) for who, request in refused_calls] == [
        ("AdminFunction", "s3:GetObject")
    ]
    refused_calls.clear()


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
