"""Who is told what, on which channel, and that each is told once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.domain.codes import address_hash
from antrean.domain.overflow import Overflow
from antrean.domain.tickets import Contact
from antrean.messages.order import MessageOrder
from antrean.messages.providers import CONFIG
from antrean.runtime.secret import secret
from antrean.store.items.message import LEASE, MessageRef, MessageState, state_of
from antrean.store.items.suppressed_address import lift, suppress
from tests.support import logs
from tests.support.people import TUESDAY, a_request
from tests.support.providers import Mood, Provider, providers, sent
from tests.support.worlds import World, deadline
from tests.unit.conftest import EMAIL

WEDNESDAY = TUESDAY + timedelta(days=1)


def confirmation(couple_booked: Booked) -> str:
    return MessageOrder.of_version(couple_booked.booking.code, 1).body


def reminder(couple_booked: Booked) -> str:
    return MessageOrder.reminder(couple_booked.booking.code, TUESDAY).body


def state(
    couple_booked: Booked, kind: str = "confirmation", about: str = "1"
) -> MessageState | None:
    return state_of(MessageRef(couple_booked.booking.code, kind, about, "email"), deadline())


def moved(couple_booked: Booked) -> None:
    held = open_booking(couple_booked.booking.code, couple_booked.token, deadline())
    reschedule_booking(held, WEDNESDAY, "0900", Overflow.NONE, deadline())


def hashed(address: str = EMAIL) -> str:
    return address_hash(secret(), address)


def test_a_booking_is_confirmed_to_its_address_from_ours(
    couple_booked: Booked, provider: Provider
) -> None:
    assert sent(confirmation(couple_booked)) == []

    (call,) = provider.taken
    assert call["Destination"] == {"ToAddresses": [EMAIL]}
    assert call["FromEmailAddress"] == "Antrean Paspor <antrean@antrean.example.go.id>"
    assert call["ConfigurationSetName"] == "antrean-messages"
    assert provider.tags() == [f"{couple_booked.booking.code}.confirmation.1.email"]
    assert state(couple_booked) is MessageState.SENT


def test_what_is_handed_over_twice_is_sent_once(couple_booked: Booked, provider: Provider) -> None:
    assert sent(confirmation(couple_booked), confirmation(couple_booked)) == []
    assert sent(confirmation(couple_booked)) == []

    assert len(provider.taken) == 1


def test_each_kind_is_sent(couple_booked: Booked, provider: Provider) -> None:
    sent(confirmation(couple_booked), reminder(couple_booked))

    assert [mail["Subject"].split(":")[0] for mail in provider.mails] == [
        "Antrean paspor Anda tercatat",
        "Pengingat antrean paspor Anda",
    ]


def test_a_confirmation_that_a_move_overtook_gives_way_to_it(
    couple_booked: Booked, provider: Provider
) -> None:
    moved(couple_booked)

    assert (
        sent(
            confirmation(couple_booked), MessageOrder.of_version(couple_booked.booking.code, 2).body
        )
        == []
    )
    assert provider.tags() == [f"{couple_booked.booking.code}.moved.2.email"]


def test_a_booking_that_stands_on_another_date_is_not_reminded_of_the_first(
    couple_booked: Booked, provider: Provider
) -> None:
    moved(couple_booked)

    assert sent(reminder(couple_booked)) == []
    assert provider.taken == []


def test_nothing_is_sent_about_a_cancelled_booking_or_none(
    couple_booked: Booked, provider: Provider
) -> None:
    cancel_booking(
        open_booking(couple_booked.booking.code, couple_booked.token, deadline()), deadline()
    )

    assert (
        sent(
            confirmation(couple_booked),
            reminder(couple_booked),
            MessageOrder.of_version("0" * 10, 1).body,
        )
        == []
    )
    assert provider.taken == []


def test_nothing_is_sent_when_the_window_is_over(
    couple_booked: Booked, provider: Provider, world: World
) -> None:
    world.time.set(couple_booked.office.instant(TUESDAY, "0900"))

    assert sent(confirmation(couple_booked)) == []
    assert provider.taken == []


@pytest.mark.parametrize("mood", [Mood.REFUSED, Mood.UNREACHED])
def test_what_was_refused_for_certain_goes_at_once_when_it_comes_again(
    couple_booked: Booked, provider: Provider, mood: Mood
) -> None:
    provider.moods = [mood]

    assert sent(confirmation(couple_booked)) == ["m0"]
    assert sent(confirmation(couple_booked)) == []
    assert len(provider.taken) == 1


@pytest.mark.parametrize("mood", [Mood.LOST, Mood.BROKEN])
def test_what_is_in_doubt_waits_for_its_receipt(
    couple_booked: Booked, provider: Provider, world: World, mood: Mood
) -> None:
    provider.moods = [mood]

    assert sent(confirmation(couple_booked)) == ["m0"]
    world.time.forward(seconds=LEASE - 1)
    assert sent(confirmation(couple_booked)) == ["m0"], "not yet known"
    provider.tell()
    world.time.forward(seconds=LEASE)
    assert sent(confirmation(couple_booked)) == []
    assert len(provider.taken) == 1


def test_what_is_in_doubt_and_without_a_receipt_is_sent_when_the_lease_is_over(
    couple_booked: Booked, provider: Provider, world: World
) -> None:
    provider.moods = [Mood.NOT_TAKEN]
    sent(confirmation(couple_booked))
    world.time.forward(seconds=LEASE)

    assert sent(confirmation(couple_booked)) == []
    assert len(provider.taken) == 1


def test_the_sdk_does_not_send_a_message_twice_by_itself() -> None:
    assert CONFIG.retries == {"total_max_attempts": 1}  # type: ignore[attr-defined]


def test_one_message_that_fails_stops_no_other(couple_booked: Booked, provider: Provider) -> None:
    assert sent("no message", confirmation(couple_booked)) == ["m0"]
    assert len(provider.taken) == 1


def test_a_suppressed_address_gets_nothing_until_it_is_lifted(
    couple_booked: Booked, provider: Provider
) -> None:
    suppress(hashed(EMAIL.upper()), "bounced", deadline())

    assert sent(confirmation(couple_booked)) == []
    assert provider.taken == []
    assert state(couple_booked) is MessageState.SUPPRESSED
    lift(hashed(), deadline())
    assert sent(reminder(couple_booked)) == []
    assert len(provider.taken) == 1


@pytest.mark.parametrize("email", [None, "a,b@example.com", "siti@contoh\u00e9.id", EMAIL])
def test_who_has_no_address_that_may_be_used_gets_an_sms_where_it_is_on(
    world: World, email: str | None
) -> None:
    world.has_office(open_days=3)
    made = book(a_request(1, contact=Contact("+6281234567890", email)), deadline())
    suppress(hashed(), "complained", deadline())
    with providers() as (provider, _):
        assert sent(confirmation(made)) == []
        assert provider.taken == [], "off by default: it costs"
    with providers(SMS="on", SMS_SENDER_ID="ANTREAN") as (provider, _):
        assert sent(confirmation(made)) == []
        assert sent(confirmation(made)) == []

    (call,) = provider.taken
    assert call["PhoneNumber"] == "+6281234567890"
    assert call["Message"].startswith("Antrean paspor ")
    assert call["MessageAttributes"]["AWS.SNS.SMS.SenderID"]["StringValue"] == "ANTREAN"


def test_who_got_a_mail_and_is_suppressed_by_it_gets_no_sms_of_the_same(
    couple_booked: Booked,
) -> None:
    with providers(SMS="on") as (provider, _):
        sent(confirmation(couple_booked))
        provider.tell("complained")
        assert sent(confirmation(couple_booked)) == []

        assert len(provider.taken) == 1


def test_what_is_counted_and_logged_names_nobody(
    couple_booked: Booked,
    provider: Provider,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider.moods = [Mood.WELL, Mood.REFUSED, Mood.LOST]
    sent(confirmation(couple_booked), reminder(couple_booked), reminder(couple_booked))

    counted = metrics(capsys)
    assert (counted["MessagesSent"], counted["MessagesRefused"]) == ([1.0], [1.0])
    assert counted["MessagesFailed"] == [1.0]
    said = json.dumps(counted) + logs.text(caplog)
    assert "TooManyRequestsException" in said
    for private in (EMAIL, couple_booked.booking.code, *couple_booked.booking.names):
        assert private not in said


def test_a_booking_without_any_way_to_its_holder_is_counted(
    world: World, provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    world.has_office(open_days=3)
    made = book(a_request(1), deadline())

    assert sent(confirmation(made)) == []
    assert metrics(capsys)["MessagesUnreachable"] == [1.0]


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What a run of the sender counted."""
    printed = capsys.readouterr().out.splitlines()
    counted: dict[str, Any] = next(
        json.loads(line) for line in printed if "MessagesS" in line or "MessagesU" in line
    )
    return counted
