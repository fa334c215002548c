"""Finding the places to which the office moves the people of a day.

Every booking gets the earliest place that has room for it when its turn comes. As they have their
turns in the order of their numbers, nobody gets a place that somebody before could have had, and
nobody is held up by a family that fits further ahead only.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from antrean.booking.find_place import HORIZON_DAYS
from antrean.domain.labels import HIGHEST
from antrean.domain.offices import Office
from antrean.domain.slots import Claim, Lane, Slot, SlotState
from antrean.offices.opening import days_ahead, holidays_around, keep_in_line
from antrean.offices.recent_slots import STRETCH_DAYS
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim_for_move

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class PlacesAfter:
    """The places of an office after `day` (local date), as one run of a move takes them.

    Read again for each booking, strongly consistent: a place that came back before its turn is
    found. `_none_for` is the smallest party of each lane for which there was no place in this run:
    no larger one is looked for.
    """

    office: Office
    day: date
    _opened: bool = False
    _none_for: dict[Lane, int] = field(default_factory=dict)

    def claim(self, lane: Lane, party: int, deadline: Deadline) -> Claim | None:
        """Take numbers of the earliest slot with room for a party; None if there is none.

        Where none of what is open has room, the days of the office's horizon that are not open yet
        are opened. Raises `Unavailable`.
        """
        if lane in self._none_for and party >= self._none_for[lane]:
            return None
        claimed = self._earliest(lane, party, deadline)
        if claimed is None and self._opens_days(deadline):
            claimed = self._earliest(lane, party, deadline)
        if claimed is None:
            self._none_for[lane] = party
        return claimed

    def _first_day(self) -> date:
        return max(self.day + ONE_DAY, self.office.local_date(clock.now()))

    def _earliest(self, lane: Lane, party: int, deadline: Deadline) -> Claim | None:
        first = self._first_day()
        last = self.office.local_date(clock.now()) + timedelta(days=HORIZON_DAYS)
        while first <= last:
            end = min(first + timedelta(days=STRETCH_DAYS - 1), last)
            if claimed := self._earliest_between(first, end, lane, party, deadline):
                return claimed
            first = end + ONE_DAY
        return None

    def _earliest_between(
        self, first: date, last: date, lane: Lane, party: int, deadline: Deadline
    ) -> Claim | None:
        attempt = 0
        while True:
            slots = slots_between(
                self.office.office_id, first, last, deadline, lane=lane, consistent=True
            )
            with_room = [slot for slot in slots if self._has_room(slot, party)]
            if not with_room:
                return None
            slot = min(with_room, key=lambda slot: (slot.ref.day, slot.ref.start))
            if claimed := claim_for_move(slot, party, clock.epoch(), deadline):
                return claimed
            deadline.wait(attempt)  # others took of it since it was read
            attempt += 1

    def _has_room(self, slot: Slot, party: int) -> bool:
        now = clock.epoch()
        return (
            slot.state is SlotState.OPEN
            and slot.movable_to(now) >= party
            and slot.next_number <= HIGHEST + 1 - party
            and not self.office.has_closed(slot.ref.day, slot.ref.start, now)
        )

    def _opens_days(self, deadline: Deadline) -> bool:
        """Open what is not open up to the office's horizon, once in a run; say if anything was."""
        if self._opened:
            return False
        self._opened = True
        days = [day for day in days_ahead(self.office) if day >= self._first_day()]
        if not days:
            return False
        holidays = holidays_around(deadline)
        return keep_in_line(self.office, days, holidays, deadline).opened > 0
