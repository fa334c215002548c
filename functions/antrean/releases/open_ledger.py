"""The open ledger: what became of every place of a day, so that a back door can be seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from antrean.domain.slots import KeptFor, Slot, SlotRef
from antrean.domain.tickets import TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.slot import slots_between
from antrean.store.items.statistics import statistics_between
from antrean.store.items.ticket import day_tickets


@dataclass(frozen=True, slots=True)
class Line:
    """One slot's places: `quota` = `booked` + `returning` + `remaining` + `not_released` +
    `walk_in_reserve`, where `returning` are places on their way back to the public.
    """

    slot: Slot
    not_released: int
    walk_in_reserve: int
    booked: int
    returning: int
    statuses: Counter[TicketStatus]


LINES: TtlCache[tuple[str, date], Sequence[Line]] = TtlCache(seconds=60, most=200)
"""Ledgers made lately: a full day is thousands of items, and anybody may ask."""


def day_ledger(office_id: str, day: date, deadline: Deadline) -> Sequence[Line]:
    """Return the ledger of an office day, by lane and window, at most a minute old."""
    known = LINES.get((office_id, day))
    return LINES.put((office_id, day), _lines(office_id, day, deadline)) if known is None else known


def _lines(office_id: str, day: date, deadline: Deadline) -> list[Line]:
    statuses = _statuses(office_id, day, deadline)
    return [
        _line(slot, statuses.get(slot.ref, Counter()))
        for slot in slots_between(office_id, day, day, deadline)
    ]


def _statuses(
    office_id: str, day: date, deadline: Deadline
) -> dict[SlotRef, Counter[TicketStatus]]:
    """Count a day's tickets by slot and status; deleted ones as the statistics kept them."""
    statuses: dict[SlotRef, Counter[TicketStatus]] = {}
    for ticket in day_tickets(office_id, day, deadline):
        statuses.setdefault(ticket.ref, Counter())[ticket.status] += 1
    if statuses:
        return statuses
    figures = statistics_between(office_id, day, day, deadline).get(day)
    outcomes = figures.outcomes if figures else {}
    return {
        SlotRef(office_id, day, lane, start): Counter(counts)
        for (lane, start), counts in outcomes.items()
    }


def _line(slot: Slot, statuses: Counter[TicketStatus]) -> Line:
    kept_back = Counter[KeptFor]()
    for kept in slot.kept_back:
        kept_back[kept.kept_for] += kept.places
    booked = statuses.total() - statuses[TicketStatus.RETURNED]
    return Line(
        slot=slot,
        not_released=kept_back[KeptFor.RELEASE],
        walk_in_reserve=kept_back[KeptFor.WALK_IN],
        booked=booked,
        returning=max(0, slot.taken - booked),
        statuses=statuses,
    )
