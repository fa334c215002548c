"""What the tests of messages share: a booking with an e-mail address, and what became of it."""

import uuid
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx

from infra.local.deploy import STACK, Cloud
from tests.e2e.stack import LocalStack
from tests.support.people import applicant_json, person

OFFICE = "manokwari"
"""In Jayapura's zone."""


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
