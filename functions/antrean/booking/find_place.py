"""Claiming a place for a party: the wanted one, or the next that the applicant accepts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from antrean.domain.errors import NoPlaces
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow, accepted, last_day, why_not
from antrean.domain.slots import Availability, Claim, Slot, SlotRef
from antrean.domain.tickets import Move
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline, busy
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim
from antrean.store.writes.release_due import release_due

HORIZON_DAYS = 92
"""How far ahead (days) a place is looked for: slots are opened up to three months ahead."""

STRETCH_DAYS = 31
"""How many days one Query reads."""

SLOTS: TtlCache[tuple[str, date], list[Slot]] = TtlCache(seconds=2)
"""Slots lately read, by office and first day of the stretch."""

FULL: TtlCache[SlotRef, int] = TtlCache(seconds=3)
"""The smallest party that a slot refused lately."""


@dataclass(frozen=True, slots=True)
class PlaceSearch:
    """What a party asks for. `ref.start` is empty when any window of the day will do.

    `besides` is a slot that will not do: the one a booking stands in and wants to leave.
    `not_before` is a date and window start (HHMM): earlier slots will not do.
    """

    office: Office
    ref: SlotRef
    party: int
    overflow: Overflow
    besides: SlotRef | None = None
    not_before: tuple[date, str] | None = None

    @property
    def any_window(self) -> bool:
        """Whether the applicant named no window."""
        return not self.ref.start


def claim_place(wanted: PlaceSearch, deadline: Deadline) -> tuple[Claim, Move | None]:
    """Claim the best place that the applicant accepts, and say why it is not the wanted one.

    Reads no slot when the first attempt succeeds. Raises `NoPlaces`, `Unavailable`.
    """
    claimed = _claim_unread(wanted, deadline) or _claim_read(wanted, deadline)
    if claimed is None:
        raise _no_places(wanted, deadline)
    return claimed, _move(wanted, claimed.ref, deadline)


def _claim_unread(wanted: PlaceSearch, deadline: Deadline) -> Claim | None:
    """Claim the wanted slot, or the schedule's first of the day, unless something is known.

    What refuses here is not remembered as full: it may be a moment before its release, and is
    read next, which tells the two apart.
    """
    office, ref = wanted.office, wanted.ref
    if wanted.not_before is not None:
        return None
    if SLOTS.get((office.office_id, _stretch_of(office, ref.day))) is not None:
        return None
    starts = [ref.start] if ref.start else [w.start for w in office.windows_on(ref.day, ref.lane)]
    for start in starts:
        guess = ref._replace(start=start)
        if guess == wanted.besides or _refuses(guess, wanted.party):
            continue
        if not office.has_closed(ref.day, start, clock.epoch()):
            return claim(guess, wanted.party, clock.epoch(), deadline)
    return None


def _claim_read(wanted: PlaceSearch, deadline: Deadline) -> Claim | None:
    """Claim the best slot that looks open; read again when all that looked open refused."""
    for stretch in _stretches(wanted):
        while candidates := _candidates(wanted, stretch, deadline):
            for slot in candidates:
                release_due(slot, clock.epoch(), deadline)
                if claimed := _claim(slot.ref, wanted.party, deadline):
                    return claimed
            SLOTS.drop((wanted.office.office_id, stretch))
            if deadline.has_passed():
                raise busy()
    return None


def _candidates(wanted: PlaceSearch, stretch: date, deadline: Deadline) -> list[Slot]:
    now = clock.epoch()
    return [
        slot
        for slot in _accepted(wanted, stretch, deadline)
        if slot.ref != wanted.besides
        and (wanted.not_before is None or (slot.ref.day, slot.ref.start) >= wanted.not_before)
        and (slot.due(now) or not _refuses(slot.ref, wanted.party))
        and wanted.office.availability(slot, now, wanted.party) is Availability.OPEN
    ]


def _accepted(wanted: PlaceSearch, stretch: date, deadline: Deadline) -> list[Slot]:
    slots = _slots(wanted.office, stretch, deadline)
    return accepted(wanted.ref, wanted.any_window, wanted.overflow, slots)


def _claim(ref: SlotRef, party: int, deadline: Deadline) -> Claim | None:
    claimed = claim(ref, party, clock.epoch(), deadline)
    if claimed is None:
        FULL.put(ref, min(party, FULL.get(ref) or party))
    return claimed


def _refuses(ref: SlotRef, party: int) -> bool:
    smallest = FULL.get(ref)
    return smallest is not None and party >= smallest


def _stretches(wanted: PlaceSearch) -> Iterator[date]:
    """Yield the first days of the stretches that hold dates the applicant accepts."""
    today = wanted.office.local_date(clock.now())
    first = _stretch_of(wanted.office, wanted.ref.day)
    last = last_day(wanted.ref.day, wanted.overflow, today + timedelta(days=HORIZON_DAYS))
    while first <= last:
        yield first
        first += timedelta(days=STRETCH_DAYS)


def _stretch_of(office: Office, day: date) -> date:
    today = office.local_date(clock.now())
    return today + timedelta(days=(day - today).days // STRETCH_DAYS * STRETCH_DAYS)


def _slots(office: Office, stretch: date, deadline: Deadline) -> list[Slot]:
    key = (office.office_id, stretch)
    known = SLOTS.get(key)
    if known is None:
        end = stretch + timedelta(days=STRETCH_DAYS - 1)
        known = SLOTS.put(key, slots_between(office.office_id, stretch, end, deadline))
    return known


def _move(wanted: PlaceSearch, got: SlotRef, deadline: Deadline) -> Move | None:
    if got.day == wanted.ref.day and wanted.ref.start in ("", got.start):
        return None
    reason = _why_not(wanted, deadline)
    return Move(wanted.ref.day, wanted.ref.start or None, reason, by="overflow")


def _why_not(wanted: PlaceSearch, deadline: Deadline) -> Availability:
    slots = _slots(wanted.office, _stretch_of(wanted.office, wanted.ref.day), deadline)
    state = why_not(
        wanted.office, wanted.ref, wanted.any_window, slots, clock.epoch(), wanted.party
    )
    # What looks open refused a moment ago.
    return Availability.FULL if state is Availability.OPEN else state


def _no_places(wanted: PlaceSearch, deadline: Deadline) -> NoPlaces:
    now = clock.epoch()
    releases = [
        at
        for stretch in _stretches(wanted)
        for slot in _accepted(wanted, stretch, deadline)
        for at in (slot.release_at, *(held.at for held in slot.kept_back))
        if at > now
    ]
    next_release = datetime.fromtimestamp(min(releases), wanted.office.zone) if releases else None
    return NoPlaces(
        "Nothing that you accept has room. Choose another date, window or office, or wait for "
        "the next release.",
        state=_why_not(wanted, deadline),
        next_release=next_release and next_release.isoformat(),
    )
