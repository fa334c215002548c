"""Moving a day with people on it to the next dates: the server was down, a sudden holiday.

The day is closed first, so that nobody books it meanwhile. Then one booking after the other is
moved, in the order of the numbers, each in one transaction. A crash at any point leaves some moved
and some not, and the next run goes on with those that are left.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.booking.refile import party_of, presence_of, refile
from antrean.days.change_days import change_day
from antrean.domain.audit import AuditEntry, Author
from antrean.domain.errors import ChangedMeanwhile, NoPlaces
from antrean.domain.moves import DONE, MoveProgress
from antrean.domain.offices import Office
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Booking, BookingStatus, Move, booked_codes
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.booking import get_booking
from antrean.store.items.move import count_moved, end_move, get_move
from antrean.store.items.ticket import day_tickets
from antrean.store.transaction import Transaction
from antrean.store.writes.file_booking import NumbersGone
from antrean.store.writes.start_move import start_move


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
    progress = MoveProgress(office.office_id, day, lane, start, reason, started_at=clock.epoch())
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

    Two runs at once do no harm: a booking moves once, and the second run finds it gone. Raises
    `Unavailable`; the next run goes on.
    """
    progress = get_move(office.office_id, scope, deadline)
    without_place = 0
    for booking in _bookings(office, progress, deadline):
        if deadline.has_passed():
            return get_move(office.office_id, scope, deadline)
        without_place += not _move_booking(office, progress, booking, deadline)
        progress = get_move(office.office_id, scope, deadline)
    end_move(progress, without_place, deadline)
    return replace(progress, state=DONE, without_place=without_place)


def _bookings(office: Office, progress: MoveProgress, deadline: Deadline) -> Iterator[Booking]:
    """Yield the bookings that still stand in the scope, by their first number."""
    tickets = [
        ticket
        for ticket in day_tickets(office.office_id, progress.day, deadline)
        if _in_scope(progress, ticket.ref)
    ]
    in_order = sorted(tickets, key=lambda ticket: (ticket.ref.start, ticket.number))
    for code in booked_codes(in_order):
        booking = get_booking(code, deadline)
        if booking and booking.status is BookingStatus.BOOKED and _in_scope(progress, booking.ref):
            yield booking


def _in_scope(progress: MoveProgress, ref: SlotRef) -> bool:
    in_lane, in_window = progress.lane in (None, ref.lane), progress.start in (None, ref.start)
    return ref.day == progress.day and in_lane and in_window


def _move_booking(
    office: Office, progress: MoveProgress, booking: Booking, deadline: Deadline
) -> bool:
    """Move one booking; return False when nothing in the horizon has room for its party."""
    search = _search_for(office, progress, booking)
    while True:
        presence = presence_of(booking, office, deadline)
        if not presence.may_leave:
            return (
                True  # somebody of the party was called or noted as a no-show: the day was theirs
            )
        try:
            party = party_of(booking, deadline)  # before the claim: a failure leaves nothing behind
        except ChangedMeanwhile:
            return True
        try:
            claimed, _ = claim_place(search, deadline)
        except NoPlaces:
            return False
        new = replace(
            booking,
            ref=claimed.ref,
            end=claimed.end,
            numbers=tuple(claimed.numbers),
            changed_at=clock.epoch(),
            move=Move(booking.ref.day, booking.ref.start, progress.reason, by="office"),
            version=booking.version + 1,
        )

        def count(writing: Transaction, to: SlotRef = claimed.ref) -> None:
            count_moved(writing, progress, to)

        try:
            refile(booking, new, party, office, deadline, also=count, presence=presence)
        except NumbersGone:
            continue
        except ChangedMeanwhile:
            if presence_of(booking, office, deadline) != presence:
                continue  # somebody was checked in or called: look whether it may still leave
            return True  # cancelled, moved by its holder or another run, or its people booked again
        return True


def _search_for(office: Office, progress: MoveProgress, booking: Booking) -> PlaceSearch:
    """Return the search for a booking's new place, from the next day on.

    Not before the slot that the booking ahead of it got, so that the order of the day is kept.
    """
    following = progress.day + timedelta(days=1)
    ref = SlotRef(office.office_id, following, booking.lane, "")
    return PlaceSearch(
        office, ref, len(booking.people), Overflow.NEXT_DATE, not_before=_floor(progress, booking)
    )


def _floor(progress: MoveProgress, booking: Booking) -> tuple[date, str] | None:
    """Return the date and window start (HHMM) of the slot that the lane's last booking went to."""
    if not progress.floor:
        return None
    day, lane, start = progress.floor.split("#")
    return (date.fromisoformat(day), start) if lane == booking.lane else None
