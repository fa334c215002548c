"""What stands on the emulator after `make run`: the template, mended where the emulator is lax."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest

from infra.cloudformation import read
from infra.local.deploy import STACK, Cloud
from infra.local.paths import ROOT
from infra.local.schedules import in_utc
from tests.e2e.stack import LocalStack, wait_for


@pytest.fixture
def cloud(stack: LocalStack) -> Cloud:
    """The emulated AWS of the stack."""
    return Cloud(stack.endpoints["aws_endpoint"])


def test_the_endpoints_file_says_where_everything_is(stack: LocalStack, cloud: Cloud) -> None:
    said = stack.endpoints
    assert {"origin", "api", "region", "aws_endpoint", "table", "roster_bucket", "users"} <= {*said}
    assert said["api"] == f"{said['origin']}/v1"
    assert said["origin"] == f"http://localhost:{stack.ports['PORT']}"
    assert said["users"]["admin"] == "admin@antrean.test"
    assert cloud.client("dynamodb").describe_table(TableName=said["table"])
    assert cloud.client("s3").head_bucket(Bucket=said["roster_bucket"])


SET_UP_BY_ANOTHER_TEST = "ulp-liwa"
"""By the walk of docs/operations.md."""


def test_all_offices_of_the_seed_stand_as_on_the_day_of_the_launch(http: httpx.Client) -> None:
    offices = [one for one in _offices(http) if one["office_id"] != SET_UP_BY_ANOTHER_TEST]
    assert len(offices) == 145
    not_open = {o["office_id"]: o for o in offices if o["status"] != "open"}
    assert sorted(not_open) == ["bandar-lampung", "kalianda"]
    for office in not_open.values():
        assert office["status"] == "preparing"
        assert "server" in office["status_reason"]


def test_every_office_has_its_days_open_for_a_month(http: httpx.Client) -> None:
    for office_id in ("banda-aceh", "kotabumi", "merauke"):
        days = http.get(f"/v1/offices/{office_id}/availability", params={"days": 30}).json()["days"]
        assert len(days) == 30
        # 21 weekdays at least, and in a month of Lebaran up to nine of them are holidays.
        assert sum(day["state"] == "open" for day in days) >= 12, days


def test_the_origin_serves_the_pages_beside_the_api(http: httpx.Client) -> None:
    page = http.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert http.get("/no-such-page").status_code == 404
    problem = http.get("/v1/offices/atlantis")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


def test_the_emulator_is_reached_from_this_machine_alone(stack: LocalStack) -> None:
    listening = [line.split() for line in _tcp_table()]
    ports = {f"{int(port):04X}" for port in stack.ports.values()}
    addresses = {row[1] for row in listening if row[3] == "0A" and row[1].split(":")[1] in ports}
    assert {address.split(":")[0] for address in addresses} == {"0100007F"}
    assert len(addresses) == 2


def test_expired_items_are_deleted_as_the_template_says(stack: LocalStack, cloud: Cloud) -> None:
    told = cloud.client("dynamodb").describe_time_to_live(TableName=stack.endpoints["table"])
    ttl = told["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")


def test_schedules_fire_at_their_own_zones_hour(cloud: Cloud) -> None:
    scheduler = cloud.client("scheduler")
    names = [schedule["Name"] for schedule in scheduler.list_schedules()["Schedules"]]
    stated = {name: scheduler.get_schedule(Name=name)["ScheduleExpression"] for name in names}
    wanted = _schedules_of_the_template()
    assert {name: in_utc(expression, zone) for name, (expression, zone) in wanted.items()} == stated
    for name, (expression, zone) in wanted.items():
        assert zone == "UTC" or stated[name] != expression


def _schedules_of_the_template() -> dict[str, tuple[str, str]]:
    """Return each schedule's expression and zone by its name."""
    resources = read(ROOT / "template.yaml")["Resources"].values()
    events = [
        event["Properties"]
        for resource in resources
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "ScheduleV2"
    ]
    return {
        event["Name"]["Fn::Sub"].replace("${AWS::StackName}", STACK): (
            event["ScheduleExpression"],
            event.get("ScheduleExpressionTimezone", "UTC"),
        )
        for event in events
    }


def test_the_sweeper_runs_by_itself(cloud: Cloud) -> None:
    logs = cloud.client("logs")

    def told() -> bool:
        lines = logs.filter_log_events(logGroupName=f"/antrean/{STACK}/sweep")["events"]
        return any('"swept"' in line["message"] for line in lines)

    wait_for(told)


def test_a_schedule_tells_its_target_the_time_it_was_meant_for(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    cloud.client("scheduler").create_schedule(
        Name="tell",
        ScheduleExpression="at(2017-11-17T08:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": arn["QueueArn"],
            "RoleArn": "arn:aws:iam::000000000000:role/any",
            "Input": '{"scheduled_at":"<aws.scheduler.scheduled-time>"}',
        },
    )
    message = _received(cloud, queue)
    told = datetime.fromisoformat(json.loads(message)["scheduled_at"])
    assert told.tzinfo is not None
    assert told.second == 0


def _received(cloud: Cloud, queue: str) -> str:
    """Return the first message of a queue."""

    def first() -> str | None:
        answer = cloud.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1)
        return next((message["Body"] for message in answer.get("Messages", [])), None)

    return wait_for(first) or ""


def _offices(http: httpx.Client) -> list[dict[str, Any]]:
    offices: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        query = {"cursor": page["next"]} if page["next"] else {}
        page = http.get("/v1/offices", params=query).json()
        offices += page["offices"]
    return offices


def _tcp_table() -> list[str]:
    with open("/proc/net/tcp") as table:  # noqa: PTH123 - not a regular file
        return table.readlines()[1:]
