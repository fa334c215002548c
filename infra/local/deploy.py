"""Deploys template.yaml on the emulator, and puts right what the emulator drops of it."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.cloudformation import read, with_code
from infra.local import code_archive, schedules
from infra.local.emulator import REGION
from infra.local.paths import CannotGoOn

STACK: Final = "antrean"
CODE_BUCKET: Final = "antrean-code"
DEPLOY_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Cloud:
    """The emulated AWS at one address."""

    url: str

    def client(self, service: str) -> Any:
        """Return the SDK's client of a service.

        A call is sent once: a dead stack is told at once. The time-out is longer than any
        function's that is called by name.
        """
        return _client(service, self.url)


@cache
def _client(service: str, url: str) -> Any:
    return _session().client(
        service,  # type: ignore[call-overload]
        endpoint_url=url,
        config=Config(
            retries={"total_max_attempts": 1},
            connect_timeout=2,
            read_timeout=900,
            s3={"addressing_style": "path"},
        ),
    )


@cache
def _session() -> boto3.Session:
    # One session: it reads each service's description once. The emulator takes any key.
    return boto3.Session("test", "test", region_name=REGION)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the deployed stack says of itself: its outputs and its resources' names.

    `code` is the fingerprint of the functions' sources.
    """

    cloud: Cloud
    outputs: Mapping[str, str]
    code: str

    @property
    def api(self) -> str:
        """The API's address, as the origin reaches it; routes begin with /v1."""
        return (
            f"{self.cloud.url}/_aws/execute-api/{self.outputs['ApiId']}/{self.outputs['ApiStage']}"
        )

    def invoke(self, logical_id: str, event: Mapping[str, object]) -> Any:
        """Call a function of the stack and return its answer. Raises `CannotGoOn` if it fails."""
        resource = self.cloud.client("cloudformation").describe_stack_resource(
            StackName=STACK, LogicalResourceId=logical_id
        )["StackResourceDetail"]
        answer = self.cloud.client("lambda").invoke(
            FunctionName=resource["PhysicalResourceId"], Payload=json.dumps(event).encode()
        )
        body = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise CannotGoOn(f"{logical_id} failed: {body.get('errorMessage', body)}")
        return body


def deploy(cloud: Cloud, path: Path, sources: Path, parameters: Mapping[str, str]) -> Deployment:
    """Create or update the stack with the template and the functions' sources as they are now.

    Raises `CannotGoOn` when the emulator refuses it.
    """
    code = code_archive.archive(sources)
    packaged = with_code(read(path), _upload(cloud, code))
    cloudformation = cloud.client("cloudformation")
    request = {
        "StackName": STACK,
        "TemplateURL": _put(cloud, "template.json", json.dumps(packaged).encode()),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        if _status(cloudformation) is None:
            cloudformation.create_stack(**request)
        else:
            cloudformation.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise CannotGoOn(f"template.yaml was refused: {error}") from error
    outputs = _wait(cloudformation)
    _mend_ttl(cloud, packaged)
    _mend_schedules(cloud)
    return Deployment(cloud, outputs, code_archive.fingerprint(code))


def _upload(cloud: Cloud, code: bytes) -> str:
    """Put the archive where the stack finds it, in place of earlier ones, and return its URI."""
    key = f"{code_archive.fingerprint(code)}.zip"
    store = cloud.client("s3")
    with suppress(store.exceptions.BucketAlreadyOwnedByYou):
        store.create_bucket(
            Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    for earlier in store.list_objects_v2(Bucket=CODE_BUCKET).get("Contents", []):
        store.delete_object(Bucket=CODE_BUCKET, Key=earlier["Key"])
    _put(cloud, key, code)
    return f"s3://{CODE_BUCKET}/{key}"


def _put(cloud: Cloud, key: str, content: bytes) -> str:
    """Put an object into the code's bucket and return its URL, from which a template may be long:
    one that is sent along may have 51,200 characters."""
    cloud.client("s3").put_object(Bucket=CODE_BUCKET, Key=key, Body=content)
    return f"{cloud.url}/{CODE_BUCKET}/{key}"


def _status(cloudformation: Any) -> str | None:
    """Return the stack's status; None when there is no stack."""
    try:
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:
        return None
    return str(stack["StackStatus"])


def _wait(cloudformation: Any) -> dict[str, str]:
    """Return the stack's outputs when it is complete."""
    until = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < until:
        status = _status(cloudformation) or ""
        if not status.endswith("_IN_PROGRESS"):
            break
        time.sleep(0.2)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise CannotGoOn(f"template.yaml did not deploy: {_why(cloudformation) or status}")
    stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _why(cloudformation: Any) -> str | None:
    """Return the first reason that the stack's events give for a failure."""
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    for event in reversed(events):
        if event["ResourceStatus"].endswith("_FAILED"):
            return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
    return None


def _mend_ttl(cloud: Cloud, packaged: Mapping[str, Any]) -> None:
    """Switch on the deletion of expired items: the emulator ignores it in a template."""
    resources = cloud.client("cloudformation").describe_stack_resources(StackName=STACK)
    names = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources["StackResources"]}
    dynamodb = cloud.client("dynamodb")
    for logical_id, resource in packaged["Resources"].items():
        wanted = resource.get("Properties", {}).get("TimeToLiveSpecification")
        if resource["Type"] != "AWS::DynamoDB::Table" or wanted is None:
            continue
        table = names[logical_id]
        now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if now["TimeToLiveStatus"] != "ENABLED":
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


def _mend_schedules(cloud: Cloud) -> None:
    """Have each schedule fire at its own zone's hour: the emulator drops the zone.

    Done on every run, since an update of the stack puts the template's expression back.
    """
    cloudformation, scheduler = cloud.client("cloudformation"), cloud.client("scheduler")
    processed = cloudformation.get_template(StackName=STACK, TemplateStage="Processed")
    body = processed["TemplateBody"]
    for logical_id, resource in (json.loads(body) if isinstance(body, str) else body)[
        "Resources"
    ].items():
        properties = resource.get("Properties", {})
        zone = properties.get("ScheduleExpressionTimezone")
        if resource["Type"] != "AWS::Scheduler::Schedule" or zone is None:
            continue
        name = cloudformation.describe_stack_resource(
            StackName=STACK, LogicalResourceId=logical_id
        )["StackResourceDetail"]["PhysicalResourceId"]
        schedule = scheduler.get_schedule(Name=name)
        kept = {
            key: schedule[key]
            for key in ("Name", "GroupName", "FlexibleTimeWindow", "Target", "State")
        }
        scheduler.update_schedule(
            **kept,
            ScheduleExpression=schedules.in_utc(properties["ScheduleExpression"], zone),
            ScheduleExpressionTimezone="UTC",
        )
