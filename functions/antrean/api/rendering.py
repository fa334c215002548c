"""From what the domain knows to what clients see."""

from collections.abc import Sequence
from datetime import datetime

from antrean.api import schemas
from antrean.bookings.manage import Held, reschedule_until
from antrean.day.standing import Standing
from antrean.domain.applicants import NOTE_CODES
from antrean.domain.codes import display_code
from antrean.domain.names import mask_name
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Applicant, Booking, Ticket, TicketStatus
from antrean.domain.waiting import Estimate
from antrean.offices.availability import DayState, WindowState
from antrean.settings import settings


def hour(start: str) -> str:
    """Return an HHMM as people write it: 08:00."""
    return f"{start[:2]}:{start[2:]}"


def local(office: Office, instant: int | None) -> datetime | None:
    """Return an instant (seconds, UTC) with the office's offset."""
    return None if instant is None else datetime.fromtimestamp(instant, office.zone)


def office_out(office: Office, next_release: int | None) -> schemas.OfficeOut:
    """Return an office as everybody may see it; `next_release` in seconds (UTC)."""
    position = office.position
    return schemas.OfficeOut(
        office_id=office.office_id,
        name=office.name,
        office_class=office.office_class,
        city=office.city,
        province=office.province,
        timezone=office.timezone,
        status=office.status,
        status_reason=office.status_reason,
        daily_quota=office.daily_quota,
        quota_basis=office.quota_basis,
        next_release=local(office, next_release),
        parent_office_id=office.parent_office_id,
        services=list(office.services),
        position=schemas.DegreesOut(latitude=position.latitude, longitude=position.longitude)
        if position
        else None,
    )


def availability_out(
    office: Office, lane: Lane, party: int, states: Sequence[DayState]
) -> schemas.AvailabilityOut:
    """Return an office's days."""
    return schemas.AvailabilityOut(
        office_id=office.office_id,
        timezone=office.timezone,
        lane=lane,
        party=party,
        days=[_day_out(office, state) for state in states],
    )


def _day_out(office: Office, state: DayState) -> schemas.DayOut:
    return schemas.DayOut(
        date=state.day,
        state=state.state,
        reason=state.reason,
        quota=state.quota,
        remaining=state.remaining,
        release_at=local(office, state.release_at),
        windows=[_window_out(office, window) for window in state.windows],
    )


def _window_out(office: Office, window: WindowState) -> schemas.WindowOut:
    slot = window.slot
    return schemas.WindowOut(
        start=hour(slot.ref.start),
        end=hour(slot.end),
        state=window.state,
        quota=slot.quota,
        remaining=window.remaining,
        release_at=local(office, slot.release_at or None),
    )


def held_out(held: Held, stands: Standing) -> schemas.BookingOut:
    """Return a booking that its token opened; names stand in full in the first answer alone."""
    office = held.office
    names = map(mask_name, held.booking.names)
    calls = stands.calls or (None,) * len(stands.tickets)
    out = _booking_out(
        held,
        [
            _ticket_out(office, name, ticket, times)
            for name, ticket, times in zip(names, stands.tickets, calls, strict=True)
        ],
    )
    out.position = _position_out(stands)
    out.estimate = _estimate_out(office, stands.estimate)
    return out


def made_out(
    booking: Booking, office: Office, token: str, party: Sequence[Applicant]
) -> schemas.BookingOut:
    """Return a booking as the request that made it gets it, by the `party` that it named."""
    tickets = [
        _ticket_out(
            office, name, Ticket(booking.ref, number, TicketStatus.LIVE, applicant=applicant)
        )
        for name, number, applicant in zip(booking.names, booking.numbers, party, strict=True)
    ]
    out = _booking_out(Held(booking, office), tickets)
    out.token = token
    return out


def _booking_out(held: Held, tickets: list[schemas.TicketOut]) -> schemas.BookingOut:
    booking, office = held.booking, held.office
    ref = booking.ref
    created_at = datetime.fromtimestamp(booking.created_at, office.zone)
    url = f"{settings().public_origin}/v1/bookings/{display_code(booking.code)}"
    return schemas.BookingOut(
        code=display_code(booking.code),
        status=booking.status,
        office=schemas.BookedOffice(
            office_id=office.office_id,
            name=office.name,
            city=office.city,
            timezone=office.timezone,
        ),
        lane=ref.lane,
        requested_date=booking.requested_date,
        requested_window=booking.requested_start and hour(booking.requested_start),
        date=ref.day,
        window=schemas.BookedWindow(start=hour(ref.start), end=hour(booking.end)),
        moved=_move_out(booking),
        tickets=tickets,
        arrive_at=office.instant(ref.day, ref.start),
        proof_url=f"{url}/proof.svg",
        calendar_url=f"{url}/calendar.ics",
        created_at=created_at,
        reschedule_until=reschedule_until(held),
    )


def _ticket_out(
    office: Office, name: str, ticket: Ticket, times: int | None = None
) -> schemas.TicketOut:
    called = None
    if times is not None and ticket.called_at is not None:
        at = datetime.fromtimestamp(ticket.called_at, office.zone)
        called = schemas.CalledOut(counter=ticket.counter, at=at, times=times)
    note = ticket.applicant and ticket.applicant.note
    return schemas.TicketOut(
        name=name,
        number=ticket.number,
        label=ticket.label,
        state=ticket.status,
        called=called,
        notes=[schemas.NoteOut(code=NOTE_CODES.get(note, "other"), text=note)] if note else [],
    )


def _position_out(stands: Standing) -> schemas.PositionOut | None:
    if stands.ahead is None:
        return None
    return schemas.PositionOut(ahead=stands.ahead, there=stands.there)


def _estimate_out(office: Office, told: Estimate | None) -> schemas.EstimateOut | None:
    if told is None:
        return None
    earliest, likely, latest = told.when or (None, None, None)
    return schemas.EstimateOut.model_validate(
        {
            "from": local(office, earliest),
            "to": local(office, latest),
            "likely": local(office, likely),
            "basis": told.basis,
        }
    )


def _move_out(booking: Booking) -> schemas.MoveOut | None:
    move = booking.move
    if move is None:
        return None
    return schemas.MoveOut.model_validate(
        {
            "from": {
                "date": move.from_date,
                "window": move.from_start and hour(move.from_start),
            },
            "to": {"date": booking.ref.day, "window": hour(booking.ref.start)},
            "reason": move.reason,
            "by": move.by,
        }
    )
