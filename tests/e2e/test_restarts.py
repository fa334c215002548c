"""What was booked before, during and after a restart of the local stack gets its one mail."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from infra.local.deploy import Cloud
from tests.e2e.mails import booked, mails_to, queued, state
from tests.e2e.stack import LocalStack, wait_for


def book(stack: LocalStack, number: int) -> tuple[str, str]:
    """Book; return the booking's code and the address it is written to."""
    email = f"siti.{uuid.uuid4().hex}@example.com"
    with httpx.Client(base_url=stack.endpoints["origin"], timeout=60) as http:
        return booked(http, number, email)["code"], email


def mails_of(stack: LocalStack, code: str, email: str) -> int:
    """How many mails a booking's contact has when its confirmation is sent and nothing waits."""
    cloud = Cloud(stack.endpoints["aws_endpoint"])
    wait_for(lambda: state(cloud, stack, code, "confirmation#1#email") == "sent")
    wait_for(lambda: queued(cloud) == 0)
    return len(mails_to(stack, email))


def restart(stack: LocalStack) -> None:
    stack.end()
    stack.start()


@contextmanager
def nobody_reads_the_stream(stack: LocalStack) -> Iterator[None]:
    """Keep the records of the table's stream from the functions that read it."""
    cloud = Cloud(stack.endpoints["aws_endpoint"])
    table = cloud.client("dynamodb").describe_table(TableName=stack.endpoints["table"])["Table"]
    functions = cloud.client("lambda")
    readers = functions.list_event_source_mappings(EventSourceArn=table["LatestStreamArn"])
    assert readers["EventSourceMappings"]

    def read(enabled: bool) -> None:
        for reader in readers["EventSourceMappings"]:
            functions.update_event_source_mapping(UUID=reader["UUID"], Enabled=enabled)

    read(enabled=False)
    try:
        yield
    finally:
        read(enabled=True)


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
def test_who_books_after_a_restart_gets_one_mail(own: LocalStack, killed: bool) -> None:
    restart(own)  # so that a state is kept, which a kill leaves as it was then
    if killed:
        assert own.kill_emulator() == 1
        own.start()
    assert mails_of(own, *book(own, 9_001 + killed)) == 1


def test_who_booked_when_the_stack_was_stopped_gets_one_mail(own: LocalStack) -> None:
    booking = book(own, 9_003)
    restart(own)
    assert mails_of(own, *booking) == 1


def test_what_nobody_had_read_before_a_restart_is_read_after_it(own: LocalStack) -> None:
    cloud = Cloud(own.endpoints["aws_endpoint"])
    with nobody_reads_the_stream(own):
        code, email = book(own, 9_004)
        restart(own)
        assert state(cloud, own, code, "confirmation#1#email") is None
    assert mails_of(own, code, email) == 1
