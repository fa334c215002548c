"""Booking: look, claim, file (DESIGN section 3; ADR 0002)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.domain.codes import booking_code, manage_token, person_hash, request_hash, token_digest
from antrean.domain.errors import (
    AlreadyBooked,
    FieldProblem,
    InvalidRequest,
    KeyReused,
    NotFound,
    OfficeNotOpen,
    Unavailable,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Applicant, Booking, Contact, Move
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.secret import secret
from antrean.runtime.ttl_cache import TtlCache
from antrean.store.items.booking import get_booking
from antrean.store.writes.claim import Claim
from antrean.store.writes.file_booking import CodeTaken, NumbersGone, PersonsTaken, file_booking
from antrean.store.writes.give_back import give_back_quietly
from antrean.store.writes.look import Looked, look

OFFICES: TtlCache[str, Office] = TtlCache(seconds=5)
"""Offices lately read; a change of status takes this long to reach a warm function."""


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What an applicant sends. `start` (HHMM) is None when any window will do."""

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
    """A booking, its manage token, and whether this request made it."""

    booking: Booking
    token: str
    office: Office
    created: bool


@dataclass(frozen=True, slots=True)
class _Identity:
    """What follows from the idempotency key and the request alone."""

    code: str
    token: str
    people: tuple[str, ...]
    request_hash: str


def book(request: BookingRequest, deadline: Deadline) -> Booked:
    """Give the party numbers in one slot, or say why not.

    A repeat of the same request gets the booking of the first. Raises `OfficeNotOpen`,
    `AlreadyBooked`, `NoPlaces`, `KeyReused`, `InvalidRequest`, `NotFound`, `Unavailable`; after
    each of them nothing is held, or the sweeper gives it back.
    """
    identity = _identify(request)
    office, looked = _look(request, identity, deadline)
    if looked.gone:
        raise KeyReused(
            "This Idempotency-Key belongs to a booking whose data was deleted. Send a new UUID."
        )
    if looked.booking:
        return _replay(looked.booking, identity, office)
    _refuse_unless_open(office, request.day)
    _refuse_live(identity, looked)
    return _claim_and_file(request, identity, office, deadline)


def _identify(request: BookingRequest) -> _Identity:
    key = secret()
    payload = asdict(request) | {"day": request.day.isoformat()}
    payload["party"] = [
        person | {"birth_date": person["birth_date"].isoformat()} for person in payload["party"]
    ]
    return _Identity(
        code=booking_code(key, request.key),
        token=manage_token(key, request.key),
        people=tuple(person_hash(key, person.nik) for person in request.party),
        request_hash=request_hash(key, payload),
    )


def _look(
    request: BookingRequest, identity: _Identity, deadline: Deadline
) -> tuple[Office, Looked]:
    known = OFFICES.get(request.office_id)
    looked = look(identity.code, identity.people, None if known else request.office_id, deadline)
    office = known or looked.office
    if office is None:
        raise NotFound("There is no such office.")
    if not known:
        OFFICES.put(request.office_id, office)
    return office, looked


def _replay(stored: Booking, identity: _Identity, office: Office) -> Booked:
    if (stored.token_digest, stored.request_hash) != (
        token_digest(identity.token),
        identity.request_hash,
    ):
        raise KeyReused(
            "This Idempotency-Key belongs to another request. Send a new UUID for a new booking."
        )
    return Booked(stored, identity.token, office, created=False)


def _refuse_unless_open(office: Office, day: date) -> None:
    if office.status is not OfficeStatus.OPEN:
        raise OfficeNotOpen(
            f"{office.name} takes no bookings now. Choose another office.",
            office_status=office.status,
            reason=office.status_reason,
        )
    if day < office.local_date(clock.now()):
        raise InvalidRequest([FieldProblem("/date", "This date has passed at the office.")])


def _refuse_live(identity: _Identity, looked: Looked) -> None:
    now = clock.epoch()
    taken = [
        index
        for index, person in enumerate(identity.people)
        if (item := looked.persons.get(person)) and item.live_until > now
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
    request: BookingRequest, identity: _Identity, office: Office, deadline: Deadline
) -> Booked:
    ref = SlotRef(request.office_id, request.day, request.lane, request.start or "")
    wanted = PlaceSearch(office, ref, len(request.party), request.overflow)
    while True:
        claimed, move = claim_place(wanted, deadline)
        booking = _booking(request, identity, claimed, move)
        try:
            _file(booking, request.party, office, deadline)
        except NumbersGone:
            continue  # this request was slower than the sweeper's grace: take new numbers
        except CodeTaken:
            stored = get_booking(booking.code, deadline)
            if stored is None:
                raise Unavailable("The queue is very busy. Repeat the same request.") from None
            return _replay(stored, identity, office)
        return Booked(booking, identity.token, office, created=True)


def _booking(
    request: BookingRequest, identity: _Identity, claimed: Claim, move: Move | None
) -> Booking:
    now = clock.epoch()
    return Booking(
        code=identity.code,
        ref=claimed.ref,
        end=claimed.end,
        numbers=tuple(claimed.numbers),
        names=tuple(person.name for person in request.party),
        people=identity.people,
        requested_date=request.day,
        requested_start=request.start,
        contact=request.contact,
        token_digest=token_digest(identity.token),
        request_hash=identity.request_hash,
        created_at=now,
        changed_at=now,
        move=move,
    )


def _file(booking: Booking, party: Sequence[Applicant], office: Office, deadline: Deadline) -> None:
    """File the booking; whatever goes wrong, give back at once those numbers nobody filed."""
    live_until = office.instant(booking.ref.day + timedelta(days=1), "0000")
    try:
        file_booking(booking, party, clock.epoch(), int(live_until.timestamp()), deadline)
    except PersonsTaken as taken:
        give_back_quietly(booking.ref, booking.numbers)
        raise _already_booked(taken.indexes) from taken
    except Exception:
        give_back_quietly(booking.ref, booking.numbers)
        raise
