"""Walk-ins: people without a booking who are at the office take a number from the day's reserve."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.domain.audit import AuditEntry, Author
from antrean.domain.day import LaneState, Number, Waiting, turn_of
from antrean.domain.errors import (
    AlreadyBooked,
    ChangedMeanwhile,
    FieldProblem,
    KeyReused,
    NoPlaces,
)
from antrean.domain.offices import Office
from antrean.domain.request_identity import RequestIdentity, identify
from antrean.domain.slots import Availability, Claim, KeptBack, KeptFor, Lane, Slot, SlotState
from antrean.domain.tickets import Applicant, Booking, Contact, Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline, busy
from antrean.runtime.secret import secret
from antrean.store.items.audit_entry import put_on_record
from antrean.store.items.booking import get_booking
from antrean.store.items.lane_state import put_lane, read_lane
from antrean.store.items.slot import slots_between
from antrean.store.items.ticket import get_ticket
from antrean.store.items.waiting import put_waiting
from antrean.store.transaction import Transaction
from antrean.store.writes.claim import claim, claim_kept_back
from antrean.store.writes.file_booking import CodeTaken, NumbersGone, PersonsTaken, file_tickets
from antrean.store.writes.give_back import give_back_quietly
from antrean.store.writes.look import Looked, look


@dataclass(frozen=True, slots=True)
class WalkIn:
    """A person who came without a booking. The same `key` is the same request, sent again."""

    key: str
    lane: Lane
    applicant: Applicant
    contact: Contact


@dataclass(frozen=True, slots=True)
class Admitted:
    """The booking that a walk-in was given, its ticket, and whether this request made it."""

    booking: Booking
    token: str
    ticket: Ticket
    created: bool


def admit(office: Office, walk_in: WalkIn, author: Author, deadline: Deadline) -> Admitted:
    """Give a walk-in a number of today and check the person in, or say why not.

    A repeat of the request gets the number of the first. Raises `NoPlaces`, `AlreadyBooked`,
    `KeyReused`, `Unavailable`. After each of them no place stays taken: this request gives it back,
    or the sweeper does.
    """
    identity = _identify(office, walk_in)
    looked = look(identity.code, identity.people, None, deadline)
    if looked.booking:
        return _replay(looked.booking, identity, deadline)
    _refuse_taken_key_or_person(looked, identity)
    while True:
        claimed = _claim(office, walk_in.lane, deadline)
        try:
            return _file(office, walk_in, identity, claimed, author, deadline)
        except NumbersGone:
            continue  # slower than the sweeper's grace: take a new number
        except CodeTaken:
            stored = get_booking(identity.code, deadline)
            if stored is None:
                raise busy() from None
            return _replay(stored, identity, deadline)


def _identify(office: Office, walk_in: WalkIn) -> RequestIdentity:
    # The key is of this purpose and office alone: no public request can share its booking.
    own_key = f"walk-in {office.office_id} {walk_in.key}"
    return identify(secret(), own_key, [walk_in.applicant], walk_in)


def _replay(stored: Booking, identity: RequestIdentity, deadline: Deadline) -> Admitted:
    if not identity.made(stored):
        raise KeyReused(
            "This Idempotency-Key belongs to another request. Send a new UUID for a new walk-in."
        )
    (number,) = stored.numbers
    ticket = get_ticket(stored.ref, number, deadline)
    if ticket is None or ticket.code != stored.code:
        raise ChangedMeanwhile("The walk-in was given a number, and gave it back.")
    return Admitted(stored, identity.token, ticket, created=False)


def _refuse_taken_key_or_person(looked: Looked, identity: RequestIdentity) -> None:
    if looked.gone:
        raise KeyReused("This Idempotency-Key belongs to a request whose data was deleted.")
    (person,) = identity.people
    holder = looked.persons.get(person)
    if holder and holder.live_until > clock.epoch():
        raise _already_booked()


def _already_booked() -> AlreadyBooked:
    return AlreadyBooked(
        "A person can hold one live ticket in the country. If it is for here and today, check it "
        "in; else it has to be cancelled first.",
        errors=[FieldProblem("/applicant/nik", "This person has a live ticket already.")],
    )


def _claim(office: Office, lane: Lane, deadline: Deadline) -> Claim:
    """Take a number of today: from the reserve, else from what remains of windows that have begun.

    The public cannot book those any more. Raises `NoPlaces`, `Unavailable`.
    """
    attempt = 0
    while True:
        today = office.local_date(clock.now())
        slots = slots_between(office.office_id, today, today, deadline, consistent=True)
        running = [slot for slot in slots if slot.ref.lane is lane and _runs(office, slot)]
        reserves = list(_reserves(office, running))
        begun = [slot for slot in running if _begun(office, slot) and slot.remaining > 0]
        if not reserves and not begun:
            raise NoPlaces(
                "No place is kept for walk-ins, and none is left in the windows that run now.",
                state=Availability.FULL if running else Availability.CLOSED,
                next_release=None,
            )
        for slot, reserve in reserves:
            if claimed := claim_kept_back(slot, reserve, clock.epoch(), deadline):
                return claimed
        for slot in begun:
            if claimed := claim(slot.ref, 1, clock.epoch(), deadline):
                return claimed
        deadline.wait(attempt)  # others took them since they were read
        attempt += 1


def _runs(office: Office, slot: Slot) -> bool:
    over = office.instant(slot.ref.day, slot.end)
    return slot.state is SlotState.OPEN and clock.now() < over


def _begun(office: Office, slot: Slot) -> bool:
    return office.instant(slot.ref.day, slot.ref.start) <= clock.now()


def _reserves(office: Office, slots: Sequence[Slot]) -> Iterator[tuple[Slot, KeptBack]]:
    """Yield the places kept for walk-ins, earliest window first.

    Places that are due are the public's, unless their window has begun.
    """
    for slot in slots:
        for kept in slot.kept_back:
            if kept.kept_for is KeptFor.WALK_IN and (
                kept.at > clock.epoch() or _begun(office, slot)
            ):
                yield slot, kept


def _file(
    office: Office,
    walk_in: WalkIn,
    identity: RequestIdentity,
    claimed: Claim,
    author: Author,
    deadline: Deadline,
) -> Admitted:
    """File and check in, in one transaction; whatever goes wrong, give the number back at once."""
    booking = identity.booking(
        claimed,
        [walk_in.applicant],
        walk_in.contact,
        clock.epoch(),
        requested_date=claimed.ref.day,
        requested_start=None,
    )
    try:
        ticket = _try_to_file(office, booking, walk_in.applicant, author, deadline)
    except PersonsTaken as taken:
        give_back_quietly(booking.ref, booking.numbers)
        raise _already_booked() from taken
    except Exception:
        give_back_quietly(booking.ref, booking.numbers)
        raise
    return Admitted(booking, identity.token, ticket, created=True)


def _try_to_file(
    office: Office, booking: Booking, applicant: Applicant, author: Author, deadline: Deadline
) -> Ticket:
    """File the number with its person checked in; try again when the lane's figures changed."""
    attempt = 0
    while True:
        lane = read_lane(office.office_id, booking.ref.day, booking.lane, deadline)
        ticket, waiting = _checked_in(office, booking, applicant)
        live_until = office.instant(booking.ref.day + timedelta(days=1), "0000")
        arrival = _Arrival(office.office_id, booking.ref.day, waiting, lane, _entry(ticket, author))
        try:
            file_tickets(
                booking,
                [ticket],
                booking.created_at,
                int(live_until.timestamp()),
                deadline,
                also=arrival.put,
            )
        except ChangedMeanwhile:
            deadline.wait(attempt)
            attempt += 1
            continue
        return ticket


def _checked_in(office: Office, booking: Booking, applicant: Applicant) -> tuple[Ticket, Waiting]:
    (own_number,) = booking.numbers
    now = clock.epoch()
    number = Number(booking.lane, booking.ref.start, own_number)
    came_at = f"{clock.now().astimezone(office.zone):%H%M}"
    turn = turn_of(number, booking.end, came_at)
    ticket = Ticket(
        booking.ref,
        own_number,
        TicketStatus.CHECKED_IN,
        booking.code,
        booking.people[0],
        applicant,
        walk_in=True,
        checked_in_at=now,
        turn=turn,
    )
    return ticket, Waiting(number, turn, now)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What goes with the filing of a walk-in: who waits, the lane's figures, the record."""

    office_id: str
    day: date
    waiting: Waiting
    lane: LaneState
    entry: AuditEntry

    def put(self, writing: Transaction) -> None:
        """Make it part of the transaction."""
        put_waiting(writing, self.office_id, self.day, self.waiting)
        put_lane(writing, self.office_id, self.day, self.lane.with_arrivals(1, walk_ins=1))
        put_on_record(writing, self.entry)


def _entry(ticket: Ticket, author: Author) -> AuditEntry:
    return AuditEntry(
        office_id=ticket.ref.office_id,
        who=author.user,
        what=f"admit walk-in {ticket.ref.day.isoformat()}",
        before=None,
        after={"label": ticket.label},
        request_id=author.request_id,
    )
