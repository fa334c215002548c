"""The one rule by which everything that tells people when to come knows whether they should."""

from dataclasses import replace
from datetime import timedelta

import pytest

from antrean.domain.closed_day import ClosedBy, ClosedDay, closed_day
from antrean.domain.offices import OfficeStatus
from antrean.domain.slots import Lane, Slot, SlotRef, SlotState
from tests.support.people import TUESDAY, an_office

OFFICE = an_office()
OPEN = Slot(SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800"), "0900", quota=4, remaining=4)
CLOSED = replace(OPEN, state=SlotState.CLOSED, reason="Listrik padam")
EVENING = OFFICE.instant(TUESDAY - timedelta(days=1), "1700")


def test_an_open_slot_of_an_open_office_stands() -> None:
    assert closed_day(OFFICE, TUESDAY, OPEN, EVENING) is None


@pytest.mark.parametrize("reason", ["Listrik padam", None])
def test_a_closed_slot_is_the_days_own(reason: str | None) -> None:
    closed = closed_day(OFFICE, TUESDAY, replace(CLOSED, reason=reason), EVENING)
    assert closed == ClosedDay(ClosedBy.DAY, reason)


def test_a_slot_that_is_gone_stands_no_more() -> None:
    assert closed_day(OFFICE, TUESDAY, None, EVENING) == ClosedDay(ClosedBy.DAY, None)


@pytest.mark.parametrize("status", [OfficeStatus.SUSPENDED, OfficeStatus.PREPARING])
@pytest.mark.parametrize("slot", [OPEN, None])
def test_an_office_that_is_not_open_closes_all_its_coming_days(
    status: OfficeStatus, slot: Slot | None
) -> None:
    office = replace(OFFICE, status=status, status_reason="Banjir")
    assert closed_day(office, TUESDAY, slot, EVENING) == ClosedDay(ClosedBy.OFFICE, "Banjir")
    at_midnight = OFFICE.instant(TUESDAY + timedelta(days=1), "0000")
    last_second = at_midnight - timedelta(seconds=1)
    assert closed_day(office, TUESDAY, OPEN, last_second) == ClosedDay(ClosedBy.OFFICE, "Banjir")
    assert closed_day(office, TUESDAY, OPEN, at_midnight) is None, "it was open on that date"


def test_the_days_closure_comes_before_the_offices() -> None:
    office = replace(OFFICE, status=OfficeStatus.SUSPENDED, status_reason="Banjir")
    assert closed_day(office, TUESDAY, CLOSED, EVENING) == ClosedDay(ClosedBy.DAY, "Listrik padam")
