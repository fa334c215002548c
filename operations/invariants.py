"""The check of invariants: read a whole table and report whatever breaks an invariant.

For every slot: filed + claimed and unfiled + remaining + waiting for re-offer + kept back = quota,
counted in places; no number without its claim; no person with two live tickets, and none with a
live ticket who could book another; a booking has all its tickets or none (DESIGN section 3).

For every day: each ticket that is checked in waits in one place, and nothing else does; each that
is called stands at one counter; the lanes' figures are those of the tickets (ADR 0010).

For every move that is done: nobody it could have moved stands on a closed slot (ADR 0017).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from antrean.domain.day import Board, LaneState, Number
from antrean.domain.moves import DONE, MoveProgress, Why
from antrean.domain.slots import Lane, Slot, SlotRef, SlotState
from antrean.domain.tickets import Booking, BookingStatus, Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import table
from antrean.store.items.board import board_of
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.items.move import MoveItem
from antrean.store.items.person import PersonItem
from antrean.store.items.returned_place import RETURNS, Return
from antrean.store.items.slot import SlotItem
from antrean.store.items.ticket import TicketItem, partition
from antrean.store.retention import expires_at
from antrean.store.retrying import call
from antrean.store.writes.change_booking import MAY_LEAVE

OF_THE_DAY = (TicketStatus.CALLED, TicketStatus.SERVED, TicketStatus.NO_SHOW)
"""What the counters or the job of no-shows made of a ticket: it stays, and its party."""

FINISHED = (TicketStatus.SERVED, TicketStatus.NO_SHOW)
"""Whose person may book again at once."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken invariant: what it is about (never a NIK or a name), and what is wrong."""

    about: str
    wrong: str


@dataclass(slots=True)
class Snapshot:
    """All of a table that the invariants speak of, as one Scan found it."""

    slots: dict[SlotRef, Slot] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    persons: dict[str, PersonItem] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)
    last_claims: dict[SlotRef, int] = field(default_factory=dict)
    moves: list[MoveProgress] = field(default_factory=list)
    unbound: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Bookings that a move left for good, as their people stand elsewhere or are no more known."""
    day_items: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """The items of the running day, by partition."""


def check_invariants(deadline: Deadline, *, quiet: bool = False) -> list[Breach]:
    """Return every breach in the table; an empty list when all is well.

    With `quiet` the table is at rest and fully swept, so a claimed number without a ticket is a
    breach too. On a table in use one Scan is not one instant: look at a breach again before you
    believe it. What is past its retention is left out: DynamoDB deletes a day's tickets and
    bookings one by one, some days later.
    """
    now = clock.epoch()
    snapshot = _read(now, deadline)
    return [
        *_slot_breaches(snapshot, quiet=quiet),
        *_booking_breaches(snapshot),
        *_ticket_breaches(snapshot),
        *_person_breaches(snapshot, now),
        *_day_breaches(snapshot),
        *_move_breaches(snapshot),
    ]


def _read(now: int, deadline: Deadline) -> Snapshot:
    snapshot = Snapshot()
    for raw in _items(deadline):
        kind = raw["pk"]["S"].partition("#")[0]
        if "expires_at" in raw and int(raw["expires_at"]["N"]) <= now:
            continue
        if kind == "SLOTS":
            _read_slot(SlotItem.from_raw_data(raw), snapshot, now)
        elif kind == "DAY" and raw["sk"]["S"].startswith("!"):
            snapshot.day_items[raw["pk"]["S"]].append(raw)
        elif kind == "DAY":
            snapshot.tickets.append(TicketItem.from_raw_data(raw).ticket())
        elif kind == "BOOKING" and raw["sk"]["S"] == BOOKING:
            snapshot.bookings.append(BookingItem.from_raw_data(raw).booking())
        elif kind == "PERSON":
            person = PersonItem.from_raw_data(raw)
            snapshot.persons[person.person] = person
        elif kind == "MOVES":
            _read_move(raw, snapshot)
        elif kind == RETURNS:
            snapshot.returns.append(Return.from_sort_key(raw["sk"]["S"]))
    return snapshot


def _read_slot(item: SlotItem, snapshot: Snapshot, now: int) -> None:
    slot = item.slot()
    if expires_at(slot.ref.day) > now:
        snapshot.slots[slot.ref] = slot
        snapshot.last_claims[slot.ref] = int(item.last_claim_at or 0)


def _read_move(raw: dict[str, Any], snapshot: Snapshot) -> None:
    scope, _, code = raw["sk"]["S"].rpartition("#")
    if "why" not in raw:
        snapshot.moves.append(MoveItem.from_raw_data(raw).progress())
    elif raw["why"]["S"] in (Why.BOOKED_ANEW, Why.ERASED):
        snapshot.unbound[raw["pk"]["S"].partition("#")[2], scope].add(code)


def _items(deadline: Deadline) -> Iterator[dict[str, Any]]:
    start: Any = None
    while True:
        page = call(
            lambda: table().scan(exclusive_start_key=start, consistent_read=True),  # noqa: B023
            deadline,
        )
        yield from page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return


def _slot_breaches(snapshot: Snapshot, *, quiet: bool) -> Iterator[Breach]:
    live, known = Counter[SlotRef](), defaultdict[SlotRef, set[int]](set)
    for ticket in snapshot.tickets:
        live[ticket.ref] += ticket.status is not TicketStatus.RETURNED
        known[ticket.ref].add(ticket.number)
    waiting = Counter(place.ref for place in snapshot.returns)
    for ref in known.keys() - snapshot.slots.keys():
        yield Breach(_named(ref), "has tickets and no slot")
    for ref, slot in snapshot.slots.items():
        unfiled = set(range(1, slot.next_number)) - known[ref]
        beyond = known[ref] - set(range(1, slot.next_number))
        places = live[ref] + len(unfiled) + slot.remaining + waiting[ref] + slot.kept_back_places
        if places != slot.quota:
            yield Breach(
                _named(ref),
                f"filed {live[ref]} + unfiled {len(unfiled)} + remaining {slot.remaining} + "
                f"waiting {waiting[ref]} + kept back {slot.kept_back_places} = {places}, "
                f"quota {slot.quota}",
            )
        if beyond:
            yield Breach(_named(ref), f"numbers {sorted(beyond)} were never claimed")
        if quiet and unfiled:
            yield Breach(_named(ref), f"numbers {sorted(unfiled)} were claimed and never filed")


def _booking_breaches(snapshot: Snapshot) -> Iterator[Breach]:
    tickets_of = defaultdict[str, set[tuple[SlotRef, int, str]]](set)
    for ticket in snapshot.tickets:
        if ticket.status is not TicketStatus.RETURNED:
            tickets_of[ticket.code].add((ticket.ref, ticket.number, ticket.person))
    for booking in snapshot.bookings:
        should = {
            (booking.ref, number, person)
            for number, person in zip(booking.numbers, booking.people, strict=True)
        }
        if booking.status is BookingStatus.CANCELLED:
            should = set()
        has = tickets_of.pop(booking.code, set())
        if has != should:
            yield Breach(
                f"booking {booking.code}",
                f"should hold {len(should)} tickets and holds {len(has)}, "
                f"{len(has & should)} of them its own",
            )
    for code in tickets_of:
        yield Breach(f"booking {code}", "has tickets and no booking")


def _ticket_breaches(snapshot: Snapshot) -> Iterator[Breach]:
    waiting = Counter((place.ref, place.number) for place in snapshot.returns)
    returned = {
        (ticket.ref, ticket.number)
        for ticket in snapshot.tickets
        if ticket.status is TicketStatus.RETURNED
    }
    for (ref, number), times in waiting.items():
        if times > 1:
            yield Breach(_named(ref), f"number {number} waits for re-offer {times} times")
        if (ref, number) not in returned:
            yield Breach(_named(ref), f"number {number} waits for re-offer and is not returned")


def _person_breaches(snapshot: Snapshot, now: int) -> Iterator[Breach]:
    bookings = {booking.code: booking for booking in snapshot.bookings}
    tickets_of = defaultdict[str, list[Ticket]](list)
    for ticket in snapshot.tickets:
        if ticket.status is not TicketStatus.RETURNED and ticket.person:  # else erased
            tickets_of[ticket.person].append(ticket)
    for person, tickets in tickets_of.items():
        tickets.sort(key=lambda ticket: (_made_at(bookings.get(ticket.code)), ticket.ref.day))
        for earlier, later in pairwise(tickets):
            if _made_at(bookings.get(later.code)) < _over_at(earlier):
                yield Breach(f"person {person}", f"holds {earlier.code} and {later.code} at once")
        latest, item = tickets[-1], snapshot.persons.get(person)
        if item is not None and item.code != latest.code:
            yield Breach(f"person {person}", f"is bound to {item.code}, not {latest.code}")
        until = 0 if item is None else item.live_until
        if latest.status not in FINISHED and until < _first_end_of(latest.ref.day) > now:
            yield Breach(f"person {person}", f"holds {latest.code} and may book again")
    for person, item in snapshot.persons.items():
        if person not in tickets_of:
            yield Breach(f"person {person}", f"is bound to {item.code} and holds no ticket")


def _day_breaches(snapshot: Snapshot) -> Iterator[Breach]:
    tickets = defaultdict[str, list[Ticket]](list)
    for ticket in snapshot.tickets:
        tickets[partition(ticket.ref.office_id, ticket.ref.day)].append(ticket)
    for day in tickets.keys() | snapshot.day_items.keys():
        board = board_of(snapshot.day_items.get(day, ()))
        for wrong in (*_line_wrong(board, tickets[day]), *_figures_wrong(board, tickets[day])):
            yield Breach(day, wrong)


def _move_breaches(snapshot: Snapshot) -> Iterator[Breach]:
    """Yield who stands on a closed slot although the move of it is done.

    Left out are parties of which the day has called somebody, those of whom the move noted that
    they hold other tickets or were erased, and slots of which numbers were claimed since: they were
    opened again. A move of before it was noted when its last run began says nothing.
    """
    touched = {ticket.code for ticket in snapshot.tickets if ticket.status in OF_THE_DAY}
    for move in snapshot.moves:
        if move.state != DONE or move.through_at is None:
            continue
        excused = touched | snapshot.unbound[move.office_id, move.scope]
        for ticket in snapshot.tickets:
            slot = snapshot.slots.get(ticket.ref)
            if (
                slot
                and slot.state is SlotState.CLOSED
                and ticket.ref.office_id == move.office_id
                and move.covers(ticket.ref)
                and snapshot.last_claims[ticket.ref] < move.through_at
                and ticket.status in MAY_LEAVE
                and ticket.code not in excused
            ):
                number = f"number {ticket.number} is {ticket.status}"
                yield Breach(_named(ticket.ref), f"{number}, and the move {move.scope} is done")


def _line_wrong(board: Board, tickets: Iterable[Ticket]) -> Iterator[str]:
    """Yield who waits, or stands at a counter, and should not; or should, and does not."""
    waits = Counter(
        (waiting.number, waiting.turn, waiting.checked_in_at) for waiting in board.waiting
    )
    stands = Counter((desk.number, desk.name) for desk in board.counters if desk.number)
    for ticket in tickets:
        number = Number(ticket.ref.lane, ticket.ref.start, ticket.number)
        if ticket.status is TicketStatus.CHECKED_IN:
            waits[number, ticket.turn, ticket.checked_in_at or 0] -= 1
        if ticket.status is TicketStatus.CALLED:
            stands[number, ticket.counter] -= 1
    for (number, turn, _), times in waits.items():
        if times:
            yield f"{number.label} waits at {turn} {times:+} times too often"
    for (number, name), times in stands.items():
        if times:
            yield f"{number.label} stands at counter {name} {times:+} times too often"


def _figures_wrong(board: Board, tickets: Iterable[Ticket]) -> Iterator[str]:
    """Yield the lanes whose figures are not those of their tickets."""
    counted = {lane: LaneState(lane) for lane in Lane}
    for ticket in tickets:
        counted[ticket.ref.lane] = _counted(counted[ticket.ref.lane], ticket)
    for lane, state in counted.items():
        stated = board.lane(lane)
        stated = replace(stated, recent=(), version=0)
        if stated != replace(state, recent=()):
            yield f"{lane}: the figures are {stated}, of the tickets {state}"


def _counted(state: LaneState, ticket: Ticket) -> LaneState:
    if ticket.checked_in_at is not None:
        state = state.with_arrivals(1, walk_ins=int(ticket.walk_in))
        if ticket.called_at is not None:
            state = state.with_call(ticket.checked_in_at, ticket.called_at)
    if ticket.status is TicketStatus.SERVED:
        state = state.with_served(ticket.called_at or 0, ticket.finished_at or 0)
    return state.with_no_shows(int(ticket.status is TicketStatus.NO_SHOW))


def _made_at(booking: Booking | None) -> int:
    """Return when a booking was made (seconds, UTC); 0 for one that is not there."""
    return 0 if booking is None else booking.created_at


def _over_at(ticket: Ticket) -> float:
    """Return from when (seconds, UTC) a ticket's person may book again: its outcome, or its end."""
    end = _first_end_of(ticket.ref.day)
    if ticket.status in FINISHED and ticket.finished_at is not None:
        return min(ticket.finished_at, end)
    return end


def _first_end_of(day: date) -> float:
    """Return the instant (seconds, UTC) at which `day` ends first: in the zone of Jayapura."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo("Asia/Jayapura")).timestamp()


def _named(ref: SlotRef) -> str:
    return f"slot {ref.office_id} {ref.day.isoformat()} {Lane(ref.lane)} {ref.start}"
