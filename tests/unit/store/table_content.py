"""Slots opened, numbers claimed and bookings filed, by the store's own writes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from antrean.domain.codes import token_digest
from antrean.domain.slots import Claim, Lane, Slot, SlotRef
from antrean.domain.tickets import Applicant, Booking, Contact
from antrean.runtime import clock
from antrean.store.writes.claim import claim
from antrean.store.writes.file_booking import file_booking
from antrean.store.writes.open_slots import open_slots
from tests.support import stored
from tests.support.people import PHONE, TUESDAY, an_office, people
from tests.support.worlds import deadline

REF = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")
HOUR = 3_600


def a_slot(ref: SlotRef = REF, quota: int = 10, **facts: Any) -> Slot:
    """A slot with room, or as `facts` say."""
    slot = Slot(ref, f"{int(ref.start) + 100:04d}", quota=quota, remaining=quota)
    return replace(slot, **facts)


def slots_opened(*slots: Slot) -> None:
    """Write slots."""
    assert open_slots(slots or [a_slot()], deadline()) == len(slots or [1])


def slot_now(ref: SlotRef = REF) -> Slot:
    """A slot as it is."""
    return stored.slot_now(ref)


def places_claimed(places: int = 1, ref: SlotRef = REF) -> Claim:
    """A claim that was granted."""
    granted = claim(ref, places, clock.epoch(), deadline())
    assert granted is not None
    return granted


def a_booking(
    numbers: range, code: str = "K7QF2M9PXT", ref: SlotRef = REF, **facts: Any
) -> Booking:
    """A booking of those numbers, not filed."""
    party = a_party(len(numbers))
    booking = Booking(
        code=code,
        ref=ref,
        end="0900",
        numbers=tuple(numbers),
        names=tuple(applicant.name for applicant in party),
        people=tuple(f"HASH{applicant.nik[-4:]}" for applicant in party),
        requested_date=ref.day,
        requested_start=ref.start,
        contact=Contact(PHONE),
        token_digest=token_digest("token"),
        request_hash="REQUEST",
        created_at=clock.epoch(),
        changed_at=clock.epoch(),
    )
    return replace(booking, **facts)


def a_party(size: int) -> tuple[Applicant, ...]:
    """The people of `a_booking`."""
    return people(size)


def end_of_day(day: date) -> int:
    """The end of a date in Jakarta, in seconds (UTC)."""
    return int(an_office().instant(day + timedelta(days=1), "0000").timestamp())


def booking_filed(booking: Booking, party: Sequence[Applicant] = ()) -> Booking:
    """File a booking, for the people of `a_booking` unless `party` says who."""
    party = party or a_party(len(booking.numbers))
    file_booking(booking, party, clock.epoch(), end_of_day(booking.ref.day), deadline())
    return booking
