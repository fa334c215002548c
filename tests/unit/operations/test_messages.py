"""What an operator's commands ask for."""

import io
import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.domain.codes import address_hash
from antrean.domain.overflow import Overflow
from antrean.messages.order import enqueue_messages
from antrean.runtime import clock
from antrean.runtime.secret import secret
from antrean.store.items.suppressed_address import is_suppressed, suppress
from operations import messages
from operations.messages import changed_since
from tests.support.people import TUESDAY, a_request
from tests.support.providers import Provider, Queue, sent
from tests.support.worlds import World, deadline


def test_what_was_made_or_moved_since_is_asked_for_again_and_sent_once(
    couple_booked: Booked, world: World, provider: Provider, queue: Queue
) -> None:
    world.time.forward(hours=1)
    since = clock.now()
    late = book(a_request(3), deadline())
    moved = book(a_request(4), deadline())
    held = open_booking(moved.booking.code, moved.token, deadline())
    reschedule_booking(held, TUESDAY + timedelta(days=1), None, Overflow.NONE, deadline())
    gone = book(a_request(5), deadline())
    cancel_booking(open_booking(gone.booking.code, gone.token, deadline()), deadline())

    assert enqueue_messages(changed_since(since, deadline())) == 2
    assert [json.loads(body) for body in queue.bodies] == [
        {"code": late.booking.code, "kind": "confirmation", "version": 1},
        {"code": moved.booking.code, "kind": "moved", "version": 2},
    ]
    assert enqueue_messages(changed_since(since - timedelta(hours=2), deadline())) == 3
    assert sent(*queue.bodies) == []
    assert len(provider.taken) == 1, "the one with an address"


class Suppressions:
    """SES's own list."""

    class exceptions:  # noqa: N801 - as the SDK's client has it
        NotFoundException = KeyError

    def __init__(self, *addresses: str) -> None:
        self.addresses = set(addresses)

    def delete_suppressed_destination(self, *, EmailAddress: str) -> None:  # noqa: N803
        self.addresses.remove(EmailAddress)


@pytest.mark.parametrize(
    ("listed", "said"),
    [(("siti@example.com",), "lifted here and in SES"), ((), "SES had not suppressed it")],
)
def test_an_address_that_is_typed_is_written_to_again(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    listed: tuple[str, ...],
    said: str,
) -> None:
    ses: Any = Suppressions(*listed)
    monkeypatch.setattr(messages, "sign_in", lambda *_: "somebody")
    monkeypatch.setattr(boto3, "client", lambda _name: ses)
    monkeypatch.setattr("sys.stdin", io.StringIO("siti@example.com\n"))
    hashed = address_hash(secret(), "Siti@example.com")
    suppress(hashed, "bounced", deadline())

    assert messages.main(["lift"]) == 0
    assert not is_suppressed(hashed, deadline())
    assert ses.addresses == set()
    printed = capsys.readouterr().out
    assert said in printed
    assert "siti" not in printed


def test_since_when_must_be_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "sign_in", lambda *_: "somebody")

    assert messages.main(["resend", "--since", "2026-11-23T10:00:00"]) == 1
    assert "with the offset" in capsys.readouterr().err
