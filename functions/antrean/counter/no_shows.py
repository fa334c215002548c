"""Who did not come: noted when the window's end and the grace are over."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import batched, groupby

from antrean.counter.persons import freed_by_outcome
from antrean.domain.offices import Office
from antrean.domain.slots import Slot, SlotState
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.job_cursor import get_cursor, put_cursor
from antrean.store.items.lane_state import read_lane, read_lanes
from antrean.store.items.slot import slots_between
from antrean.store.items.ticket import slot_tickets
from antrean.store.writes.day_step import Step, take, until_taken

TOGETHER = 40
"""Tickets in one transaction: with their persons and the lane, below DynamoDB's 100 parts."""


def mark_no_shows(office: Office, deadline: Deadline) -> int:
    """Note as no-shows those of today and yesterday whose time is over; return how many.

    Only on days on which the office checks people in. An office that works from a printed roster,
    or could not open at all, has people who came and were not noted, and it may move the day
    afterwards. Closed windows are left out for the same reason. How far a run came is kept, so the
    next goes on from there; two at once do no harm. Raises `Unavailable`.
    """
    today = office.local_date(clock.now())
    yesterday = today - timedelta(days=1)
    job = f"no-shows#{office.office_id}"
    done = get_cursor(job, deadline)
    slots = slots_between(office.office_id, yesterday, today, deadline, consistent=True)
    marked = 0
    for mark, over in _windows_over(office, slots, done):
        if _is_worked(office, over[0].ref.day, deadline):
            marked += sum(_mark(slot, deadline) for slot in over)
            put_cursor(job, mark, deadline)
    return marked


def _windows_over(
    office: Office, slots: Sequence[Slot], done: str
) -> Iterator[tuple[str, list[Slot]]]:
    """Yield the windows whose time is over and that no run has dealt with, by day and end."""
    over = [
        slot
        for slot in slots
        if slot.state is SlotState.OPEN
        and _mark_of(slot) > done
        and office.instant(slot.ref.day, slot.end).timestamp() + office.day_rules.no_show_after
        <= clock.now().timestamp()
    ]
    for mark, ending in groupby(sorted(over, key=_mark_of), key=_mark_of):
        yield mark, list(ending)


def _mark_of(slot: Slot) -> str:
    return f"{slot.ref.day.isoformat()}#{slot.end}"


def _is_worked(office: Office, day: date, deadline: Deadline) -> bool:
    return any(lane.checked_in for lane in read_lanes(office.office_id, day, deadline))


def _mark(slot: Slot, deadline: Deadline) -> int:
    """Note all of a slot who did not come; return how many."""
    ref, marked = slot.ref, 0

    def decide() -> None:
        nonlocal marked
        absent = [
            ticket
            for ticket in slot_tickets(ref, range(1, slot.next_number), deadline)
            if ticket.status is TicketStatus.LIVE
        ]
        for batch in batched(absent, TOGETHER, strict=False):
            lane = read_lane(ref.office_id, ref.day, ref.lane, deadline)
            tickets = [(ticket, _no_show(ticket)) for ticket in batch]
            lanes = [lane.with_no_shows(len(batch))]
            frees = freed_by_outcome(batch, deadline)
            take(Step(ref.office_id, ref.day, tickets, frees=frees, lanes=lanes), deadline)
            marked += len(batch)

    until_taken(decide, deadline)
    return marked


def _no_show(ticket: Ticket) -> Ticket:
    return replace(ticket, status=TicketStatus.NO_SHOW, finished_at=clock.epoch())
