"""From what the domain knows to what clients see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from antrean.api import schemas
from antrean.bookings.manage import Held
from antrean.bookings.papers import labels_of
from antrean.domain.codes import display_code
from antrean.domain.names import mask_name
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Booking
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


def held_out(held: Held) -> schemas.BookingOut:
    """Return a booking that its token opened; names stand in full in the first answer alone."""
    masked = replace(held.booking, names=tuple(map(mask_name, held.booking.names)))
    return booking_out(masked, held.office, ahead=held.ahead)


def booking_out(
    booking: Booking, office: Office, token: str | None = None, ahead: int | None = None
) -> schemas.BookingOut:
    """Return a booking as its holder sees it."""
    ref = booking.ref
    created_at = datetime.fromtimestamp(booking.created_at, office.zone)
    url = f"{settings().public_origin}/v1/bookings/{display_code(booking.code)}"
    return schemas.BookingOut(
        code=display_code(booking.code),
        token=token,
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
        tickets=_tickets_out(booking),
        arrive_at=office.instant(ref.day, ref.start),
        proof_url=f"{url}/proof.svg",
        calendar_url=f"{url}/calendar.ics",
        created_at=created_at,
        position=None if ahead is None else schemas.PositionOut(ahead=ahead),
    )


def _tickets_out(booking: Booking) -> list[schemas.TicketOut]:
    return [
        schemas.TicketOut(name=name, number=number, label=printed)
        for name, number, printed in zip(
            booking.names, booking.numbers, labels_of(booking), strict=True
        )
    ]


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
