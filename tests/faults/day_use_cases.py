"""Every use case of the working day: what stood before, what is asked, how it has to end."""

from collections.abc import Callable

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.counter.call import CallResult, CounterPress, call_next, recall
from antrean.counter.check_in import Arrival, Present, check_in
from antrean.counter.no_shows import mark_no_shows
from antrean.counter.outcome import note_outcome
from antrean.counter.walk_in import Admitted, WalkIn, admit
from antrean.days.change_days import change_day
from antrean.domain.day import Board, LaneState, Number
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange
from antrean.domain.slots import KeptBack, KeptFor, Lane
from antrean.domain.tickets import BookingStatus, Contact, Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import forget
from antrean.store.items.board import read_board
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.look import read_persons
from tests.faults.small_office import (
    ADMIN,
    OFFICE,
    PLACES,
    WEDNESDAY,
    audit_log,
    bookings,
    open_office,
    places_waiting,
    ref,
    slot,
)
from tests.faults.use_case import CLAIM, FILE, LOOK, READ_ITEM, READ_SLOTS, PreparedCall, UseCase
from tests.support.people import PHONE, TUESDAY, a_request, key, people, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

REGULAR = Lane.REGULAR
SERVED, NO_SHOW = TicketStatus.SERVED, TicketStatus.NO_SHOW
FIRST = Number(REGULAR, "0800", 1)


def _a_couple() -> Booked:
    return book(a_request(1, *people(2, first=10), start="0800"), deadline())


def _at(world: World, hhmm: str) -> None:
    world.time.set(OFFICE.instant(TUESDAY, hhmm))
    forget()


def _board() -> Board:
    return read_board(OFFICE.office_id, TUESDAY, deadline())


def _lane() -> LaneState:
    return _board().lane(REGULAR)


def _statuses() -> list[TicketStatus]:
    return [ticket.status for ticket in day_tickets(OFFICE.office_id, TUESDAY, deadline())]


def _comes(code: str, until: Deadline) -> Present:
    return check_in(OFFICE, Arrival(code), ADMIN, until)


def _press(name: str, until: Deadline) -> CallResult:
    return call_next(OFFICE, CounterPress("1", name), [REGULAR], until)


def _press_again(name: str, until: Deadline) -> CallResult:
    return recall(OFFICE, CounterPress("1", name), until)


def _plays[T](ask: Callable[[Deadline], T], ends: Callable[[T], None]) -> PreparedCall:
    """Play a request whose every answer is the same, however often it is sent."""
    told: list[T] = []

    def asked(until: Deadline) -> None:
        told.append(ask(until))

    def ended() -> None:
        assert all(answer == told[0] for answer in told)
        ends(told[-1])
        told.clear()

    return PreparedCall(asked, ended)


def _a_couple_waits(world: World) -> Booked:
    open_office()
    made = _a_couple()
    _at(world, "0805")
    _comes(made.booking.code, deadline())
    return made


def check_a_couple_in(world: World) -> PreparedCall:
    """Two people are there."""
    open_office()
    made = _a_couple()
    _at(world, "0805")

    def ends(told: Present) -> None:
        assert _statuses() == [TicketStatus.CHECKED_IN] * 2
        assert [ticket.number for ticket in told.tickets] == [1, 2]
        assert (_lane().checked_in, len(_board().waiting)) == (2, 2)

    return _plays(lambda until: _comes(made.booking.code, until), ends)


def let_a_couple_in_late(world: World) -> PreparedCall:
    """Two people come when they are noted as no-shows; it is on the record once."""
    made = _a_couple_waits(world)
    for number in (1, 2):
        note_outcome(OFFICE, TUESDAY, FIRST._replace(number=number), NO_SHOW, deadline())
    arrival = Arrival(made.booking.code, late=True)

    def ends(told: Present) -> None:
        assert _statuses() == [TicketStatus.CHECKED_IN] * 2
        assert (_lane().checked_in, _lane().no_show, len(_board().waiting)) == (2, 0, 2)
        assert len(audit_log()) == 1
        assert _may_book_anew(1, 2) == [False, False]

    return _plays(lambda until: check_in(OFFICE, arrival, ADMIN, until), ends)


def cancel_when_checked_in(world: World) -> PreparedCall:
    """A couple is there before its window begins, and cancels."""
    open_office()
    made = _a_couple()
    _at(world, "0700")
    _comes(made.booking.code, deadline())

    def asked(until: Deadline) -> None:
        cancel_booking(open_booking(made.booking.code, made.token, until), until)

    def ends() -> None:
        (booking,) = bookings(world)
        assert (booking.status, booking.version) == (BookingStatus.CANCELLED, 2)
        assert (_lane().checked_in, _board().waiting) == (0, ())
        assert (slot_now(ref()).remaining, places_waiting(world)) == (PLACES, 0)

    return PreparedCall(asked, ends)


def _waits_as_it_closes(world: World) -> Booked:
    """A couple is checked in, and the window has begun, when the day is closed."""
    open_office()
    made = _a_couple()
    _at(world, "0805")
    _comes(made.booking.code, deadline())
    closing = DayChange(closure=Closure(closed=True, reason="Banjir"))
    change_day(OFFICE, TUESDAY, closing, ADMIN, deadline())
    return made


def cancel_a_closed_day(world: World) -> PreparedCall:
    """Who waits as the day is closed cancels, though the window has begun."""
    made = _waits_as_it_closes(world)

    def asked(until: Deadline) -> None:
        cancel_booking(open_booking(made.booking.code, made.token, until), until)

    def ends() -> None:
        (booking,) = bookings(world)
        assert (booking.status, booking.version) == (BookingStatus.CANCELLED, 2)
        assert (_lane().checked_in, _board().waiting) == (0, ())
        assert (slot_now(ref()).remaining, places_waiting(world)) == (PLACES, 0)

    return PreparedCall(asked, ends)


def leave_a_closed_day(world: World) -> PreparedCall:
    """Who waits as the day is closed moves to the next, though the date is today."""
    made = _waits_as_it_closes(world)

    def asked(until: Deadline) -> None:
        held = open_booking(made.booking.code, made.token, until)
        moved = reschedule_booking(held, WEDNESDAY, "0900", Overflow.NONE, until).booking
        assert moved.ref == ref("0900", WEDNESDAY)

    def ends() -> None:
        (booking,) = bookings(world)
        assert (booking.status, booking.ref) == (BookingStatus.BOOKED, ref("0900", WEDNESDAY))
        assert (booking.version, booking.rescheduled, booking.excused) == (2, 1, 1)
        assert (_lane().checked_in, _board().waiting) == (0, ())
        assert (slot_now(ref()).remaining, slot_now(booking.ref).remaining) == (PLACES, PLACES - 2)
        assert places_waiting(world) == 0

    return PreparedCall(asked, ends)


def call_the_next(world: World) -> PreparedCall:
    """The first of two is called."""
    _a_couple_waits(world)

    def ends(told: CallResult) -> None:
        assert told.ticket
        assert (told.ticket.number, told.calls) == (1, 1)
        assert _statuses() == [TicketStatus.CALLED, TicketStatus.CHECKED_IN]
        assert (_lane().called, len(_lane().recent)) == (1, 1)

    return _plays(lambda until: _press("a", until), ends)


def call_the_next_instead(world: World) -> PreparedCall:
    """The first was called three times in vain: the second is called."""
    _a_couple_waits(world)
    _press("a", deadline())
    for again in "bc":
        _press_again(again, deadline())

    def ends(told: CallResult) -> None:
        assert told.ticket
        assert (told.ticket.number, told.calls) == (2, 1)
        assert _statuses() == [NO_SHOW, TicketStatus.CALLED]
        assert (_lane().called, _lane().no_show) == (2, 1)
        assert _may_book_anew(1, 2) == [True, False]

    return _plays(lambda until: _press("d", until), ends)


def call_again(world: World) -> PreparedCall:
    """The number at the counter is called once more."""
    _a_couple_waits(world)
    _press("a", deadline())

    def ends(told: CallResult) -> None:
        assert told.calls == 2
        assert _board().counter("1").calls == 2

    return _plays(lambda until: _press_again("b", until), ends)


def call_in_vain(world: World) -> PreparedCall:
    """The number at the counter was called three times: a fourth press gives it up."""
    _a_couple_waits(world)
    _press("a", deadline())
    for again in "bc":
        _press_again(again, deadline())

    def ends(told: CallResult) -> None:
        assert told.ticket
        assert told.ticket.status is NO_SHOW
        assert (_board().counter("1").number, _lane().no_show) == (None, 1)
        assert _may_book_anew(1, 2) == [True, False]

    return _plays(lambda until: _press_again("d", until), ends)


def serve(world: World) -> PreparedCall:
    """A called person is served."""
    _a_couple_waits(world)
    _press("a", deadline())

    def ends(_told: Ticket) -> None:
        assert _statuses() == [SERVED, TicketStatus.CHECKED_IN]
        assert (_lane().served, _board().counter("1").number) == (1, None)
        assert _may_book_anew(1, 2) == [True, False]

    return _plays(lambda until: note_outcome(OFFICE, TUESDAY, FIRST, SERVED, until), ends)


def admit_a_walk_in(world: World) -> PreparedCall:
    """A person without a booking is given a place of the reserve."""
    until_hour = int(OFFICE.instant(TUESDAY, "0800").timestamp())
    reserve = KeptBack(until_hour, 6, KeptFor.WALK_IN)
    open_office([slot(ref(), remaining=PLACES - 6, kept_back=(reserve,))])
    _at(world, "0710")
    wanted = WalkIn(key(7), REGULAR, person(7), Contact(PHONE))
    made: list[bool] = []

    def ask(until: Deadline) -> tuple[str, int]:
        admitted: Admitted = admit(OFFICE, wanted, ADMIN, until)
        made.append(admitted.created)
        return admitted.token, admitted.ticket.number

    def ends(told: tuple[str, int]) -> None:
        (booking,) = bookings(world)
        assert booking.numbers == told[1:]
        assert TicketStatus.CHECKED_IN in _statuses()
        assert (slot_now(ref()).taken, places_waiting(world)) == (1, 0)
        assert (_lane().checked_in, _lane().walk_ins, len(_board().waiting)) == (1, 1, 1)
        assert len(audit_log()) == 1
        assert sum(made) <= 1
        made.clear()

    return _plays(ask, ends)


def note_who_did_not_come(world: World) -> PreparedCall:
    """Two came, three did not, and their time is over."""
    open_office()
    made = _a_couple()
    book(a_request(2, *people(2, first=20), start="0800"), deadline())
    book(a_request(3, *people(1, first=30), start="0800"), deadline())
    _at(world, "0805")
    _comes(made.booking.code, deadline())
    _at(world, "1000")

    def asked(until: Deadline) -> None:
        mark_no_shows(OFFICE, until)

    def ends() -> None:
        assert _statuses() == [TicketStatus.CHECKED_IN] * 2 + [NO_SHOW] * 3
        assert (_lane().no_show, _lane().checked_in) == (3, 2)
        assert _may_book_anew(1, 2, 3, 4, 5) == [False, False, True, True, True]

    return PreparedCall(asked, ends)


def _may_book_anew(*numbers: int) -> list[bool]:
    """Whether each of the people of these numbers may book elsewhere."""
    stored = {
        ticket.number: ticket for ticket in day_tickets(OFFICE.office_id, TUESDAY, deadline())
    }
    persons = [stored[number].person for number in numbers]
    held = read_persons(persons, deadline())
    return [held[person].live_until <= clock.epoch() for person in persons]


DAY_USE_CASES = (
    UseCase(check_a_couple_in, (READ_ITEM, READ_SLOTS, READ_ITEM, FILE)),
    UseCase(let_a_couple_in_late, (READ_ITEM, READ_SLOTS, READ_ITEM, LOOK, FILE)),
    UseCase(cancel_when_checked_in, (READ_ITEM, READ_ITEM, READ_ITEM, READ_SLOTS, READ_ITEM, FILE)),
    UseCase(cancel_a_closed_day, (READ_ITEM, READ_ITEM, READ_ITEM, READ_SLOTS, READ_ITEM, FILE)),
    UseCase(
        leave_a_closed_day,
        (READ_ITEM, READ_ITEM, READ_ITEM, READ_SLOTS, READ_ITEM, READ_SLOTS, CLAIM, FILE),
        claims=6,
    ),
    UseCase(call_the_next, (READ_SLOTS, FILE, READ_ITEM)),
    UseCase(call_the_next_instead, (READ_SLOTS, READ_ITEM, LOOK, FILE, READ_ITEM)),
    UseCase(call_again, (READ_SLOTS, FILE, READ_ITEM)),
    UseCase(call_in_vain, (READ_SLOTS, READ_ITEM, LOOK, FILE, READ_ITEM)),
    UseCase(serve, (READ_ITEM, READ_SLOTS, LOOK, FILE)),
    UseCase(admit_a_walk_in, (LOOK, READ_SLOTS, CLAIM, READ_ITEM, FILE), claims=2),
    UseCase(
        note_who_did_not_come,
        (READ_ITEM, READ_SLOTS, READ_SLOTS, READ_SLOTS, READ_ITEM, LOOK, FILE, "PutItem"),
    ),
)
