"""Until when the holder of a booking may move it: the midnight before its date, at the office."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from antrean.domain.offices import OfficeStatus
from antrean.domain.rescheduling import RESCHEDULES, changeable_until
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking, BookingStatus, Contact
from tests.support.people import PHONE, TUESDAY, an_office

MIDNIGHTS = {
    "Asia/Jakarta": datetime(2026, 11, 23, 17, tzinfo=UTC),
    "Asia/Makassar": datetime(2026, 11, 23, 16, tzinfo=UTC),
    "Asia/Jayapura": datetime(2026, 11, 23, 15, tzinfo=UTC),
}
"""When Tuesday begins in each zone."""

MONDAY_MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_booking(day: date = TUESDAY, **facts: Any) -> Booking:
    return Booking(
        code="K7QF2M9PXT",
        ref=SlotRef("kotabumi", day, Lane.REGULAR, "0800"),
        end="0900",
        numbers=(1,),
        names=("Siti Aminah",),
        people=("a person",),
        requested_date=TUESDAY,
        requested_start=None,
        contact=Contact(PHONE),
        token_digest="",
        request_hash="",
        created_at=0,
        changed_at=0,
        **facts,
    )


@pytest.mark.parametrize(("zone", "midnight"), MIDNIGHTS.items(), ids=MIDNIGHTS)
def test_a_booking_may_be_moved_until_its_date_begins_at_the_office(
    zone: str, midnight: datetime
) -> None:
    office = an_office(timezone=zone)
    until = changeable_until(a_booking(), office, MONDAY_MORNING)

    assert until == midnight
    assert until.utcoffset() == midnight.astimezone(office.zone).utcoffset(), "in local time"
    assert changeable_until(a_booking(), office, midnight - SECOND) == midnight
    assert changeable_until(a_booking(), office, midnight) is None, "at the very midnight"
    assert changeable_until(a_booking(), office, midnight + SECOND) is None


def test_the_date_that_counts_is_the_one_on_which_the_booking_stands() -> None:
    later = a_booking(TUESDAY + timedelta(days=1))
    midnight = MIDNIGHTS["Asia/Jakarta"]

    assert changeable_until(later, an_office(), midnight) == midnight + timedelta(days=1)


def test_a_booking_that_its_holder_moved_may_not_be_moved_again() -> None:
    moved = a_booking(rescheduled=RESCHEDULES)

    assert changeable_until(moved, an_office(), MONDAY_MORNING) is None


def test_a_move_by_the_office_takes_nothing_from_the_holder() -> None:
    moved_by_office = a_booking(version=2)

    assert changeable_until(moved_by_office, an_office(), MONDAY_MORNING) is not None


def test_a_cancelled_booking_may_not_be_moved() -> None:
    cancelled = a_booking(status=BookingStatus.CANCELLED)

    assert changeable_until(cancelled, an_office(), MONDAY_MORNING) is None


@pytest.mark.parametrize("status", [OfficeStatus.SUSPENDED, OfficeStatus.PREPARING])
def test_at_an_office_that_is_not_open_nothing_may_be_moved(status: OfficeStatus) -> None:
    office = an_office(status=status)

    assert changeable_until(a_booking(), office, MONDAY_MORNING) is None
