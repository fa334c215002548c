"""Every use case that writes a place: what was there before, what is asked, how it has to end.

`asked` is the client's request, and the client repeats it until it is answered. `ends` insists on
what stands in the table when all is swept: the state asked for, reached exactly once.
"""

from typing import Any

from antrean.booking.book import Booked, BookingRequest, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day, day_slots
from antrean.days.move_day import begin_move, run_move
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.moves import DONE, RUNNING, WAITING, Staying, Why
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.slots import KeptBack, KeptFor, Lane, SlotRef, SlotState
from antrean.domain.tickets import Booking, BookingStatus
from antrean.handlers.sweep import sweep
from antrean.offices.holidays import set_holiday
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.move import get_move
from antrean.store.items.staying import who_stays
from antrean.store.writes.claim import claim
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.sweep import GRACE
from tests.faults.small_office import (
    ADMIN,
    OFFICE,
    PLACES,
    REOFFER,
    STARTS,
    WEDNESDAY,
    audit_log,
    bookings,
    open_office,
    places_waiting,
    ref,
    slot,
    swept,
)
from tests.faults.use_case import CLAIM, FILE, LOOK, READ_ITEM, READ_SLOTS, PreparedCall, UseCase
from tests.support.people import TUESDAY, a_request, people
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

SOON = 1_800
"""Seconds until held places come free."""


def family(number: int, count: int, **changes: Any) -> BookingRequest:
    """The request of the key `number` for a family of its own."""
    return a_request(number, *people(count, first=10 * number), **changes)


def one_booking(world: World) -> Booking:
    """The only booking there is."""
    (only,) = bookings(world)
    return only


def book_single(world: World) -> PreparedCall:
    """A person books a window."""
    return _books(world, family(1, 1, start="0800"), ref())


def book_family(world: World) -> PreparedCall:
    """Three people book together, any window."""
    return _books(world, family(1, 3), ref())


def book_with_overflow(world: World) -> PreparedCall:
    """The day asked for is full: the next date is what there is."""
    open_office([slot(ref(start), 0) for start in STARTS])
    return _books(world, family(1, 2, start="0900"), ref("0900", WEDNESDAY), opened=True)


def book_what_is_due(world: World) -> PreparedCall:
    """All places wait for an instant that has come: the claim puts them on offer."""
    due = KeptBack(clock.epoch() + SOON, PLACES, KeptFor.RELEASE)
    open_office([slot(ref(), remaining=0, kept_back=(due,))])
    world.time.forward(seconds=SOON)
    return _books(world, family(1, 2, overflow=Overflow.NONE, start="0800"), ref(), opened=True)


def _books(
    world: World, request: BookingRequest, at: SlotRef, *, opened: bool = False
) -> PreparedCall:
    if not opened:
        open_office()
    told: list[Booked] = []

    def asked(until: Deadline) -> None:
        told.append(book(request, until))

    def ends() -> None:
        booking = one_booking(world)
        assert told[-1].booking == booking
        assert (booking.status, booking.ref, booking.version) == (BookingStatus.BOOKED, at, 1)
        assert len(booking.numbers) == len(request.party)
        assert booking.names == tuple(person.name for person in request.party)
        assert sum(made.created for made in told) <= 1
        assert slot_now(at).kept_back == ()
        assert slot_now(at).remaining == PLACES - len(request.party)
        told.clear()

    return PreparedCall(asked, ends)


def _a_couple() -> Booked:
    return book(family(1, 2, start="0800"), deadline())


def cancel_family(world: World) -> PreparedCall:
    """A couple cancels."""
    open_office()
    made = _a_couple()

    def asked(until: Deadline) -> None:
        held = cancel_booking(open_booking(made.booking.code, made.token, until), until)
        assert held.booking.status is BookingStatus.CANCELLED

    def ends() -> None:
        booking = one_booking(world)
        assert (booking.status, booking.version) == (BookingStatus.CANCELLED, 2)
        assert (slot_now(ref()).remaining, places_waiting(world)) == (PLACES, 0)
        again = book(a_request(2, *people(2, first=10)), deadline())
        assert again.created, "its people are free"

    return PreparedCall(asked, ends)


def reschedule_family(world: World) -> PreparedCall:
    """A couple moves to the next day."""
    open_office()
    made = _a_couple()

    def asked(until: Deadline) -> None:
        held = open_booking(made.booking.code, made.token, until)
        moved = reschedule_booking(held, WEDNESDAY, "0900", Overflow.NONE, until).booking
        assert moved.ref == ref("0900", WEDNESDAY)

    def ends() -> None:
        booking = one_booking(world)
        assert (booking.status, booking.ref) == (BookingStatus.BOOKED, ref("0900", WEDNESDAY))
        assert (booking.version, booking.rescheduled) == (2, 1)
        assert (slot_now(ref()).remaining, slot_now(booking.ref).remaining) == (PLACES, PLACES - 2)
        assert places_waiting(world) == 0

    return PreparedCall(asked, ends)


def office_moves_a_booking(world: World) -> PreparedCall:
    """The office's day is closed; the job moves who is on it."""
    open_office()
    made = _a_couple()
    begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    scope = f"{TUESDAY.isoformat()}#all#all"

    def asked(until: Deadline) -> None:
        while run_move(OFFICE, scope, until).state == RUNNING:
            until = deadline()  # the job asks for another run

    def ends() -> None:
        booking = one_booking(world)
        assert (booking.code, booking.status) == (made.booking.code, BookingStatus.BOOKED)
        assert (booking.ref, booking.version) == (ref("0800", WEDNESDAY), 2)
        assert booking.rescheduled == 0, "the applicant's one move is left"
        progress = get_move(OFFICE.office_id, scope, deadline())
        assert (progress.moved, progress.without_place, progress.state) == (1, 0, DONE)
        assert (slot_now(ref()).remaining, places_waiting(world)) == (PLACES, 0)

    return PreparedCall(asked, ends)


def office_moves_to_what_is_not_released(world: World) -> PreparedCall:
    """One place of the next day remains and the others wait for their release: the office's act."""
    later = KeptBack(clock.epoch() + 9_999_999, PLACES - 1, KeptFor.RELEASE)
    at = ref("0800", WEDNESDAY)
    open_office([slot(at, remaining=1, release_at=later.at, kept_back=(later,))])
    _a_couple()
    begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    scope = f"{TUESDAY.isoformat()}#all#all"

    def asked(until: Deadline) -> None:
        while run_move(OFFICE, scope, until).state == RUNNING:
            until = deadline()

    def ends() -> None:
        booking = one_booking(world)
        assert (booking.ref, booking.version) == (ref("0800", WEDNESDAY), 2)
        now = slot_now(booking.ref)
        assert now.taken == len(booking.numbers), "what was claimed in vain came back"
        assert now.release_at == later.at

    return PreparedCall(asked, ends)


def _waiting_move(world: World) -> str:
    """A couple waits for a place on any other day: there is none."""
    open_office([slot(ref(start, WEDNESDAY), 0) for start in STARTS])
    _a_couple()
    begun = begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, deadline())
    return begun.scope


def office_notes_who_waits(world: World) -> PreparedCall:
    """No other day has room: the couple stays, and is listed."""
    scope = _waiting_move(world)

    def asked(until: Deadline) -> None:
        while run_move(OFFICE, scope, until).state == RUNNING:
            until = deadline()

    def ends() -> None:
        booking = one_booking(world)
        progress = get_move(OFFICE.office_id, scope, deadline())
        assert (booking.ref, booking.version, progress.state) == (ref(), 1, WAITING)
        assert (progress.moved, progress.left, progress.without_place) == (0, 0, 1)
        assert who_stays(progress, deadline()) == [Staying(booking.code, Why.NO_PLACE)]
        told = [one for one in audit_log() if one.entry.what.startswith("moved")]
        assert len(told) == 1, "on the record, once"

    return PreparedCall(asked, ends)


def office_moves_who_waited(world: World) -> PreparedCall:
    """Places came for the couple that waited."""
    scope = _waiting_move(world)
    run_move(OFFICE, scope, deadline())
    more = DayChange([WindowChange(Lane.REGULAR, "0900", quota=PLACES)])
    change_day(OFFICE, WEDNESDAY, more, ADMIN, deadline())

    def asked(until: Deadline) -> None:
        run_move(OFFICE, scope, until)

    def ends() -> None:
        booking = one_booking(world)
        progress = get_move(OFFICE.office_id, scope, deadline())
        assert (booking.ref, booking.version) == (ref("0900", WEDNESDAY), 2)
        assert (progress.moved, progress.without_place, progress.state) == (1, 0, DONE)
        assert who_stays(progress, deadline()) == []

    return PreparedCall(asked, ends)


def office_begins_a_move(world: World) -> PreparedCall:
    """An admin has a day moved: it is closed, and the move stands there to be run."""
    open_office()
    _a_couple()

    def asked(until: Deadline) -> None:
        begin_move(OFFICE, TUESDAY, None, None, "Banjir", ADMIN, until)

    def ends() -> None:
        scope = f"{TUESDAY.isoformat()}#all#all"
        assert get_move(OFFICE.office_id, scope, deadline()).state == RUNNING
        assert {slot_now(ref(start)).state for start in STARTS} == {SlotState.CLOSED}
        closed = [one for one in audit_log() if one.entry.what.startswith("change")]
        assert len(closed) == 1

    return PreparedCall(asked, ends)


def _changes(wanted: DayChange, **becomes: Any) -> PreparedCall:
    """An admin changes Tuesday, on which a couple stands."""
    _a_couple()

    def asked(until: Deadline) -> None:
        change_day(OFFICE, TUESDAY, wanted, ADMIN, until)

    def ends() -> None:
        now = slot_now(ref())
        assert {name: getattr(now, name) for name in becomes} == becomes
        assert len(audit_log()) == 1, "the change is on the record, once"

    return PreparedCall(asked, ends)


def raise_quota(world: World) -> PreparedCall:
    """Twice as many places."""
    open_office()
    wanted = DayChange([WindowChange(Lane.REGULAR, "0800", quota=24)])
    return _changes(wanted, quota=24, remaining=22)


def lower_quota(world: World) -> PreparedCall:
    """Three places, where two are taken."""
    open_office()
    wanted = DayChange([WindowChange(Lane.REGULAR, "0800", quota=3)])
    return _changes(wanted, quota=3, remaining=1)


def lower_quota_by_force(world: World) -> PreparedCall:
    """One place where two are taken."""
    open_office()
    wanted = DayChange([WindowChange(Lane.REGULAR, "0800", quota=1)], force=True)
    return _changes(wanted, quota=1, remaining=-1)


def reserve_places(world: World) -> PreparedCall:
    """One place is kept for walk-ins until the window begins."""
    open_office()
    reserve = Reserve(1, "0800")
    wanted = DayChange([WindowChange(Lane.REGULAR, "0800", reserve=reserve)])
    until = int(OFFICE.instant(TUESDAY, "0800").timestamp())
    return _changes(
        wanted, quota=PLACES, remaining=PLACES - 3, kept_back=(KeptBack(until, 1, KeptFor.WALK_IN),)
    )


def close_day(world: World) -> PreparedCall:
    """The day is closed; who stands on it stays."""
    open_office()
    wanted = DayChange(closure=Closure(closed=True, reason="Banjir"))
    return _changes(wanted, state=SlotState.CLOSED, reason="Banjir", remaining=PLACES - 2)


def close_a_day_of_many_slots(world: World) -> PreparedCall:
    """The day has more slots than one transaction can change; each is on the record once."""
    hours = [f"{hour:02}{minute:02}" for hour in range(4, 24) for minute in (0, 20, 40)]
    many = [
        slot(ref(start)._replace(lane=lane))
        for lane in (Lane.PRIORITY, Lane.EXPRESS)
        for start in hours
    ]
    open_office()
    open_slots(many, deadline())
    wanted = DayChange(closure=Closure(closed=True, reason="Banjir"))

    def asked(until: Deadline) -> None:
        change_day(OFFICE, TUESDAY, wanted, ADMIN, until)

    def ends() -> None:
        slots = day_slots(OFFICE.office_id, TUESDAY, deadline())
        assert {one.state for one in slots} == {SlotState.CLOSED}
        entries = [one.entry.after for one in audit_log()]
        named = [(facts["lane"], facts["window"]) for after in entries for facts in after]
        assert len(named) == len(set(named)) == len(slots)
        assert len(entries) == 2

    return PreparedCall(asked, ends)


def a_holiday_closes_the_day(world: World) -> PreparedCall:
    """The calendar closes a day on which a couple stands; an admin has resized its first window."""
    open_office([slot(ref(), fixed=True)])
    _a_couple()
    holiday = Holiday(TUESDAY, "Pemilu", HolidayKind.NATIONAL, "Keppres 1/2026")

    def asked(until: Deadline) -> None:
        set_holiday(holiday, ADMIN, until)

    def ends() -> None:
        now = [slot_now(ref(start)) for start in STARTS]
        assert {(one.state, one.reason) for one in now} == {(SlotState.CLOSED, "Pemilu")}
        assert (now[0].remaining, now[0].opening_fixed) == (PLACES - 2, False)
        assert len(audit_log()) == 1

    return PreparedCall(asked, ends)


def _sweeps(world: World, places: int) -> PreparedCall:
    def asked(until: Deadline) -> None:
        swept(sweep(until))

    def ends() -> None:
        now = slot_now(ref())
        assert (now.remaining, now.kept_back, places_waiting(world)) == (places, (), 0)

    return PreparedCall(asked, ends)


def sweep_an_unfiled_claim(world: World) -> PreparedCall:
    """Numbers were claimed and marked, and the grace is over."""
    open_office()
    claim(ref(), 3, clock.epoch(), deadline())
    swept(sweep(deadline()))
    world.time.forward(seconds=GRACE)
    return _sweeps(world, PLACES)


def sweep_a_due_return(world: World) -> PreparedCall:
    """Two places wait for their re-offer, and its time has come."""
    open_office()
    made = _a_couple()
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    world.time.forward(seconds=REOFFER)
    return _sweeps(world, PLACES)


def sweep_a_due_release(world: World) -> PreparedCall:
    """Three places wait for an instant that has come."""
    due = KeptBack(clock.epoch() + SOON, 3, KeptFor.RELEASE)
    open_office([slot(ref(), 4, remaining=1, kept_back=(due,))])
    world.time.forward(seconds=SOON)
    return _sweeps(world, 4)


_SWEEP = (READ_SLOTS, READ_SLOTS, READ_ITEM, READ_SLOTS, "PutItem", READ_ITEM, "PutItem")
_CHANGE_DAY = (READ_SLOTS, READ_ITEM, FILE, READ_SLOTS)
_MOVE = (READ_ITEM, READ_SLOTS, READ_SLOTS, READ_SLOTS, READ_ITEM, READ_SLOTS, READ_SLOTS)

USE_CASES = (
    UseCase(book_single, (LOOK, CLAIM, FILE), claims=1),
    UseCase(book_family, (LOOK, CLAIM, FILE), claims=1),
    UseCase(book_with_overflow, (LOOK, CLAIM, READ_SLOTS, CLAIM, FILE), claims=3),
    UseCase(book_what_is_due, (LOOK, CLAIM, READ_SLOTS, CLAIM, CLAIM, FILE), claims=4),
    UseCase(cancel_family, (READ_ITEM, READ_ITEM, READ_ITEM, FILE, READ_ITEM)),
    UseCase(
        reschedule_family,
        (READ_ITEM, READ_ITEM, READ_ITEM, READ_SLOTS, CLAIM, FILE),
        claims=4,
    ),
    UseCase(
        office_moves_a_booking,
        (*_MOVE, CLAIM, FILE, READ_ITEM, FILE, READ_ITEM),
        claims=7,
    ),
    UseCase(
        office_moves_to_what_is_not_released,
        (*_MOVE, CLAIM, FILE, READ_ITEM, FILE, READ_ITEM),
        claims=7,
    ),
    UseCase(
        office_notes_who_waits,
        (
            *(*_MOVE, READ_SLOTS, READ_SLOTS, READ_SLOTS, READ_SLOTS),
            *("PutItem", READ_ITEM, FILE, READ_ITEM),
        ),
    ),
    UseCase(
        office_moves_who_waited,
        (*_MOVE, CLAIM, FILE, READ_ITEM, FILE, READ_ITEM),
        claims=7,
    ),
    UseCase(office_begins_a_move, (*_CHANGE_DAY, FILE, READ_ITEM)),
    UseCase(raise_quota, _CHANGE_DAY),
    UseCase(lower_quota, _CHANGE_DAY),
    UseCase(lower_quota_by_force, _CHANGE_DAY),
    UseCase(reserve_places, _CHANGE_DAY),
    UseCase(close_day, _CHANGE_DAY),
    UseCase(a_holiday_closes_the_day, (READ_ITEM, FILE, READ_SLOTS, READ_SLOTS, READ_SLOTS, FILE)),
    UseCase(close_a_day_of_many_slots, (READ_SLOTS, READ_ITEM, FILE, FILE, READ_SLOTS)),
    UseCase(sweep_an_unfiled_claim, (*_SWEEP, READ_SLOTS, FILE, CLAIM)),
    UseCase(sweep_a_due_return, (*_SWEEP, FILE, FILE)),
    UseCase(sweep_a_due_release, (*_SWEEP, CLAIM)),
)
BY_NAME = {str(case): case for case in USE_CASES}
