"""Every AWS call that the functions make is one that template.yaml allows them.

The local stack enforces no policy: a call that a policy forgets would fail on AWS alone.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.client
import pytest
from aws_lambda_powertools.utilities.parameters.constants import DEFAULT_PROVIDERS

from antrean import clock
from antrean.api import admin, public, staff
from antrean.domain.slots import Lane, SlotRef
from antrean.jobs import move_day, open_days, plan_rosters, sweep
from antrean.rosters import publish
from antrean.store.offices import put_office
from antrean.store.slots import claim
from infra.build import ROOT
from infra.local.template import read
from infra.policies import Request, allows, statements_of
from tests.clocks import StandingClock
from tests.gateway import Client, Context, signed_in
from tests.people import an_office, booking_json, key, people
from tests.worlds import SECRET, budget, forget, start_cold

TEMPLATE = read(ROOT / "template.yaml")
OFFICE = an_office()
BUCKET, SECRET_ID = "rosters", "hash-secret"

LEADING = "dynamodb:LeadingKeys"
PARTS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
QUEUES = {"q": "RosterQueue", "moves": "MoveQueue"}
S3_ACTIONS = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}


@dataclass(slots=True)
class Calls:
    """What the functions asked AWS for, by function."""

    asked: dict[str, list[Request]] = field(default_factory=dict)
    function: str | None = None

    @contextmanager
    def by(self, function: str) -> Iterator[None]:
        """Note what is asked in this block as asked by `function`, called by another or not."""
        before, self.function = self.function, function
        try:
            yield
        finally:
            self.function = before

    def note(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        if self.function is not None:
            noted = self.asked.setdefault(self.function, [])
            noted += requests_of(service, operation, params)


@dataclass(frozen=True, slots=True)
class Lambda:
    """Lambda, as far as the staff API uses it: the publisher runs in this process."""

    calls: Calls

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        noted = self.calls.asked.setdefault(self.calls.function or "", [])
        noted.append(Request("lambda:InvokeFunction", FunctionName))
        with self.calls.by(FunctionName):
            said = publish.handler(json.loads(Payload), Context())
        return {"Payload": io.BytesIO(json.dumps(said).encode())}


def requests_of(service: str, operation: str, params: Mapping[str, Any]) -> list[Request]:
    """Return what IAM is asked when this call is made."""
    match service:
        case "dynamodb":
            return table_requests(operation, params)
        case "s3" if operation in S3_ACTIONS:
            context = {"s3:prefix": [params["Prefix"]]}
            return [Request(f"s3:{S3_ACTIONS[operation]}", "RosterBucket", context)]
        case "s3":
            version = "Version" if "VersionId" in params else ""
            return [Request(f"s3:{operation}{version}", f"RosterBucket/{params['Key']}")]
        case "sqs":
            queue = QUEUES[str(params["QueueUrl"]).rpartition("/")[2]]
            return [Request("sqs:SendMessage", queue)]
        case "secretsmanager":
            return [Request(f"secretsmanager:{operation}", "Secret")]
        case "kms":
            return [Request(f"kms:{operation}", "SigningKey")]
        case _:
            raise AssertionError(f"a call of {service}, which no policy speaks of")


def table_requests(operation: str, params: Mapping[str, Any]) -> list[Request]:
    if operation == "TransactWriteItems":
        parts = [
            (PARTS[kind], part) for each in params["TransactItems"] for kind, part in each.items()
        ]
        keys = [pk_of(part) for _, part in parts]
        # Whether IAM is shown the keys one by one or together is not documented: allow for both.
        apart = [table_request(verb, [pk]) for (verb, _), pk in zip(parts, keys, strict=True)]
        return apart + [table_request(verb, keys) for verb, _ in parts]
    if operation == "BatchGetItem":
        (wanted,) = params["RequestItems"].values()
        return [table_request(operation, [each["pk"]["S"] for each in wanted["Keys"]])]
    if operation == "Query":
        return [table_request(operation, [queried(params)])]
    return [table_request(operation, [pk_of(params)])]


def table_request(verb: str, keys: list[str]) -> Request:
    return Request(f"dynamodb:{verb}", "Table", {LEADING: keys})


def pk_of(part: Mapping[str, Any]) -> str:
    pk: str = (part.get("Key") or part["Item"])["pk"]["S"]
    return pk


def queried(params: Mapping[str, Any]) -> str:
    names = params["ExpressionAttributeNames"]
    for name, value in re.findall(r"(#\w+) = (:\w+)", params["KeyConditionExpression"]):
        if names[name] == "pk":
            pk: str = params["ExpressionAttributeValues"][value]["S"]
            return pk
    raise AssertionError(params["KeyConditionExpression"])


@pytest.fixture
def time(table: str) -> Iterator[StandingClock]:
    """An account with everything of the stack, on a Monday morning, with one office."""
    location = {"LocationConstraint": "ap-southeast-3"}
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)  # type: ignore[arg-type]
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    boto3.client("secretsmanager").create_secret(Name=SECRET_ID, SecretString=SECRET)
    stands = StandingClock()
    with pytest.MonkeyPatch.context() as patch, clock.use(stands):
        patch.setenv("TABLE_NAME", table)
        patch.setenv("ROSTER_BUCKET", BUCKET)
        patch.setenv(
            "ROSTER_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
        )
        moves = boto3.client("sqs").create_queue(QueueName="moves")["QueueUrl"]
        patch.setenv("MOVE_QUEUE_URL", moves)
        patch.setenv("SECRET_ID", SECRET_ID)
        patch.setenv("PUBLISH_FUNCTION", "PublishRosterFunction")
        key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        patch.setenv("SIGNING_KEY_ID", key["KeyMetadata"]["KeyId"])
        patch.setenv("PUBLIC_ORIGIN", "https://antrean.example.go.id")
        patch.delitem(DEFAULT_PROVIDERS, "secrets", raising=False)
        start_cold()
        put_office(OFFICE, budget())
        yield stands
        DEFAULT_PROVIDERS.pop("secrets", None)
        start_cold()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What is asked of AWS from now on."""
    calls = Calls()
    send = botocore.client.BaseClient._make_api_call

    def noted(client: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        calls.note(client.meta.service_model.service_name, operation_name, api_params)
        return send(client, operation_name, api_params)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", noted)
    monkeypatch.setattr("antrean.rosters.now.functions", lambda: Lambda(calls))
    return calls


def book(day: str, number: int, party: int = 1) -> dict[str, Any]:
    """Have somebody book; the booking."""
    answer = Client(public.handler)(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(number)},
        body=booking_json(*people(party, first=number * 10), day=day),
    )
    assert answer.status == 201, answer
    booking: dict[str, Any] = answer.json
    return booking


def an_applicants_life(day: str, other_day: str) -> None:
    """Look, book for a family, read, move, cancel."""
    ask = Client(public.handler)
    assert ask("GET", "/v1/offices").status == 200
    assert ask("GET", "/v1/offices/{office_id}", office_id=OFFICE.office_id).status == 200
    route = "/v1/offices/{office_id}/availability"
    assert ask("GET", route, office_id=OFFICE.office_id).status == 200
    assert ask("GET", "/v1/availability").status == 200
    ledger = "/v1/offices/{office_id}/ledger"
    assert ask("GET", ledger, office_id=OFFICE.office_id, query={"date": day}).status == 200
    booking = book(day, 1, party=2)
    own = {"headers": {"Authorization": f"Bearer {booking['token']}"}, "code": booking["code"]}
    assert ask("GET", "/v1/bookings/{code}", **own).status == 200
    assert ask("GET", "/v1/bookings/{code}/proof.svg", **own).status == 200
    assert ask("GET", "/v1/bookings/{code}/calendar.ics", **own).status == 200
    moved = ask("POST", "/v1/bookings/{code}/reschedule", body={"date": other_day}, **own)
    assert moved.status == 200, moved
    assert ask("DELETE", "/v1/bookings/{code}", **own).status == 200


def an_admins_life(day: str) -> None:
    """See the days, change a quota, read the record."""
    ask, claims = Client(admin.handler), signed_in("admin")
    at = {"office_id": OFFICE.office_id, "claims": claims}
    days = "/v1/admin/offices/{office_id}/days"
    assert ask("GET", days, query={"from": day, "days": "3"}, **at).status == 200
    body = {"quotas": [{"lane": "regular", "window": "08:00", "quota": 30}], "force": False}
    changed = ask("PATCH", days + "/{date}", body=body, date=day, **at)
    assert changed.status == 200, changed
    two = {"from": day, "to": day, "closed": True, "reason": "Pelatihan"}
    assert ask("PATCH", days, body=two, **at).status == 200
    move = {"body": {"reason": "Server padam"}, "date": day}
    assert ask("POST", days + "/{date}/move", **move, **at).status == 202
    assert ask("GET", days + "/{date}/move", date=day, **at).status == 200
    query = {"office_id": OFFICE.office_id}
    assert ask("GET", "/v1/admin/audit", query=query, claims=claims).status == 200


def a_staff_members_life(day: str) -> str:
    """List the rosters, publish one, ask for a link to it; the link."""
    ask, at = Client(staff.handler), {"claims": signed_in(f"office:{OFFICE.office_id}")}
    at["office_id"] = OFFICE.office_id  # type: ignore[assignment]
    route = "/v1/staff/offices/{office_id}/rosters"
    assert ask("GET", route, **at).status == 200
    assert ask("POST", route + "/{date}", date=day, **at).status == 200
    answer = ask("GET", route + "/{date}", date=day, query={"format": "csv"}, **at)
    assert answer.status == 200, answer
    url: str = answer.json["url"]
    return url


def move_message(day: str) -> dict[str, Any]:
    body = json.dumps({"office_id": OFFICE.office_id, "scope": f"{day}#all#all"})
    return {"Records": [{"messageId": "1", "body": body}]}


def message(day: str) -> dict[str, Any]:
    body = json.dumps({"office_id": OFFICE.office_id, "date": day})
    return {"Records": [{"messageId": "1", "body": body}]}


def test_every_call_of_every_function_is_allowed(time: StandingClock, calls: Calls) -> None:
    today = OFFICE.local_date(clock.now())
    day, other_day = ((today + timedelta(days=n)).isoformat() for n in (1, 2))

    with calls.by("OpenDaysFunction"):
        open_days.handler({}, Context())
    forget()
    with calls.by("PublicFunction"):
        an_applicants_life(day, other_day)
        book(day, 2)
    ref = SlotRef(OFFICE.office_id, today + timedelta(days=1), Lane.REGULAR, "0900")
    assert claim(ref, 1, int(time.seconds()), budget())  # and then the process dies
    for _ in range(3):
        with calls.by("SweepFunction"):
            sweep.handler({}, Context())
        time.forward(hours=1)
    with calls.by("AdminFunction"):
        an_admins_life(day)
    with calls.by("MoveDayFunction"):
        assert move_day.handler(move_message(day), Context()) == {"batchItemFailures": []}
    with calls.by("PlanRostersFunction"):
        plan_rosters.handler({"timezone": OFFICE.timezone}, Context())
    with calls.by("PublishRosterFunction"):
        for _ in range(2):
            assert publish.handler(message(day), Context()) == {"batchItemFailures": []}
    with calls.by("StaffFunction"):
        link = urlsplit(a_staff_members_life(day))
    # The signature of the link is the staff function's, whoever follows it.
    version = "Version" if "versionId" in parse_qs(link.query) else ""
    _, path = link.path.split("rosters/", 1) if BUCKET in link.netloc else ("", link.path)
    calls.asked["StaffFunction"].append(
        Request(f"s3:GetObject{version}", f"RosterBucket/rosters/{path}")
    )

    refused = {
        function: [request for request in asked if not allows(granted, request)]
        for function, asked in calls.asked.items()
        for granted in [statements_of(TEMPLATE, function)]
    }
    assert {function: asked for function, asked in refused.items() if asked} == {}
    assert calls.asked.keys() == {
        name
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
