"""What can be booked when: the honest calendar of an office."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import day_state
from antrean.domain.slots import Availability, Lane, Slot, SlotState
from antrean.offices.recent_slots import recent_slots
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline


@dataclass(frozen=True, slots=True)
class WindowState:
    """A slot, whether the party can book it now, and the places left in it."""

    slot: Slot
    state: Availability
    remaining: int


@dataclass(frozen=True, slots=True)
class DayState:
    """An office day in one lane. `reason` says why it is closed, in a word or the office's own."""

    day: date
    state: Availability
    reason: str | None
    windows: tuple[WindowState, ...]

    @property
    def quota(self) -> int:
        """Places of the day."""
        return sum(window.slot.quota for window in self.windows)

    @property
    def remaining(self) -> int:
        """Places of the day that are still available, now or once released."""
        return sum(
            window.remaining
            for window in self.windows
            if window.state not in (Availability.CLOSED, Availability.PAST)
        )

    @property
    def release_at(self) -> int | None:
        """When (seconds, UTC) the first places that wait for their release become bookable."""
        waiting = [
            window.slot.release_at
            for window in self.windows
            if window.state is Availability.NOT_RELEASED
        ]
        return min(waiting, default=None)


def availability(
    office: Office, first: date, days: int, lane: Lane, party: int, deadline: Deadline
) -> list[DayState]:
    """Return the state of each of `days` days from `first` (local dates), for a party.

    One Query, eventually consistent and remembered: what is shown may be some seconds old. Raises
    `Unavailable`.
    """
    slots = recent_slots(office, lane, first, first + timedelta(days=days - 1), deadline)
    by_day = {day: tuple(of_day) for day, of_day in groupby(slots, key=lambda slot: slot.ref.day)}
    dates = [first + timedelta(days=i) for i in range(days)]
    return [_day(office, day, lane, by_day.get(day, ()), party) for day in dates]


def _day(office: Office, day: date, lane: Lane, slots: Sequence[Slot], party: int) -> DayState:
    now = clock.epoch()
    windows = tuple(
        WindowState(slot, office.availability(slot, now, party), max(0, slot.bookable(now)))
        for slot in slots
    )
    state = day_state(window.state for window in windows)
    if day < office.local_date(clock.now()):
        state = Availability.PAST
    elif office.status is not OfficeStatus.OPEN:
        closed = tuple(replace(window, state=Availability.CLOSED) for window in windows)
        return DayState(day, Availability.CLOSED, f"office_{office.status}", closed)
    return DayState(day, state, _reason(office, day, lane, state, windows), windows)


def _reason(
    office: Office, day: date, lane: Lane, state: Availability, windows: Sequence[WindowState]
) -> str | None:
    """Return why a day is closed: the office's own words, else one of our own; else None."""
    if state is not Availability.CLOSED:
        return None
    reasons = [window.slot.reason for window in windows if window.slot.reason]
    if reasons:
        return reasons[0]
    if any(window.slot.state is SlotState.OPEN for window in windows):
        return "bookings_closed"
    return "not_open_yet" if office.windows_on(day, lane) else "no_service_day"
