"""Messages on the local stack: from a booking to one mail with what belongs to it."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.local.deploy import STACK, Cloud
from tests.e2e.mails import booked, mails_to, queued, state
from tests.e2e.stack import LocalStack, wait_for


@pytest.fixture
def http(own: LocalStack) -> Iterator[httpx.Client]:
    """A client of this module's own stack."""
    with httpx.Client(base_url=own.endpoints["origin"], timeout=60) as client:
        yield client


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
    wait_for(lambda: queued(cloud) == 0)
    # Reminded the evening before: asked for twice, sent once. One after the other: of two senders
    # at the same message one leaves it in the queue, where it stays for its visibility timeout.
    for _ in range(2):
        remind(cloud, f"{booking['date']}T08:00:00+00:00")
        wait_for(lambda: queued(cloud) == 0)
    assert state(cloud, own, code, f"reminder#{booking['date']}#email") == "sent"
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
