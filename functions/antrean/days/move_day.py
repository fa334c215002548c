"""Moving a day with people on it to the next dates: the server was down, a sudden holiday.

The day is closed first, so that nobody books it meanwhile. Then one booking after the other is
moved, in the order of the numbers, each in one transaction. A crash at any point leaves some moved
and some not, and the next run goes on with those that are left.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from antrean.booking.refile import presence_of, refile
from antrean.days.change_days import change_day, day_slots
from antrean.days.places_after import PlacesAfter
from antrean.domain.audit import AuditEntry, Author
from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.moves import RUNNING, WAITING, MoveProgress, Staying, Why
from antrean.domain.offices import Office
from antrean.domain.quotas import Closure, DayChange
from antrean.domain.slots import Claim, Lane, Slot, SlotState
from antrean.domain.tickets import Applicant, Booking, BookingStatus, Move, Ticket, booked_codes
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import get_booking
from antrean.store.items.move import count_moved, get_move
from antrean.store.items.person import code_of
from antrean.store.items.staying import forget_staying, note_staying, who_stays
from antrean.store.items.ticket import booking_tickets, day_tickets
from antrean.store.transaction import Transaction
from antrean.store.writes.change_booking import Presence
from antrean.store.writes.end_move import end_move
from antrean.store.writes.file_booking import NumbersGone
from antrean.store.writes.start_move import start_move
from antrean.store.writes.sweep import GRACE

WAIT_SECONDS = 900
"""After which a move looks again for places for those who have none: as long as SQS can wait."""


def begin_move(
    office: Office,
    day: date,
    lane: Lane | None,
    start: str | None,
    reason: str,
    author: Author,
    deadline: Deadline,
) -> MoveProgress:
    """Close what is to be moved, with the public reason, and put the move on the record.

    That is a day, or of it one `lane` or the windows that start at `start` (HHMM). Raises
    `InvalidRequest` when the office does not serve on `day`, `ChangedMeanwhile`, `Unavailable`.
    """
    closing = DayChange(
        closure=Closure(closed=True, reason=reason), closure_lane=lane, closure_start=start
    )
    change_day(office, day, closing, author, deadline)
    progress = MoveProgress(
        office_id=office.office_id,
        day=day,
        lane=lane,
        start=start,
        reason=reason,
        started_at=clock.epoch(),
        asked_by=author.user,
    )
    entry = AuditEntry(
        office_id=office.office_id,
        who=author.user,
        what=f"move {progress.scope}",
        before=None,
        after={"reason": reason},
        request_id=author.request_id,
    )
    return start_move(progress, entry, deadline)


def run_move(office: Office, scope: str, deadline: Deadline) -> MoveProgress:
    """Move who is left, as far as the deadline goes, and return how far the move is.

    The move runs on while a number of a closed slot of the scope may still be filed: its booking
    was under way when the slot was closed. It waits while somebody has no place. Two runs at once
    do no harm: a booking moves once, and the second run finds it gone. Raises `Unavailable`; the
    next run goes on.
    """
    began_at = clock.epoch()
    progress = get_move(office.office_id, scope, deadline)
    # The slots before the tickets: a number that is filed in between is found with its ticket.
    slots = day_slots(office.office_id, progress.day, deadline)
    tickets = [
        ticket
        for ticket in day_tickets(office.office_id, progress.day, deadline)
        if progress.covers(ticket.ref)
    ]
    unsettled = _may_still_be_filed([slot for slot in slots if progress.covers(slot.ref)], tickets)
    run = _Run(office, progress, deadline)
    for code in booked_codes(sorted(tickets, key=lambda ticket: (ticket.ref.start, ticket.number))):
        if deadline.has_passed():
            return get_move(office.office_id, scope, deadline)
        run.settle(code)
    run.look_after_those_gone()
    progress = get_move(office.office_id, scope, deadline)
    if unsettled or run.under_way:
        return replace(progress, state=RUNNING, pause=GRACE)
    waiting = sum(staying.waits for staying in run.staying.values())
    ended = end_move(progress, len(run.staying) - waiting, waiting, began_at, deadline)
    return replace(ended, pause=WAIT_SECONDS) if ended.state == WAITING else ended


def _may_still_be_filed(slots: Iterable[Slot], tickets: Iterable[Ticket]) -> bool:
    """Return whether a closed slot has a number that nobody filed and nobody gave back yet.

    Each gets its ticket by a request that is under way or, after the grace, by the sweeper.
    """
    known = {(ticket.ref, ticket.number) for ticket in tickets}
    return any(
        (slot.ref, number) not in known
        for slot in slots
        if slot.state is SlotState.CLOSED
        for number in range(slot.settled_to, slot.next_number)
    )


class _Run:
    """One run through a move: each booking it finds is moved, or noted with why it stays."""

    def __init__(self, office: Office, progress: MoveProgress, deadline: Deadline) -> None:
        self.office, self.progress, self.deadline = office, progress, deadline
        self.places = PlacesAfter(office, progress.day)
        self.staying = {each.code: each for each in who_stays(progress, deadline)}
        self.found: set[str] = set()
        self.under_way = False

    def settle(self, code: str) -> None:
        """Move one booking, or note why it stays."""
        self.found.add(code)
        attempt = 0
        elsewhere: frozenset[str] = frozenset()
        while booking := self._still_here(code):
            try:
                why = self._move(booking, elsewhere)
            except NumbersGone:
                continue  # slower than the sweeper's grace: take other numbers
            except ChangedMeanwhile:
                elsewhere = self._elsewhere(booking)
                self.deadline.wait(attempt)
                attempt += 1
                continue
            if why:
                self._stays(code, why)
            return

    def look_after_those_gone(self) -> None:
        """Note what became of those who waited and stand here no longer."""
        for staying in list(self.staying.values()):
            if staying.waits and staying.code not in self.found:
                self._still_here(staying.code)

    def _still_here(self, code: str) -> Booking | None:
        """Return a booking if it still stands in the scope; else note why not, and return None."""
        booking = get_booking(code, self.deadline)
        if booking is None and code in self.found:
            # Its tickets were found: a Query may show them a moment before the rest of the
            # transaction that files them.
            self.under_way = True
            return None
        if booking is None or booking.status is BookingStatus.CANCELLED:
            self._stays(code, Why.CANCELLED)
            return None
        if self.progress.covers(booking.ref):
            return booking
        if booking.move is None or booking.move.by != "office":
            self._stays(code, Why.MOVED_BY_HOLDER)
        return None  # else moved by another run, which counted it

    def _stays(self, code: str, why: Why) -> None:
        staying = Staying(code, why)
        if self.staying.get(code) != staying:
            note_staying(self.progress, staying, self.deadline)
            self.staying[code] = staying

    def _move(self, booking: Booking, elsewhere: Collection[str]) -> Why | None:
        """Put a booking on a later date, or return why it stays.

        `elsewhere` are people of it who hold a ticket of another booking: the others move without
        them, and without those whose data was erased.
        """
        presence = presence_of(booking, self.office, self.deadline)
        if not presence.may_leave:
            return Why.CALLED  # or noted as a no-show: the day was theirs, and their party's
        tickets = {ticket.number: ticket for ticket in booking_tickets(booking, self.deadline)}
        if len(tickets) != len(booking.numbers):
            raise ChangedMeanwhile("Some of the tickets are no longer the booking's.")
        party = {
            index: applicant
            for index, number in enumerate(booking.numbers)
            if (applicant := tickets[number].applicant) and booking.people[index] not in elsewhere
        }
        if not party:
            return Why.BOOKED_ANEW if elsewhere else Why.ERASED
        claimed = self.places.claim(booking.lane, len(party), self.deadline)
        if claimed is None:
            return Why.NO_PLACE
        self._put(booking, party, claimed, presence)
        return None

    def _elsewhere(self, booking: Booking) -> frozenset[str]:
        """Return those of a booking's people who hold a ticket of another one by now."""
        return frozenset(
            person
            for person in booking.people
            if person and code_of(person, self.deadline) not in (None, booking.code)
        )

    def _put(
        self, booking: Booking, party: Mapping[int, Applicant], claimed: Claim, presence: Presence
    ) -> None:
        """Put a booking, or those of its people who move, on numbers that were claimed."""
        new = replace(
            booking,
            ref=claimed.ref,
            end=claimed.end,
            numbers=tuple(claimed.numbers),
            names=tuple(booking.names[index] for index in party),
            people=tuple(booking.people[index] for index in party),
            changed_at=clock.epoch(),
            move=Move(booking.ref.day, booking.ref.start, self.progress.reason, by="office"),
            version=booking.version + 1,
        )

        def count(writing: Transaction) -> None:
            count_moved(writing, self.progress, claimed.ref)
            if booking.code in self.staying:
                forget_staying(writing, self.progress, booking.code)

        people = list(party.values())
        refile(booking, new, people, self.office, self.deadline, also=count, presence=presence)
        self.staying.pop(booking.code, None)
