"""A repeat of a request is known by its identity, and nothing else is taken for one."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from antrean.booking.book import BookingRequest
from antrean.domain.overflow import Overflow
from antrean.domain.request_identity import RequestIdentity, identify
from antrean.domain.slots import Claim, Lane, SlotRef
from antrean.domain.tickets import Booking, Contact
from tests.support.people import PHONE, TUESDAY, a_request, key, people, person

SECRET = b"a secret of this test"
NOW = 1_795_400_000


def identity_of(request: BookingRequest) -> RequestIdentity:
    return identify(SECRET, request.key, request.party, request)


def booking_of(request: BookingRequest) -> Booking:
    ref = SlotRef(request.office_id, request.day, request.lane, "0800")
    numbers = range(7, 7 + len(request.party))
    return identity_of(request).booking(
        Claim(ref, "0900", numbers),
        request.party,
        request.contact,
        NOW,
        requested_date=request.day,
        requested_start=request.start,
    )


@dataclass(frozen=True)
class Forwards:
    office_id: str
    day: date
    contact: Contact


@dataclass(frozen=True)
class Backwards:
    contact: Contact
    day: date
    office_id: str


def test_the_same_request_has_the_same_identity() -> None:
    assert identity_of(a_request(1, *people(2))) == identity_of(a_request(1, *people(2)))


def test_the_order_of_a_requests_fields_does_not_count() -> None:
    forwards = Forwards("kotabumi", TUESDAY, Contact(PHONE))
    backwards = Backwards(Contact(PHONE), TUESDAY, "kotabumi")

    assert identify(SECRET, key(1), people(1), forwards) == identify(
        SECRET, key(1), people(1), backwards
    )


@pytest.mark.parametrize(
    "change",
    [
        {"office_id": "kalianda"},
        {"day": date(2026, 11, 25)},
        {"start": "0800"},
        {"lane": Lane.PRIORITY},
        {"overflow": Overflow.NONE},
        {"party": (person(2),)},
        {"party": people(2)},
        {"party": (replace(person(1), note="comes in a wheelchair"),)},
        {"contact": Contact(PHONE, "siti.aminah@example.com")},
    ],
    ids=str,
)
def test_another_request_with_the_same_key_is_told_apart(change: dict[str, Any]) -> None:
    first = a_request(1)
    other = replace(first, **change)

    assert identity_of(other).code == identity_of(first).code, "the key alone makes the code"
    assert identity_of(other).request_hash != identity_of(first).request_hash
    assert not identity_of(other).made(booking_of(first))


def test_the_order_of_the_party_counts() -> None:
    couple = people(2)
    other_way_round = a_request(1, *reversed(couple))

    assert not identity_of(other_way_round).made(booking_of(a_request(1, *couple)))


def test_another_key_makes_another_booking_with_another_token() -> None:
    first, second = identity_of(a_request(1, person(1))), identity_of(a_request(2, person(1)))

    assert first.code != second.code
    assert first.token != second.token
    assert first.people == second.people, "the person is the same all the same"


def test_another_secret_makes_everything_other() -> None:
    request = a_request(1)
    other = identify(b"another secret", request.key, request.party, request)
    mine = identity_of(request)

    assert not {mine.code, mine.token, *mine.people, mine.request_hash} & {
        other.code,
        other.token,
        *other.people,
        other.request_hash,
    }


def test_a_person_is_known_by_the_nik_alone() -> None:
    renamed = replace(person(1), name="Siti Aminah Lestari")

    assert identity_of(a_request(1, renamed)).people == identity_of(a_request(1, person(1))).people


def test_a_request_knows_the_booking_that_it_made() -> None:
    request = a_request(1, *people(2))
    booking = booking_of(request)

    assert identity_of(request).made(booking)
    assert identity_of(request).made(replace(booking, version=2, numbers=(9, 10))), "and its moves"


def test_the_booking_of_another_key_is_no_repeat_even_under_the_same_code() -> None:
    request = a_request(1)
    under_the_same_code = replace(
        booking_of(a_request(2, *request.party)), code=identity_of(request).code
    )

    assert not identity_of(request).made(under_the_same_code)
    same_content = replace(under_the_same_code, request_hash=identity_of(request).request_hash)
    assert not identity_of(request).made(same_content), "the token is another's"


def test_a_booking_says_whom_and_what_it_was_made_for() -> None:
    party = people(2)
    booking = booking_of(a_request(1, *party, start="0800"))

    assert booking.numbers == (7, 8)
    assert booking.names == tuple(applicant.name for applicant in party)
    assert booking.people == identity_of(a_request(1, *party)).people
    assert (booking.requested_date, booking.requested_start) == (TUESDAY, "0800")
    assert (booking.created_at, booking.changed_at, booking.version) == (NOW, NOW, 1)
