"""The queue as plain counts: what the real one must be indistinguishable from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from antrean.domain.overflow import Overflow
from tests.model.queue import (
    DAYS,
    MINUTE,
    OPENS,
    PLACES,
    REOFFER,
    SLOTS,
    STAGED,
    Asked,
    At,
    Counter,
    Has,
    Moved,
    Refusal,
    Told,
)
from tests.support.clocks import MONDAY_MORNING

JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(slots=True)
class Places:
    """One slot. `staged` and `walk_in` are (when, how many); `waiting` is when each comes back."""

    quota: int
    free: int
    staged: list[tuple[float, int]]
    walk_in: tuple[float, int] | None = None
    next_number: int = 1
    closed: bool = False
    waiting: list[float] = field(default_factory=list)
    unfiled: int = 0
    holders: dict[int, int] = field(default_factory=dict)

    def take(self, count: int) -> tuple[int, ...]:
        """Take the next numbers."""
        numbers = tuple(range(self.next_number, self.next_number + count))
        self.free -= count
        self.next_number += count
        return numbers

    def take_early(self, count: int) -> None:
        """Put on offer what is missing to `count` and waits for its release, soonest first."""
        staged, self.staged = sorted(self.staged), []
        for when, places in staged:
            early = min(places, max(0, count - max(self.free, 0)))
            self.free += early
            if places > early:
                self.staged.append((when, places - early))

    def release(self, now: float) -> None:
        """Put on offer what is due."""
        due = [count for when, count in self.staged if when <= now]
        self.staged = [(when, count) for when, count in self.staged if when > now]
        if self.walk_in and self.walk_in[0] <= now:
            due.append(self.walk_in[1])
            self.walk_in = None
        self.free += sum(due)

    def need(self, places: int, *, force: bool) -> bool:
        """Take places off offer: those free, then the last to be released, then by force."""
        if places <= 0:
            self.free -= places
            return True
        from_free = min(places, max(0, self.free))
        staged: list[tuple[float, int]] = []
        lack = places - from_free
        for when, count in reversed(self.staged):
            taken = min(lack, count)
            lack -= taken
            if count > taken:
                staged.insert(0, (when, count - taken))
        if lack and not force:
            return False
        self.free -= from_free + lack
        self.staged = staged
        return True


@dataclass(slots=True)
class Party:
    """A booking."""

    asked: Asked
    at: At
    numbers: tuple[int, ...]
    moved_by: str | None
    wanted: tuple[date, str | None]
    cancelled: bool = False
    rescheduled: bool = False
    """By its holder, off a closed day or not."""
    used_its_move: bool = False

    @property
    def told(self) -> Has:
        """What its client is told."""
        status = "cancelled" if self.cancelled else "booked"
        return Has(status, self.at, self.numbers, self.moved_by)


def begins(at: At) -> float:
    """When a window begins, in seconds."""
    hour = int(at.start[:2])
    return datetime(at.day.year, at.day.month, at.day.day, hour, tzinfo=JAKARTA).timestamp()


def ends(day: date) -> float:
    """When a date ends, in seconds."""
    return begins(At(day + timedelta(days=1), "0000"))


class PlainQueue:
    """Counts, and who holds what."""

    def __init__(self) -> None:
        self.now = MONDAY_MORNING.timestamp()
        self.slots = {at: self._as_opened(at.day) for at in SLOTS}
        self.opens = {at: self.now + after for at, after in OPENS.items()}
        self.parties: dict[int, Party] = {}
        self.live: dict[int, tuple[int, float]] = {}
        self.moved: dict[date, int] = {}

    def _as_opened(self, day: date) -> Places:
        staged = [(self.now + after, 1) for after in STAGED.get(day, ())]
        return Places(PLACES, PLACES - len(staged), staged)

    @property
    def today(self) -> date:
        """The office's date."""
        return datetime.fromtimestamp(self.now, JAKARTA).date()

    # The applicant

    def book(self, key: int, asked: Asked) -> Told:
        if key in self.parties:
            party = self.parties[key]
            return party.told if party.asked == asked else Refusal("KeyReused")
        if asked.day < self.today:
            return Refusal("InvalidRequest")
        if any(self._is_live(person) for person in asked.people):
            return Refusal("AlreadyBooked")
        at = self._find(asked)
        if at is None:
            return Refusal("NoPlaces")
        numbers = self.slots[at].take(len(asked.people))
        as_asked = at.day == asked.day and asked.start in (None, at.start)
        by = None if as_asked else "overflow"
        self.parties[key] = Party(asked, at, numbers, by, (asked.day, asked.start))
        self._sit(key)
        return self.parties[key].told

    def _is_live(self, person: int) -> bool:
        return person in self.live and self.live[person][1] > self.now

    def crash(self, asked: Asked) -> Refusal | None:
        at = self._find(asked)
        if at is None:
            return Refusal("NoPlaces")
        self.slots[at].take(len(asked.people))
        self.slots[at].unfiled += len(asked.people)
        return None

    def cancel(self, key: int) -> Told:
        party = self.parties[key]
        if party.cancelled:
            return party.told
        closed = self.slots[party.at].closed
        if self.today > party.at.day if closed else begins(party.at) <= self.now:
            return Refusal("NotChangeable")
        self._leave(party)
        for person in party.asked.people:
            del self.live[person]
        party.cancelled = True
        return party.told

    def reschedule(self, key: int, day: date, start: str | None, overflow: Overflow) -> Told:
        party = self.parties[key]
        closed = self.slots[party.at].closed
        made = party.rescheduled and party.wanted == (day, start)
        if made and not party.cancelled and not closed:
            return party.told
        if party.cancelled or self._may_not_move(party):
            return Refusal("NotChangeable")
        if day < self.today:
            return Refusal("InvalidRequest")
        if (day, start) == party.at:
            return Refusal("NotChangeable")
        at = self._find(Asked(party.asked.people, day, start, overflow), besides=party.at)
        if at is None:
            return Refusal("NoPlaces")
        as_asked = at.day == day and start in (None, at.start)
        self._put(key, at, "applicant" if as_asked else "overflow")
        party.rescheduled, party.wanted = True, (day, start)
        party.used_its_move |= not closed
        return party.told

    def _may_not_move(self, party: Party) -> bool:
        """Once, and until the day before; off a closed day always, until its date is over."""
        if self.slots[party.at].closed:
            return self.today > party.at.day
        return party.used_its_move or self.today >= party.at.day

    def _find(self, asked: Asked, besides: At | None = None) -> At | None:
        for at in self._in_order(asked):
            places = self.slots[at]
            places.release(self.now)
            if at == besides or places.closed or not self._is_on(at):
                continue
            if places.free >= len(asked.people):
                return at
        return None

    def _is_on(self, at: At) -> bool:
        return self.opens.get(at, 0.0) <= self.now < begins(at)

    def _in_order(self, asked: Asked) -> Iterator[At]:
        days: Iterable[date] = [asked.day]
        if asked.overflow is Overflow.NEXT_DATE:
            days = [day for day in DAYS if day >= asked.day]
        only = asked.overflow is Overflow.NONE and asked.start is not None
        for day in days:
            of_day = [at for at in SLOTS if at.day == day]
            first = [at for at in of_day if at.start == asked.start]
            yield from first
            if not only:
                yield from (at for at in of_day if at not in first)

    def _sit(self, key: int) -> None:
        party = self.parties[key]
        for number in party.numbers:
            self.slots[party.at].holders[number] = key
        for person in party.asked.people:
            self.live[person] = key, ends(party.at.day)

    def _leave(self, party: Party) -> None:
        places = self.slots[party.at]
        for number in party.numbers:
            del places.holders[number]
            places.waiting.append(self.now + REOFFER)

    def _put(self, key: int, at: At, by: str) -> None:
        party = self.parties[key]
        self._leave(party)
        party.at, party.numbers, party.moved_by = at, self.slots[at].take(len(party.numbers)), by
        self._sit(key)

    # The office

    def set_quota(self, at: At, quota: int, *, force: bool) -> Refusal | None:
        places = self.slots[at]
        places.release(self.now)
        if not places.need(places.quota - quota, force=force):
            return Refusal("BelowTaken")
        places.quota = quota
        return None

    def reserve(self, at: At, places: int) -> Refusal | None:
        slot = self.slots[at]
        slot.release(self.now)
        kept = slot.walk_in[1] if slot.walk_in else 0
        if not slot.need(places - kept, force=False):
            return Refusal("BelowTaken")
        slot.walk_in = (begins(at), places) if places else None
        return None

    def close(self, day: date, *, closed: bool) -> None:
        for at in SLOTS:
            if at.day == day:
                self.slots[at].closed = closed

    def move_day(self, day: date) -> Moved:
        self.close(day, closed=True)
        left = 0
        on_it = sorted(
            (party.at.start, party.numbers, key)
            for key, party in self.parties.items()
            if party.at.day == day and not party.cancelled
        )
        for _, _, key in on_it:
            count = len(self.parties[key].numbers)
            at = self._earliest_after(day, count)
            if at is None:
                left += 1
                continue
            self.slots[at].take_early(count)
            self._put(key, at, "office")
            self.moved[day] = self.moved.get(day, 0) + 1
        return Moved(self.moved.get(day, 0), left)

    def _earliest_after(self, day: date, count: int) -> At | None:
        """Find room, released or not."""
        for at in SLOTS:
            places = self.slots[at]
            places.release(self.now)
            staged = sum(each for _, each in places.staged)
            there = at.day > day and self.now < begins(at) and not places.closed
            if there and places.free + staged >= count:
                return at
        return None

    # Time

    def sweep(self) -> None:
        self.now += 2 * MINUTE
        for places in self.slots.values():
            places.free += places.unfiled
            places.unfiled = 0
            places.free += sum(when <= self.now for when in places.waiting)
            places.waiting = [when for when in places.waiting if when > self.now]
            places.release(self.now)

    def wait(self, seconds: int) -> None:
        self.now += seconds

    def seen(self) -> Mapping[At, Counter]:
        for places in self.slots.values():
            places.release(self.now)
        return {
            at: Counter(
                quota=places.quota,
                remaining=places.free,
                next_number=places.next_number,
                closed=places.closed,
                held=sum(count for _, count in places.staged)
                + (places.walk_in[1] if places.walk_in else 0),
                waiting=len(places.waiting),
                unfiled=places.unfiled,
                holders=dict(places.holders),
            )
            for at, places in self.slots.items()
        }
