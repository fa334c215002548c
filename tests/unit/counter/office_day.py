"""A working Tuesday at Kotabumi for tests: windows of four from 08:00 and 09:00, then of three."""

from antrean.booking.book import book
from antrean.counter.call import CallResult, CounterPress, call_next, recall
from antrean.counter.check_in import Arrival, Present, check_in
from antrean.counter.outcome import note_outcome
from antrean.domain.audit import Author
from antrean.domain.day import Number
from antrean.domain.labels import parse_label
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Booking, Ticket, TicketStatus
from antrean.runtime.registry import forget
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import records_of
from tests.support.worlds import World, deadline

STAFF = Author("staff", "request")
SERVED, NO_SHOW = TicketStatus.SERVED, TicketStatus.NO_SHOW


def party_booked(number: int, start: str = "0800", party: int = 1) -> Booking:
    """Book for Tuesday: people whom no other number has."""
    request = a_request(number, *people(party, first=10 * number), start=start)
    return book(request, deadline()).booking


def clock_at(world: World, office: Office, hhmm: str) -> None:
    """Make it an hour of Tuesday at the office."""
    world.time.set(office.instant(TUESDAY, hhmm))
    forget()


def party_checked_in(office: Office, booking: Booking, *labels: str, late: bool = False) -> Present:
    """Check a party in, or some of it."""
    return check_in(office, Arrival(booking.code, labels, late), STAFF, deadline())


def next_called(office: Office, counter: str, key: str, *lanes: Lane) -> CallResult:
    """Call the next to a counter."""
    return call_next(office, CounterPress(counter, key), lanes or [Lane.REGULAR], deadline())


def called_again(office: Office, counter: str, key: str) -> CallResult:
    """Recall."""
    return recall(office, CounterPress(counter, key), deadline())


def called_label(answer: CallResult) -> str | None:
    """The label of the number that was called."""
    return answer.ticket.label if answer.ticket else None


def outcome_noted(office: Office, which: str, outcome: TicketStatus) -> Ticket:
    """Note an outcome."""
    return note_outcome(office, TUESDAY, Number(*parse_label(which)), outcome, deadline())


def audit_log(office: Office) -> list[str]:
    """What the office's record says, oldest first."""
    found = [one.entry.what for one in records_of(office.office_id)]
    return found[::-1]
