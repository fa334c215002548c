"""The overflow rule: where a party is put when what it asked for is full.

A full day goes to the queue of the next date (the rule of the 2017 system, radarlampung.co.id,
November 2017), as far as the applicant allows it.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from antrean.domain.offices import Office
from antrean.domain.slots import Availability, Slot, SlotRef


class Overflow(StrEnum):
    """What the applicant accepts when the wanted place is full."""

    NEXT_DATE = "next_date"
    SAME_DATE = "same_date"
    NONE = "none"


def last_day(wanted: date, overflow: Overflow, horizon_end: date) -> date:
    """Return the last local date on which the applicant accepts a place."""
    return max(wanted, horizon_end) if overflow is Overflow.NEXT_DATE else wanted


def in_order(wanted: SlotRef, any_window: bool, slots: Iterable[Slot]) -> list[Slot]:
    """Return the slots of the wanted lane as the applicant would like them, best first.

    By date; on each date the wanted window first, then by hour. On the wanted date itself
    "any window" has no favourite.
    """
    return sorted(
        (slot for slot in slots if slot.ref.lane == wanted.lane and slot.ref.day >= wanted.day),
        key=lambda slot: (
            slot.ref.day,
            any_window or slot.ref.start != wanted.start,
            slot.ref.start,
        ),
    )


def accepted(
    wanted: SlotRef, any_window: bool, overflow: Overflow, slots: Iterable[Slot]
) -> list[Slot]:
    """Return the slots that the applicant accepts, best first."""
    ordered = in_order(wanted, any_window, slots)
    if overflow is Overflow.NEXT_DATE:
        return ordered
    if overflow is Overflow.SAME_DATE or any_window:
        return [slot for slot in ordered if slot.ref.day == wanted.day]
    return [slot for slot in ordered if slot.ref == wanted]


def why_not(
    office: Office, wanted: SlotRef, any_window: bool, slots: Iterable[Slot], now: int, party: int
) -> Availability:
    """Return why the wanted window (or day) cannot be had; a date without slots is closed."""
    states = [
        office.availability(slot, now, party)
        for slot in slots
        if slot.ref.lane == wanted.lane
        and slot.ref.day == wanted.day
        and (any_window or slot.ref.start == wanted.start)
    ]
    return day_state(states)


def day_state(states: Iterable[Availability]) -> Availability:
    """Return the one state that says most of a day with these windows; none means closed."""
    seen = set(states)
    for state in (
        Availability.OPEN,
        Availability.FULL,
        Availability.NOT_RELEASED,
        Availability.CLOSED,
        Availability.PAST,
    ):
        if state in seen:
            return state
    return Availability.CLOSED
