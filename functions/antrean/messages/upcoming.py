"""Whose bookings stand on an office's day."""

from datetime import date

from antrean.runtime.deadline import Deadline
from antrean.store.items.ticket import day_tickets, live


def codes_on(office_id: str, day: date, deadline: Deadline) -> list[str]:
    """Return the codes of the bookings of an office day, each once. Raises `Unavailable`."""
    tickets = live(day_tickets(office_id, day, deadline))
    return list(dict.fromkeys(ticket.code for ticket in tickets))
