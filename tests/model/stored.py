"""The real queue: the use cases and the store, over the in-memory DynamoDB."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.find_place import PlaceSearch, claim_place
from antrean.booking.open_booking import open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day
from antrean.days.move_day import begin_move, run_move
from antrean.domain.errors import AntreanError
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange, Reserve, WindowChange
from antrean.domain.schedule import Schedule
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef, SlotState
from antrean.domain.tickets import Booking
from antrean.handlers.sweep import sweep
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.office import put_office
from antrean.store.items.returned_place import RETURNS, Return
from antrean.store.items.staying import who_stays
from antrean.store.items.ticket import day_tickets, live
from antrean.store.writes.open_slots import open_slots
from tests.faults import small_office
from tests.model.queue import (
    DAYS,
    MINUTE,
    OPENS,
    PLACES,
    REOFFER,
    SLOTS,
    STAGED,
    Asked,
    At,
    Counter,
    Has,
    Moved,
    Refusal,
    Told,
)
from tests.support.people import a_request, person
from tests.support.stored import slot_now
from tests.support.worlds import TABLE, World, deadline

assert small_office.OFFICE.schedule is not None
(_EVERY_DAY,) = small_office.OFFICE.schedule.timetables
OFFICE = replace(
    small_office.OFFICE,
    # No service beyond the model's days: whatever the time, a move opens no more of them.
    schedule=Schedule((replace(_EVERY_DAY, valid_from=DAYS[0], valid_to=DAYS[-1]),)),
    reoffer_after=(REOFFER, REOFFER),
    horizon_days=3,
)


def ref(at: At) -> SlotRef:
    """Names a slot of the office."""
    return SlotRef(OFFICE.office_id, at.day, Lane.REGULAR, at.start)


@dataclass(slots=True)
class StoredQueue:
    """What the office's table says."""

    world: World
    booked: dict[int, Booked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        put_office(OFFICE, deadline())
        open_slots([self._as_opened(at) for at in SLOTS], deadline())

    def _as_opened(self, at: At) -> Slot:
        now = clock.epoch()
        held = tuple(KeptBack(now + after, 1, KeptFor.RELEASE) for after in STAGED.get(at.day, ()))
        return small_office.slot(
            ref(at),
            PLACES,
            remaining=PLACES - len(held),
            kept_back=held,
            release_at=now + OPENS.get(at, 0),
        )

    def book(self, key: int, asked: Asked) -> Told:
        def ask() -> Booking:
            made = book(
                a_request(
                    key,
                    *map(person, asked.people),
                    office_id=OFFICE.office_id,
                    day=asked.day,
                    start=asked.start,
                    overflow=asked.overflow,
                ),
                deadline(),
            )
            self.booked[key] = made
            return made.booking

        return _told(ask)

    def crash(self, asked: Asked) -> Refusal | None:
        wanted = PlaceSearch(
            OFFICE, ref(At(asked.day, asked.start or "")), len(asked.people), asked.overflow
        )
        return _refused(lambda: claim_place(wanted, deadline()))

    def cancel(self, key: int) -> Told:
        made = self.booked[key]
        return _told(
            lambda: (
                cancel_booking(
                    open_booking(made.booking.code, made.token, deadline()), deadline()
                ).booking
            )
        )

    def reschedule(self, key: int, day: date, start: str | None, overflow: Overflow) -> Told:
        made = self.booked[key]
        return _told(
            lambda: (
                reschedule_booking(
                    open_booking(made.booking.code, made.token, deadline()),
                    day,
                    start,
                    overflow,
                    deadline(),
                ).booking
            )
        )

    def set_quota(self, at: At, quota: int, *, force: bool) -> Refusal | None:
        window = WindowChange(Lane.REGULAR, at.start, quota=quota)
        return self._change(at.day, DayChange([window], force=force))

    def reserve(self, at: At, places: int) -> Refusal | None:
        window = WindowChange(Lane.REGULAR, at.start, reserve=Reserve(places, at.start))
        return self._change(at.day, DayChange([window]))

    def close(self, day: date, *, closed: bool) -> None:
        refused = self._change(day, DayChange(closure=Closure(closed, "Banjir")))
        assert refused is None

    def _change(self, day: date, wanted: DayChange) -> Refusal | None:
        return _refused(lambda: change_day(OFFICE, day, wanted, small_office.ADMIN, deadline()))

    def move_day(self, day: date) -> Moved:
        forget()
        begin_move(OFFICE, day, None, None, "Banjir", small_office.ADMIN, deadline())
        done = run_move(OFFICE, f"{day.isoformat()}#all#all", deadline())
        return Moved(done.moved, sum(each.waits for each in who_stays(done, deadline())))

    def sweep(self) -> None:
        for _ in range(2):
            self.world.time.forward(seconds=MINUTE)
            small_office.swept(sweep(deadline()))

    def wait(self, seconds: int) -> None:
        self.world.time.forward(seconds=seconds)

    def seen(self) -> Mapping[At, Counter]:
        keys = {made.booking.code: key for key, made in self.booked.items()}
        return {at: self._counter(at, keys) for at in SLOTS}

    def _counter(self, at: At, keys: Mapping[str, int]) -> Counter:
        slot = slot_now(ref(at))
        tickets = [one for one in day_tickets(*ref(at)[:2], deadline()) if one.ref == ref(at)]
        due = sum(held.places for held in slot.due(clock.epoch()))
        return Counter(
            quota=slot.quota,
            remaining=slot.remaining + due,
            next_number=slot.next_number,
            closed=slot.state is SlotState.CLOSED,
            held=slot.kept_back_places - due,
            waiting=sum(one.ref == ref(at) for one in self._returns()),
            unfiled=slot.next_number - 1 - len(tickets),
            holders={one.number: keys[one.code] for one in live(tickets)},
        )

    def _returns(self) -> list[Return]:
        items = self.world.client.items(TABLE)
        return [
            Return.from_sort_key(item["sk"]["S"]) for item in items if item["pk"]["S"] == RETURNS
        ]


def _told(ask: Callable[[], Booking]) -> Told:
    forget()
    try:
        booking = ask()
    except AntreanError as refused:
        return Refusal(type(refused).__name__)
    at = At(booking.ref.day, booking.ref.start)
    by = booking.move.by if booking.move else None
    return Has(booking.status, at, booking.numbers, by)


def _refused(ask: Callable[[], object]) -> Refusal | None:
    forget()
    try:
        ask()
    except AntreanError as refused:
        return Refusal(type(refused).__name__)
    return None
