"""Booking: look, claim, file (ADR 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from antrean.booking.closed_day import closed_for, watched_slot
from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.booking.open_booking import OpenedBooking
from antrean.domain.errors import (
    AlreadyBooked,
    FieldProblem,
    InvalidRequest,
    KeyReused,
    NotFound,
    OfficeNotOpen,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.request_identity import RequestIdentity, identify
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Applicant, Booking, Contact
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline, busy
from antrean.runtime.secret import secret
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.booking import get_booking
from antrean.store.writes.file_booking import CodeTaken, NumbersGone, PersonsTaken, file_booking
from antrean.store.writes.give_back import give_back_quietly
from antrean.store.writes.look import Looked, look

OFFICES: TtlCache[str, Office] = TtlCache(seconds=5)
"""Offices lately read; a change of status takes this long to reach a warm function."""


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What an applicant sends.

    `key` is the request's idempotency key; `day` the office's local date; `start` (HHMM) is None
    when any window will do.
    """

    key: str
    office_id: str
    day: date
    start: str | None
    lane: Lane
    overflow: Overflow
    party: tuple[Applicant, ...]
    contact: Contact


@dataclass(frozen=True, slots=True)
class Booked:
    """An opened booking, its manage token, and whether this request made it."""

    opened: OpenedBooking
    token: str
    created: bool

    @property
    def booking(self) -> Booking:
        """The booking."""
        return self.opened.booking

    @property
    def office(self) -> Office:
        """The office of the booking."""
        return self.opened.office


#   request ----------> look ----------> claim ----------> file ----------> answer
#              one BatchGet:     one conditional   one transaction:
#              the booking of    update: the       n tickets, n persons,
#              this code, the    slot's counter    the booking, each only
#              persons, the                        if absent
#              office
#
#   died or lost at:    what is left            who cleans up
#   before look         nothing                 nobody has to
#   look -> claim       nothing                 nobody has to
#   during claim        numbers, or nothing     the sweeper, after its grace of 60 s
#   claim -> file       numbers                 this request at once, else the sweeper
#   during file         all of it, or numbers   a repeat finds the booking; else the sweeper
#   file -> answer      the booking             a repeat finds it by the same key
#
def book(request: BookingRequest, deadline: Deadline) -> Booked:
    """Give the party numbers in one slot, or say why not.

    A repeat of the same request gets the booking of the first. Raises `OfficeNotOpen`,
    `AlreadyBooked`, `NoPlaces`, `KeyReused`, `InvalidRequest`, `NotFound`, `Unavailable`. After
    each of them no place stays taken: this request gives it back, or the sweeper does.
    """
    identity = identify(secret(), request.key, request.party, request)
    office, looked = _look(request, identity, deadline)
    if looked.gone:
        raise KeyReused(
            "This Idempotency-Key belongs to a booking whose data was deleted. Send a new UUID."
        )
    if looked.booking:
        return _replay(looked.booking, identity, office, deadline)
    _refuse_unless_open(office, request.day)
    _refuse_taken_persons(identity, looked)
    return _claim_and_file(request, identity, office, deadline)


def _look(
    request: BookingRequest, identity: RequestIdentity, deadline: Deadline
) -> tuple[Office, Looked]:
    """Read what decides, in one BatchGet; the office only if it was not read lately."""
    known = OFFICES.get(request.office_id)
    looked = look(identity.code, identity.people, None if known else request.office_id, deadline)
    office = known or looked.office
    if office is None:
        raise NotFound("There is no such office.")
    if not known:
        OFFICES.put(request.office_id, office)
    return office, looked


def _replay(
    stored: Booking, identity: RequestIdentity, office: Office, deadline: Deadline
) -> Booked:
    if not identity.made(stored):
        raise KeyReused(
            "This Idempotency-Key belongs to another request. Send a new UUID for a new booking."
        )
    closed = closed_for(stored, office, deadline, watched_slot)
    return Booked(OpenedBooking.of(stored, office, closed), identity.token, created=False)


def _refuse_unless_open(office: Office, day: date) -> None:
    if office.status is not OfficeStatus.OPEN:
        raise OfficeNotOpen(
            f"{office.name} takes no bookings now. Choose another office.",
            office_status=office.status,
            reason=office.status_reason,
        )
    if day < office.local_date(clock.now()):
        raise InvalidRequest([FieldProblem("/date", "This date has passed at the office.")])


def _refuse_taken_persons(identity: RequestIdentity, looked: Looked) -> None:
    now = clock.epoch()
    taken = [
        index
        for index, person in enumerate(identity.people)
        if (holder := looked.persons.get(person)) and holder.live_until > now
    ]
    if taken:
        raise _already_booked(taken)


def _already_booked(indexes: Sequence[int]) -> AlreadyBooked:
    return AlreadyBooked(
        "A person can hold one live ticket in the country. Cancel the other booking first, or "
        "leave this person out.",
        errors=[
            FieldProblem(f"/applicants/{index}/nik", "This person has a live ticket already.")
            for index in indexes
        ],
    )


def _claim_and_file(
    request: BookingRequest, identity: RequestIdentity, office: Office, deadline: Deadline
) -> Booked:
    ref = SlotRef(request.office_id, request.day, request.lane, request.start or "")
    search = PlaceSearch(office, ref, len(request.party), request.overflow)
    while True:
        claimed, move = claim_place(search, deadline)
        booking = identity.booking(
            claimed,
            request.party,
            request.contact,
            clock.epoch(),
            requested_date=request.day,
            requested_start=request.start,
            move=move,
        )
        try:
            _file(booking, request.party, office, deadline)
        except NumbersGone:
            continue  # this request was slower than the sweeper's grace: take new numbers
        except CodeTaken:
            stored = get_booking(booking.code, deadline)
            if stored is None:
                raise busy() from None
            return _replay(stored, identity, office, deadline)
        return Booked(OpenedBooking.of(booking, office), identity.token, created=True)


def _file(booking: Booking, party: Sequence[Applicant], office: Office, deadline: Deadline) -> None:
    """File the booking. Whatever goes wrong, give back at once the numbers that nobody filed."""
    live_until = office.instant(booking.ref.day + timedelta(days=1), "0000")
    try:
        file_booking(booking, party, booking.created_at, int(live_until.timestamp()), deadline)
    except PersonsTaken as taken:
        give_back_quietly(booking.ref, booking.numbers)
        raise _already_booked(taken.indexes) from taken
    except Exception:
        give_back_quietly(booking.ref, booking.numbers)
        raise
