"""Claiming a place for a party: the one asked for, or the next that the applicant accepts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from antrean.domain.errors import NoPlaces
from antrean.domain.offices import LONGEST_HORIZON, Office
from antrean.domain.overflow import Overflow, accepted, last_day, why_not
from antrean.domain.slots import Availability, Claim, Slot, SlotRef
from antrean.domain.tickets import Move
from antrean.offices.recent_slots import (
    STRETCH_DAYS,
    drop_stretch,
    knows_stretch,
    stretch_of,
    stretch_slots,
)
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline, busy
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.writes.claim import claim
from antrean.store.writes.release_due import release_due

HORIZON_DAYS = LONGEST_HORIZON
"""How far ahead (days) a place is looked for: slots are opened up to three months ahead."""

FULL: TtlCache[SlotRef, int] = TtlCache(seconds=3)
"""The smallest party that a slot refused lately."""


@dataclass(frozen=True, slots=True)
class PlaceSearch:
    """What a party asks for. `ref.start` is empty when any window of the day will do.

    `besides` is a slot that will not do: the one that a booking is to leave.
    """

    office: Office
    ref: SlotRef
    party: int
    overflow: Overflow
    besides: SlotRef | None = None

    @property
    def any_window(self) -> bool:
        """Whether the applicant named no window."""
        return not self.ref.start


def claim_place(search: PlaceSearch, deadline: Deadline) -> tuple[Claim, Move | None]:
    """Claim the best place that the applicant accepts, and say why it is not the one asked for.

    Reads no slot when the first attempt succeeds. Raises `NoPlaces`, `Unavailable`.
    """
    claimed = _claim_without_reading(search, deadline) or _claim_after_reading(search, deadline)
    if claimed is None:
        raise _no_places(search, deadline)
    return claimed, _move(search, claimed.ref, deadline)


def _claim_without_reading(search: PlaceSearch, deadline: Deadline) -> Claim | None:
    """Claim the slot asked for, or the schedule's first of the day, unless something is known.

    A slot that refuses here is not remembered as full: it may be a moment before its release.
    It is read next, which tells the two apart.
    """
    office, ref = search.office, search.ref
    if knows_stretch(office, ref.lane, stretch_of(office, ref.day)):
        return None
    windows = office.windows_on(ref.day, ref.lane)
    for start in [ref.start] if ref.start else [window.start for window in windows]:
        guess = ref._replace(start=start)
        if guess == search.besides or _refuses(guess, search.party):
            continue
        if not office.has_closed(ref.day, start, clock.epoch()):
            return claim(guess, search.party, clock.epoch(), deadline)
    return None


def _refuses(ref: SlotRef, party: int) -> bool:
    smallest = FULL.get(ref)
    return smallest is not None and party >= smallest


def _claim_after_reading(search: PlaceSearch, deadline: Deadline) -> Claim | None:
    """Claim the best slot that looks open; read again when all that looked open refused.

    Raises `Unavailable` when the time is over.
    """
    for stretch in _stretches(search):
        while True:
            looked_open = False
            for slot in _candidates(search, stretch, deadline):
                looked_open = True
                release_due(slot, clock.epoch(), deadline)
                if claimed := _claim_or_note_full(slot.ref, search.party, deadline):
                    return claimed
            if not looked_open:
                break
            drop_stretch(search.office, search.ref.lane, stretch)
            if deadline.has_passed():
                raise busy()
    return None


def _stretches(search: PlaceSearch) -> Iterator[date]:
    """Yield the first days of the stretches that hold dates the applicant accepts."""
    today = search.office.local_date(clock.now())
    first = stretch_of(search.office, search.ref.day)
    last = last_day(search.ref.day, search.overflow, today + timedelta(days=HORIZON_DAYS))
    while first <= last:
        yield first
        first += timedelta(days=STRETCH_DAYS)


def _candidates(search: PlaceSearch, stretch: date, deadline: Deadline) -> Iterator[Slot]:
    """Yield the slots that look open, best first; mostly nobody asks for the second."""
    now = clock.epoch()
    for slot in _accepted(search, stretch, deadline):
        if (
            slot.ref != search.besides
            and (slot.due(now) or not _refuses(slot.ref, search.party))
            and search.office.availability(slot, now, search.party) is Availability.OPEN
        ):
            yield slot


def _accepted(search: PlaceSearch, stretch: date, deadline: Deadline) -> list[Slot]:
    slots = stretch_slots(search.office, search.ref.lane, stretch, deadline)
    return accepted(search.ref, search.any_window, search.overflow, slots)


def _claim_or_note_full(ref: SlotRef, party: int, deadline: Deadline) -> Claim | None:
    """Claim a slot; one that refuses a party is not tried by such a party for some seconds."""
    claimed = claim(ref, party, clock.epoch(), deadline)
    if claimed is None:
        FULL.put(ref, min(party, FULL.get(ref) or party))
    return claimed


def _move(search: PlaceSearch, got: SlotRef, deadline: Deadline) -> Move | None:
    """Return why the party gets `got` instead of what it asked for; None if it asked for that."""
    if got.day == search.ref.day and search.ref.start in ("", got.start):
        return None
    reason = _why_not(search, deadline)
    return Move(search.ref.day, search.ref.start or None, reason, by="overflow")


def _why_not(search: PlaceSearch, deadline: Deadline) -> Availability:
    stretch = stretch_of(search.office, search.ref.day)
    slots = stretch_slots(search.office, search.ref.lane, stretch, deadline)
    state = why_not(
        search.office, search.ref, search.any_window, slots, clock.epoch(), search.party
    )
    # What looks open refused a moment ago.
    return Availability.FULL if state is Availability.OPEN else state


def _no_places(search: PlaceSearch, deadline: Deadline) -> NoPlaces:
    now = clock.epoch()
    releases = [
        at
        for stretch in _stretches(search)
        for slot in _accepted(search, stretch, deadline)
        for at in (slot.release_at, *(kept.at for kept in slot.kept_back))
        if at > now
    ]
    next_release = datetime.fromtimestamp(min(releases), search.office.zone) if releases else None
    return NoPlaces(
        "Nothing that you accept has room. Choose another date, window or office, or wait for "
        "the next release.",
        state=_why_not(search, deadline),
        next_release=next_release and next_release.isoformat(),
    )
