"""Messages on the local stack: from a booking to one mail with what belongs to it."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
import pytest

from infra.local.deploy import STACK, Cloud
from tests.e2e.stack import LocalStack
from tests.support.people import applicant_json, person

OFFICE = "manokwari"
"""In Jayapura's zone."""
WAIT_SECONDS = 180.0
"""When to give up: the machine may have much else to do."""


@pytest.fixture
def http(own: LocalStack) -> Iterator[httpx.Client]:
    """A client of this module's own stack."""
    with httpx.Client(base_url=own.endpoints["origin"], timeout=60) as client:
        yield client


def booked(http: httpx.Client, number: int, email: str) -> dict[str, Any]:
    """Book on a free day some days ahead, and return the booking."""
    days = http.get(f"/v1/offices/{OFFICE}/availability", params={"days": 14}).json()["days"]
    day = [each["date"] for each in days if each["state"] == "open"][1]
    answer = http.post(
        "/v1/bookings",
        headers={"Idempotency-Key": str(uuid.uuid4())},
        json={
            "office_id": OFFICE,
            "date": day,
            "applicants": [applicant_json(person(number))],
            "contact": {"phone": "+6281234567890", "email": email},
        },
    )
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()
    return booking


def mails_to(stack: LocalStack, email: str) -> list[EmailMessage]:
    mails = [
        message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
        for file in sorted(stack.paths.mails.glob("*.eml"))
    ]
    return [mail for mail in mails if mail["To"] == email]


def state(cloud: Cloud, stack: LocalStack, code: str, sort_key: str) -> str | None:
    key = {"pk": {"S": f"MESSAGE#{code.replace('-', '')}"}, "sk": {"S": sort_key}}
    found = cloud.client("dynamodb").get_item(TableName=stack.endpoints["table"], Key=key)
    return str(found["Item"]["state"]["S"]) if "Item" in found else None


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_who_books_gets_one_mail_with_proof_and_calendar_entry(
    own: LocalStack, http: httpx.Client
) -> None:
    cloud = Cloud(own.endpoints["aws_endpoint"])
    email = f"siti.{uuid.uuid4().hex}@example.com"
    booking = booked(http, 7_001, email)
    wait_for(lambda: state(cloud, own, booking["code"], "confirmation#1#email") == "sent")

    (mail,) = mails_to(own, email)
    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    code = booking["code"]
    assert attached.keys() == {"bukti-antrean.svg", "calendar.ics"}
    assert code in attached["bukti-antrean.svg"].decode()
    assert f"UID:{code.replace('-', '')}@antrean" in attached["calendar.ics"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert booking["tickets"][0]["label"] in text.get_content()
    assert "WIT" in text.get_content()

    # Whatever comes again is not sent again.
    home, an_hour_ago = str(own.paths.home), datetime.now(UTC) - timedelta(hours=1)
    again = ["resend", "--home", home, "--since", an_hour_ago.isoformat()]
    resent = own.run_module("operations.messages", *again, PYTHONPATH="functions")
    assert "messages asked for" in resent.stdout, resent.stderr
    # Reminded the evening before: asked for twice, sent once.
    day_before = f"{booking['date']}T08:00:00+00:00"
    for _ in range(2):
        remind(cloud, day_before)
    sort_key = f"reminder#{booking['date']}#email"
    wait_for(lambda: state(cloud, own, code, sort_key) == "sent")
    wait_for(lambda: queued(cloud) == 0)
    assert [mail["Subject"].split(":")[0] for mail in mails_to(own, email)] == [
        "Antrean paspor Anda tercatat",
        "Pengingat antrean paspor Anda",
    ]


def test_an_address_that_bounced_gets_no_mail_again(own: LocalStack, http: httpx.Client) -> None:
    cloud = Cloud(own.endpoints["aws_endpoint"])
    email = f"bounce+{uuid.uuid4().hex}@simulator.amazonses.com"
    first = booked(http, 7_002, email)["code"]
    wait_for(lambda: state(cloud, own, first, "confirmation#1#email") == "sent")
    wait_for(lambda: suppressed(cloud, own))

    second = booked(http, 7_003, email)["code"]
    wait_for(lambda: state(cloud, own, second, "confirmation#1#email") == "suppressed")
    assert len(mails_to(own, email)) == 1


def suppressed(cloud: Cloud, stack: LocalStack) -> int:
    """How many addresses are."""
    pages = (
        cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.endpoints["table"],
            FilterExpression="begins_with(pk, :kind)",
            ExpressionAttributeValues={":kind": {"S": "SUPPRESSED#"}},
        )
    )
    return sum(page["Count"] for page in pages)


def remind(cloud: Cloud, at: str) -> None:
    """Run the reminder of a day as if it were the evening before `at`'s date."""
    evening = (datetime.fromisoformat(at) - timedelta(days=1)).isoformat()
    cloud.client("lambda").invoke(
        FunctionName=f"{STACK}-remind",
        Payload=json.dumps({"timezone": "Asia/Jayapura", "scheduled_at": evening}).encode(),
    )


def queue(cloud: Cloud) -> str:
    url: str = cloud.client("sqs").get_queue_url(QueueName=f"{STACK}-messages")["QueueUrl"]
    return url


def queued(cloud: Cloud) -> int:
    """How many messages wait or are at work."""
    counts = cloud.client("sqs").get_queue_attributes(
        QueueUrl=queue(cloud),
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return sum(map(int, counts.values()))
