"""Putting a booking on other numbers: what its holder's move and the office's have in common.

Both read who of the party is at the office already (`presence_of`) and who the people are
(`party_of`), claim new numbers, and write the change in one transaction (`refile`). The old places
go back to the public by and by (`returns_of`), as those of a cancelled booking do.
"""

import random
from collections.abc import Callable
from datetime import timedelta

from antrean.booking.open_booking import reread, with_state
from antrean.domain.errors import ChangedMeanwhile
from antrean.domain.offices import Office
from antrean.domain.tickets import Applicant, Booking
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.returned_place import Return
from antrean.store.items.ticket import booking_tickets
from antrean.store.transaction import Transaction
from antrean.store.writes import change_booking
from antrean.store.writes.change_booking import NOBODY, Presence, Refiled, read_presence
from antrean.store.writes.give_back import give_back_quietly


def presence_of(booking: Booking, office: Office, deadline: Deadline) -> Presence:
    """Return what the day has done with the booking's tickets: before its date nothing.

    Raises `Unavailable`.
    """
    if office.local_date(clock.now()) < booking.ref.day:
        return NOBODY
    return read_presence(booking, deadline)


def party_of(booking: Booking, deadline: Deadline) -> list[Applicant]:
    """Return the booking's people in its order, from their tickets.

    Raises `ChangedMeanwhile` when some of the tickets are no longer the booking's, `NotFound`,
    `Unavailable`.
    """
    by_number = {ticket.number: ticket.applicant for ticket in booking_tickets(booking, deadline)}
    party = [applicant for number in booking.numbers if (applicant := by_number.get(number))]
    if len(party) != len(booking.numbers):
        raise with_state(
            ChangedMeanwhile("Another request changed this booking first. Read it again."),
            reread(booking, deadline),
        )
    return party


def refile(
    old: Booking,
    new: Booking,
    party: list[Applicant],
    office: Office,
    deadline: Deadline,
    also: Callable[[Transaction], None] | None = None,
    presence: Presence = NOBODY,
) -> None:
    """Write a booking's move to numbers that were claimed; give them back if it fails.

    `also` puts more into the same transaction. `presence` is what the day has done with the old
    tickets: the move is refused when that is no longer so. Raises `NumbersGone`,
    `ChangedMeanwhile`, `Unavailable`.
    """
    live_until = office.instant(new.ref.day + timedelta(days=1), "0000")
    change = Refiled(
        old=old,
        new=new,
        party=party,
        live_until=int(live_until.timestamp()),
        returns=returns_of(old, office, clock.epoch()),
        presence=presence,
    )
    try:
        change_booking.refile(change, deadline, also)
    except Exception:
        give_back_quietly(new.ref, new.numbers)
        raise


def returns_of(booking: Booking, office: Office, now: int) -> list[Return]:
    """Return the way back of a booking's places, begun at `now` (seconds, UTC).

    Each waits a random time of its own, so that a family's places do not come back together.
    """
    return [
        Return(booking.ref, number, now + random.randint(*office.reoffer_after))  # noqa: S311
        for number in booking.numbers
    ]
