"""The sender, broken at every call of the table and in every way at the provider.

The queue hands a message over again until the sender says it is done. Then the provider has taken
it: exactly once if its receipts came within the lease, and at most once more if they did not
(ADR 11 says why that remains).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from antrean.booking.book import book
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, Contact
from antrean.handlers import send_messages
from antrean.messages.channels import Message
from antrean.messages.order import Kind, MessageOrder
from antrean.store.dynamodb import connect
from antrean.store.items.message import LEASE, MessageRef, MessageState, state_of
from tests.engines.faults import Fault, FaultPoint, Faults, Killed, every_fault_point
from tests.faults.small_office import ResettableWorld
from tests.support.people import PHONE, a_request
from tests.support.providers import Mood, Provider, providers, sent
from tests.support.worlds import World, deadline

HANDED_OVER = 540
"""Seconds after which the queue hands a message over again."""
TIMES = 15
"""How often it does, before the dead-letter queue."""
EMAIL = "siti.aminah@example.com"


@pytest.fixture
def provider(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setattr("antrean.messages.deliver.message_of", quickly_written)
    with providers() as (provider, _):
        yield provider


def quickly_written(
    _kind: Kind, _booking: Booking, _office: Office, _closed: object, tag: str
) -> Message:
    """A message in place of the real one, which takes longer to make than everything else here."""
    return Message(tag, "subject", "text", "<p>html</p>", "short", b"qr", ())


@pytest.fixture
def wanted(world: World, provider: Provider) -> MessageOrder:
    world.has_office(open_days=3)
    made = book(a_request(1, contact=Contact(PHONE, EMAIL)), deadline())
    return MessageOrder.of_version(made.booking.code, 1)


def handed_over(wanted: MessageOrder, world: World, between: Callable[[], None]) -> None:
    """What the queue does, and what else happens between."""
    for _ in range(TIMES):
        between()
        world.time.forward(seconds=HANDED_OVER)
        with suppress(Killed):
            if not sent(wanted.body):
                return
    raise AssertionError("it went to the dead-letter queue")


def nothing() -> None:
    """No receipts: they are lost, or late."""


@pytest.mark.parametrize("mood", Mood)
@pytest.mark.parametrize("receipts", [True, False], ids=["receipts in time", "no receipts"])
@pytest.mark.usefixtures("wanted")
def test_a_message_is_sent_whatever_happens_at_any_call(
    wanted: MessageOrder, world: World, provider: Provider, mood: Mood, receipts: bool
) -> None:
    resettable = ResettableWorld.of(world)
    ref = MessageRef(wanted.code, wanted.kind, wanted.about, "email")

    def scenario(faults: Faults) -> None:
        resettable.set_back()
        provider.taken, provider.moods = [], [mood]
        connect(faults.wrap(world.client))
        with faults.armed():
            sent(wanted.body)
        connect(world.client)
        faults.deliver()
        handed_over(wanted, world, provider.tell if receipts else nothing)

        assert state_of(ref, deadline()) is MessageState.SENT
        assert len(provider.taken) >= 1, "none is lost"
        assert len(provider.taken) <= (1 if receipts else 2), "none is sent twice"
        assert sent(wanted.body, wanted.body) == []
        assert len(provider.taken) <= (1 if receipts else 2)

    assert len(every_fault_point(scenario)) > 20


def test_a_beginning_whose_answer_is_lost_is_no_doubt(
    wanted: MessageOrder, world: World, provider: Provider
) -> None:
    faults = Faults((FaultPoint(3, "PutItem", Fault.ANSWER_LOST),))
    connect(faults.wrap(world.client))
    with faults.armed():
        assert sent(wanted.body) == []

    assert faults.calls[3:5] == ["PutItem", "PutItem"]
    assert len(provider.taken) == 1


def test_two_senders_at_once_send_one(
    wanted: MessageOrder, world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[list[str]] = []
    real = provider.send_email

    def meanwhile(**request: object) -> dict[str, str]:
        if not again:
            again.append([])
            again[0] = sent(wanted.body)
        return real(**request)

    monkeypatch.setattr(Provider, "send_email", lambda _self, **request: meanwhile(**request))

    assert sent(wanted.body) == []
    assert again == [["m0"]], "the other comes again, and finds it sent"
    assert sent(wanted.body) == []
    assert len(provider.taken) == 1


def test_a_receipt_after_the_lease_is_the_doubt_that_remains(
    wanted: MessageOrder, world: World, provider: Provider
) -> None:
    provider.moods = [Mood.LOST]
    sent(wanted.body)
    world.time.forward(seconds=LEASE)
    sent(wanted.body)
    provider.tell()

    assert len(provider.taken) == 2
    assert sent(wanted.body) == []


def test_a_batch_that_takes_too_long_leaves_the_rest_for_later(
    wanted: MessageOrder, world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = provider.send_email

    def slow(**request: object) -> dict[str, str]:
        world.time.forward(seconds=send_messages.SECONDS)
        return real(**request)

    monkeypatch.setattr(Provider, "send_email", lambda _self, **request: slow(**request))

    assert sent(wanted.body, wanted.body) == ["m1"]
