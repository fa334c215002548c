"""What SES says of the mails it took."""

import pytest

from antrean.booking.book import Booked
from antrean.domain.codes import address_hash
from antrean.handlers import receive_receipts
from antrean.messages.order import MessageOrder
from antrean.runtime.secret import secret
from antrean.store.items.message import MessageRef, MessageState, begin, end, state_of
from antrean.store.items.suppressed_address import is_suppressed
from tests.support import logs
from tests.support.gateway import Context
from tests.support.people import TUESDAY
from tests.support.providers import Provider, batch, sent
from tests.support.worlds import deadline
from tests.unit.conftest import EMAIL


def ref(couple_booked: Booked) -> MessageRef:
    return MessageRef(couple_booked.booking.code, "confirmation", "1", "email")


def suppressed() -> bool:
    return is_suppressed(address_hash(secret(), EMAIL), deadline())


@pytest.mark.parametrize("what", ["sent", "bounced", "complained"])
def test_a_mail_in_doubt_is_sent_when_ses_says_so(
    couple_booked: Booked, provider: Provider, what: str
) -> None:
    assert begin(ref(couple_booked), "an attempt", TUESDAY, deadline()) is None
    tag = f"{couple_booked.booking.code}.confirmation.1.email"

    answer = receive_receipts.handler(batch({"what": what, "message": [tag]}), Context())

    assert answer == {"batchItemFailures": []}
    assert state_of(ref(couple_booked), deadline()) is MessageState.SENT
    assert suppressed() == (what != "sent")


def test_a_bounce_suppresses_the_address_and_says_so_without_it(
    couple_booked: Booked, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    sent(MessageOrder.of_version(couple_booked.booking.code, 1).body)
    provider.tell("bounced")

    assert suppressed()
    said = logs.text(caplog)
    assert "bounced" in said
    assert EMAIL not in said
    assert couple_booked.booking.code not in said


def test_sender_and_receiver_each_read_the_secret_when_they_are_cold(
    couple_booked: Booked, provider: Provider
) -> None:
    secret.cache_clear()
    sent(MessageOrder.of_version(couple_booked.booking.code, 1).body)
    secret.cache_clear()
    provider.tell("bounced")

    assert suppressed()


def test_a_receipt_of_no_message_or_booking_does_nothing(
    couple_booked: Booked, provider: Provider
) -> None:
    tag = "0000000000.confirmation.1.email"

    answer = receive_receipts.handler(batch({"what": "bounced", "message": [tag]}), Context())

    assert answer == {"batchItemFailures": []}
    assert not suppressed()
    assert state_of(MessageRef("0" * 10, "confirmation", "1", "email"), deadline()) is None


def test_a_receipt_that_fails_stops_no_other_and_comes_again(
    couple_booked: Booked, provider: Provider
) -> None:
    sent(MessageOrder.of_version(couple_booked.booking.code, 1).body)
    good = {"what": "complained", "message": provider.tags()}

    answer = receive_receipts.handler(batch({"version": "0"}, good), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert suppressed()


def test_what_is_sent_stays_so_whatever_a_late_loser_says(couple_booked: Booked) -> None:
    assert begin(ref(couple_booked), "first", TUESDAY, deadline()) is None
    end(ref(couple_booked), "first", MessageState.SENT, deadline())
    end(ref(couple_booked), "second", MessageState.REFUSED, deadline())

    assert begin(ref(couple_booked), "second", TUESDAY, deadline()) is MessageState.SENT
