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


def last_day(day: date, overflow: Overflow, horizon_end: date) -> date:
    """Return the last local date on which the applicant accepts a place."""
    return max(day, horizon_end) if overflow is Overflow.NEXT_DATE else day


def in_order(choice: SlotRef, any_window: bool, slots: Iterable[Slot]) -> list[Slot]:
    """Return the slots of the chosen lane as the applicant would like them, best first.

    By date; on each date the chosen window first, then by hour. On the chosen date itself
    "any window" has no favourite.
    """
    return sorted(
        (slot for slot in slots if slot.ref.lane == choice.lane and slot.ref.day >= choice.day),
        key=lambda slot: (
            slot.ref.day,
            any_window or slot.ref.start != choice.start,
            slot.ref.start,
        ),
    )


def accepted(
    choice: SlotRef, any_window: bool, overflow: Overflow, slots: Iterable[Slot]
) -> list[Slot]:
    """Return the slots that the applicant accepts, best first."""
    ordered = in_order(choice, any_window, slots)
    if overflow is Overflow.NEXT_DATE:
        return ordered
    if overflow is Overflow.SAME_DATE or any_window:
        return [slot for slot in ordered if slot.ref.day == choice.day]
    return [slot for slot in ordered if slot.ref == choice]


def why_not(
    office: Office, choice: SlotRef, any_window: bool, slots: Iterable[Slot], now: int, party: int
) -> Availability:
    """Return why the chosen window (or day) cannot be had; a date without slots is closed."""
    states = [
        office.availability(slot, now, party)
        for slot in slots
        if slot.ref.lane == choice.lane
        and slot.ref.day == choice.day
        and (any_window or slot.ref.start == choice.start)
    ]
    return day_state(states)


def day_state(states: Iterable[Availability]) -> Availability:
    """Return the one state that says most of a day with these windows; none means closed."""
    present = set(states)
    for state in (
        Availability.OPEN,
        Availability.FULL,
        Availability.NOT_RELEASED,
        Availability.CLOSED,
        Availability.PAST,
    ):
        if state in present:
            return state
    return Availability.CLOSED
