"""What the holder of a booking's token may do: read it, cancel it, move it once."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from antrean import clock
from antrean.bookings.places import Wanted, claim_place
from antrean.domain.codes import normalise_code, token_matches
from antrean.domain.errors import (
    AntreanError,
    ChangedMeanwhile,
    DataDeleted,
    FieldProblem,
    InvalidRequest,
    NotChangeable,
    NotFound,
    OfficeNotOpen,
    Unauthorised,
)
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import SlotRef
from antrean.domain.tickets import Applicant, Booking, BookingStatus, Move
from antrean.offices.find import office_of
from antrean.store import changing
from antrean.store.bookings import get_booking
from antrean.store.calls import Budget, Transaction
from antrean.store.changing import NOBODY, Presence, Refiled, read_presence
from antrean.store.filing import NumbersGone
from antrean.store.returns import Return, give_back_quietly
from antrean.store.tickets import slot_tickets
from antrean.store.tombstones import get_deleted

RESCHEDULES = 1
"""How often an applicant may move a booking (the rule of M-Paspor: once, until the day before)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A booking in its holder's hand."""

    booking: Booking
    office: Office


def open_booking(
    typed_code: str,
    token: str,
    budget: Budget,
    read_office: Callable[[str, Budget], Office] = office_of,
) -> Held:
    """Return the booking that `token` opens, with its office as `read_office` knows it.

    Raises `Unauthorised` without a token; `NotFound` for an unknown code and for a token that
    does not fit it alike, so that codes cannot be tried out; `DataDeleted` when the token fits a
    booking whose retention time is over. `Unavailable`.
    """
    if not token:
        raise Unauthorised("Send the booking's token in the Authorization header: Bearer TOKEN.")
    try:
        code = normalise_code(typed_code)
    except ValueError as wrong:
        raise NotFound(f"This is not a booking code: {wrong}.") from None
    booking = get_booking(code, budget)
    if booking is None:
        _refuse_deleted(code, token, budget)
    if booking is None or not token_matches(token, booking.token_digest):
        raise NotFound("There is no booking with this code and token.")
    return Held(booking, read_office(booking.ref.office_id, budget))


def _refuse_deleted(code: str, token: str, budget: Budget) -> None:
    deleted = get_deleted(code, budget)
    if deleted and token_matches(token, deleted.token_digest):
        raise DataDeleted(
            "The data of this booking was deleted some time after its date, as it was announced. "
            "Nobody can say any more whose it was.",
            date=deleted.day.isoformat(),
        )


def cancel(held: Held, budget: Budget) -> Held:
    """Give the party's places back; a cancelled booking stays as it is.

    Raises `NotChangeable` once the window has begun, `ChangedMeanwhile` when another request
    was first, `Unavailable`.
    """
    booking, office = held.booking, held.office
    if booking.status is BookingStatus.CANCELLED:
        return held
    if office.instant(booking.ref.day, booking.ref.start) <= clock.now():
        detail = "The arrival window has begun: it is too late to cancel."
        raise NotChangeable(detail, reason="too_late")
    now = clock.epoch()
    there = presence(booking, office, budget)
    if not there.may_leave:
        detail = "A number of the booking was called already: it is too late to cancel."
        raise NotChangeable(detail, reason="too_late")
    try:
        changing.cancel(booking, _returns(booking, office, now), now, budget, there)
    except ChangedMeanwhile as changed:
        current = _reread(booking, budget)
        if current.status is BookingStatus.CANCELLED:
            return replace(held, booking=current)
        raise _with_state(changed, current) from None
    return replace(held, booking=_reread(booking, budget))


def presence(booking: Booking, office: Office, budget: Budget) -> Presence:
    """Return what the day has done with the booking: nothing, before its date."""
    if office.local_date(clock.now()) < booking.ref.day:
        return NOBODY
    return read_presence(booking, budget)


def reschedule(
    held: Held, day: date, start: str | None, overflow: Overflow, budget: Budget
) -> Held:
    """Move the whole party to another slot of its office and lane, keeping code and token.

    `day` is a local date; `start` (HHMM) is None when any window will do. A repeat of the move
    that was made gets the booking as it stands. Raises `NotChangeable`, `NoPlaces` (the booking
    stays where it is), `ChangedMeanwhile`, `InvalidRequest`, `OfficeNotOpen`, `Unavailable`.
    """
    booking, office = held.booking, held.office
    if _made_already(booking, day, start):
        return held
    _refuse_reschedule(booking, office, day)
    ref = SlotRef(office.office_id, day, booking.lane, start or "")
    if ref == booking.ref:
        raise NotChangeable("The booking stands in this window already.", reason="same_window")
    wanted = Wanted(office, ref, len(booking.people), overflow, besides=booking.ref)
    party = party_of(booking, budget)
    while True:
        claimed, overflowed = claim_place(wanted, budget)
        new = replace(
            booking,
            ref=claimed.ref,
            end=claimed.end,
            numbers=tuple(claimed.numbers),
            requested_date=day,
            requested_start=start,
            changed_at=clock.epoch(),
            move=overflowed or Move(booking.ref.day, booking.ref.start, "asked", by="applicant"),
            version=booking.version + 1,
            rescheduled=booking.rescheduled + 1,
        )
        try:
            refile(booking, new, party, office, budget)
        except NumbersGone:
            continue  # slower than the sweeper's grace: take new numbers
        except ChangedMeanwhile as changed:
            current = _reread(booking, budget)
            if _made_already(current, day, start):
                return replace(held, booking=current)
            raise _with_state(changed, current) from None
        return replace(held, booking=new)


def refile(
    old: Booking,
    new: Booking,
    party: list[Applicant],
    office: Office,
    budget: Budget,
    also: Callable[[Transaction], None] | None = None,
    there: Presence = NOBODY,
) -> None:
    """Write a booking's move to numbers that were claimed; give them back if it fails.

    `also` puts more into the same transaction; `there` are its people who are checked in.
    Raises `NumbersGone`, `ChangedMeanwhile`, `Unavailable`.
    """
    live_until = office.instant(new.ref.day + timedelta(days=1), "0000")
    change = Refiled(
        old=old,
        new=new,
        party=party,
        live_until=int(live_until.timestamp()),
        returns=_returns(old, office, clock.epoch()),
        presence=there,
    )
    try:
        changing.refile(change, budget, also)
    except Exception:
        give_back_quietly(new.ref, new.numbers)
        raise


def _returns(booking: Booking, office: Office, now: int) -> list[Return]:
    # Each number waits a time of its own, so that a family's places do not come back together.
    return [
        Return(booking.ref, number, now + random.randint(*office.reoffer_after))  # noqa: S311
        for number in booking.numbers
    ]


def party_of(booking: Booking, budget: Budget) -> list[Applicant]:
    """Return the booking's people in its order, from their tickets."""
    numbers = range(booking.numbers[0], booking.numbers[-1] + 1)
    by_number = {
        ticket.number: ticket.applicant
        for ticket in slot_tickets(booking.ref, numbers, budget)
        if ticket.code == booking.code
    }
    party = [applicant for number in booking.numbers if (applicant := by_number.get(number))]
    if len(party) != len(booking.numbers):
        raise _with_state(
            ChangedMeanwhile("Another request changed this booking first. Read it again."),
            _reread(booking, budget),
        )
    return party


def _made_already(booking: Booking, day: date, start: str | None) -> bool:
    return (
        booking.status is BookingStatus.BOOKED
        and booking.rescheduled > 0
        and (booking.requested_date, booking.requested_start) == (day, start)
    )


def reschedule_until(held: Held) -> datetime | None:
    """Return until when (aware, local) the applicant may move the booking; None: not any more."""
    booking, office = held.booking, held.office
    ends = office.instant(booking.ref.day, "0000")
    moved = booking.rescheduled >= RESCHEDULES
    if booking.status is not BookingStatus.BOOKED or moved or ends <= clock.now():
        return None
    return ends if office.status is OfficeStatus.OPEN else None


def _refuse_reschedule(booking: Booking, office: Office, day: date) -> None:
    today = office.local_date(clock.now())
    if booking.status is not BookingStatus.BOOKED:
        raise NotChangeable("The booking is cancelled. Make a new one.", reason="cancelled")
    if booking.rescheduled >= RESCHEDULES:
        detail = "A booking can be moved once, and this one was. Cancel it instead."
        raise NotChangeable(detail, reason="moved_before")
    if today >= booking.ref.day:
        detail = "A booking can be moved until the day before."
        raise NotChangeable(detail, reason="too_late")
    if office.status is not OfficeStatus.OPEN:
        raise OfficeNotOpen(
            f"{office.name} takes no bookings now. The booking stays as it is.",
            office_status=office.status,
            reason=office.status_reason,
        )
    if day < today:
        raise InvalidRequest([FieldProblem("/date", "This date has passed at the office.")])


def _reread(booking: Booking, budget: Budget) -> Booking:
    current = get_booking(booking.code, budget)
    if current is None:
        raise NotFound("There is no booking with this code and token.")
    return current


def _with_state(error: AntreanError, current: Booking) -> AntreanError:
    error.members |= {
        "current": {
            "status": current.status,
            "date": current.ref.day.isoformat(),
            "window": f"{current.ref.start[:2]}:{current.ref.start[2:]}",
        }
    }
    return error
