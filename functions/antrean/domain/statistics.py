"""What a day's tickets say of how it went: figures by lane, without anybody's data."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from antrean.domain.slots import Lane, Slot
from antrean.domain.tickets import Ticket, TicketStatus

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; `p90`: nine in ten took no longer (nearest rank)."""

    mean: int
    median: int
    p90: int

    @classmethod
    def of(cls, seconds: Sequence[int]) -> "Spread | None":
        """Return the spread of some durations; None of none."""
        if not seconds:
            return None
        # By hand: the public API reads these figures too, and must start without `statistics`.
        ordered, count = sorted(seconds), len(seconds)
        return cls(
            mean=round(sum(ordered) / count),
            median=round((ordered[(count - 1) // 2] + ordered[count // 2]) / 2),
            p90=ordered[math.ceil(0.9 * count) - 1],
        )


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """How a lane's day went, counted in people.

    `places` were offered. `booked` and `walk_ins` held a number to the end; those are `served`,
    `no_show`, `left_waiting` (checked in and never called) or `unnoted` (nobody noted what became
    of them: not called out, or an office that worked from paper). `checked_in` counts all who
    came, `returned` numbers that were given back. `waiting` is from check-in to first call,
    `service` from first call to served; `pace` is people called an hour, from the first call of
    the day to the last, None below two.
    """

    lane: Lane
    places: int = 0
    booked: int = 0
    walk_ins: int = 0
    checked_in: int = 0
    served: int = 0
    no_show: int = 0
    returned: int = 0
    left_waiting: int = 0
    unnoted: int = 0
    waiting: Spread | None = None
    service: Spread | None = None
    pace: float | None = None


type Outcomes = Mapping[tuple[Lane, str], Mapping[TicketStatus, int]]
"""How many tickets of each slot (lane, window start) are in each status."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """How an office's day went: by lane, and the outcomes of each slot for the open ledger."""

    lanes: Sequence[LaneFigures]
    outcomes: Outcomes = field(default_factory=dict)


def day_figures(slots: Iterable[Slot], tickets: Iterable[Ticket]) -> DayFigures:
    """Return the figures of the slots and tickets of one office day."""
    slots, tickets = list(slots), list(tickets)
    lanes = [
        _lane_figures(
            lane,
            sum(slot.quota for slot in slots if slot.ref.lane == lane),
            [ticket for ticket in tickets if ticket.ref.lane == lane],
        )
        for lane in Lane
        if lane in {slot.ref.lane for slot in slots} | {ticket.ref.lane for ticket in tickets}
    ]
    outcomes: dict[tuple[Lane, str], dict[TicketStatus, int]] = {}
    for ticket in tickets:
        counts = outcomes.setdefault((ticket.ref.lane, ticket.ref.start), {})
        counts[ticket.status] = counts.get(ticket.status, 0) + 1
    return DayFigures(lanes, outcomes)


def _lane_figures(lane: Lane, places: int, tickets: Sequence[Ticket]) -> LaneFigures:
    kept = [ticket for ticket in tickets if ticket.status is not TicketStatus.RETURNED]

    def count(*statuses: TicketStatus) -> int:
        return sum(ticket.status in statuses for ticket in kept)

    walk_ins = sum(ticket.walk_in for ticket in kept)
    calls = [ticket.called_at for ticket in kept if ticket.called_at is not None]
    return LaneFigures(
        lane=lane,
        places=places,
        booked=len(kept) - walk_ins,
        walk_ins=walk_ins,
        checked_in=sum(ticket.checked_in_at is not None for ticket in kept),
        served=count(TicketStatus.SERVED),
        no_show=count(TicketStatus.NO_SHOW),
        returned=len(tickets) - len(kept),
        left_waiting=count(TicketStatus.CHECKED_IN),
        unnoted=count(TicketStatus.LIVE, TicketStatus.CALLED),
        waiting=Spread.of(
            [_between(ticket.checked_in_at, ticket.called_at) for ticket in _called(kept)]
        ),
        service=Spread.of(
            [
                _between(ticket.called_at, ticket.finished_at)
                for ticket in _called(kept)
                if ticket.status is TicketStatus.SERVED and ticket.finished_at is not None
            ]
        ),
        pace=_pace(calls),
    )


def _called(tickets: Iterable[Ticket]) -> list[Ticket]:
    return [
        ticket
        for ticket in tickets
        if ticket.checked_in_at is not None and ticket.called_at is not None
    ]


def _between(begin: int | None, end: int | None) -> int:
    return max(0, (end or 0) - (begin or 0))


def _pace(calls: Sequence[int]) -> float | None:
    """Return calls an hour: the gaps between n calls are n - 1."""
    span = max(calls) - min(calls) if calls else 0
    return round((len(calls) - 1) * HOUR / span, 1) if span else None
