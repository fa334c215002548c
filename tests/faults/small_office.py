"""Where faults are injected: one small office, and a world that can be set back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from botocore.exceptions import ReadTimeoutError

from antrean.domain.audit import Author, Record
from antrean.domain.errors import Unavailable
from antrean.domain.schedule import Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.domain.tickets import Booking
from antrean.handlers.sweep import Done, sweep
from antrean.runtime.registry import forget
from antrean.store.dynamodb import READ_TIMEOUT, connect
from antrean.store.items.booking import BookingItem
from antrean.store.items.office import put_office
from antrean.store.items.returned_place import RETURNS
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.sweep import GRACE
from operations.invariants import check_invariants
from tests.engines.memory.storage import Image
from tests.support.clocks import StandingClock
from tests.support.people import TUESDAY, an_office
from tests.support.stored import records_of
from tests.support.worlds import TABLE, World, deadline

WEDNESDAY = TUESDAY + timedelta(days=1)
DAYS = (TUESDAY, WEDNESDAY)
STARTS = ("0800", "0900")
PLACES = 12
"""Of each slot: enough for what lost answers claim in vain."""
REOFFER = 300
"""Seconds after which a returned place is offered again: no chance here, so that runs repeat."""
ADMIN = Author("admin", "faults")

_WINDOWS = tuple(Window(start, f"{int(start[:2]) + 1:02}00", PLACES) for start in STARTS)
_HOURS = (Hours(Lane.REGULAR, frozenset(range(7)), _WINDOWS),)
OFFICE = an_office(
    schedule=Schedule((Timetable("every day", date.min, None, _HOURS),)),
    reoffer_after=(REOFFER, REOFFER),
    horizon_days=2,  # to Wednesday: a move opens no more days
)


def ref(start: str = "0800", day: date = TUESDAY) -> SlotRef:
    """Names a slot of the office."""
    return SlotRef(OFFICE.office_id, day, Lane.REGULAR, start)


ALL = tuple(ref(start, day) for day in DAYS for start in STARTS)


def slot(at: SlotRef, quota: int = PLACES, **facts: Any) -> Slot:
    """A slot with all its places, except as `facts` say."""
    return Slot(
        **{
            "ref": at,
            "end": f"{int(at.start[:2]) + 1:02}00",
            "quota": quota,
            "remaining": quota,
            **facts,
        }
    )


def open_office(slots: Iterable[Slot] = ()) -> None:
    """Write the office and its four slots; those given stand in the place of the ordinary ones."""
    given = {one.ref: one for one in slots}
    put_office(OFFICE, deadline())
    open_slots([given.get(at) or slot(at) for at in ALL], deadline())
    forget()


@dataclass(frozen=True, slots=True)
class PatientClient:
    """A client whose lost answers take the time that is waited for them."""

    client: Any
    time: StandingClock

    @property
    def meta(self) -> Any:
        """The client's own."""
        return self.client.meta

    @property
    def _request_signer(self) -> Any:
        return self.client._request_signer

    def _make_api_call(self, operation_name: str, api_params: Any) -> Any:
        try:
            return self.client._make_api_call(operation_name, api_params)
        except ReadTimeoutError:
            self.time.forward(seconds=READ_TIMEOUT)
            raise


@dataclass(slots=True)
class ResettableWorld:
    """A world that can be set back to how it was when this was made."""

    world: World
    image: Image
    since: datetime

    @classmethod
    def of(cls, world: World) -> "ResettableWorld":
        """A world that begins with the world as it is."""
        return cls(world, world.client.snapshot(), world.time.instant)

    def set_back(self) -> None:
        """Be as at first: the table, the time, the functions' memory."""
        connect(self.world.client)
        self.world.client.restore(self.image)
        self.world.time.instant = self.since
        forget()

    def settle(self) -> None:
        """Let the re-offer time and the grace pass, with the sweeper coming by as it does."""
        self.world.time.forward(seconds=REOFFER)
        for _ in range(2):
            self.world.time.forward(seconds=GRACE + 1)
            swept(sweep(deadline()))
        forget()

    def settle_again(self) -> None:
        """The same, unless nothing is left to settle."""
        if places_waiting(self.world) or check_invariants(deadline(), quiet=True):
            self.settle()


def swept(done: Done) -> Done:
    """What a sweep did; raises `Unavailable` if the store did not answer for some of it."""
    others = [error for error in done.failures if not isinstance(error, Unavailable)]
    assert others == []
    if done.failures:
        raise done.failures[0]
    return done


def in_order(*, quiet: bool) -> None:
    """Insist on the invariants; `quiet` when everything was swept."""
    found = check_invariants(deadline(), quiet=quiet)
    assert found == [], found


def bookings(world: World) -> list[Booking]:
    """Every booking of the table."""
    return [
        BookingItem.from_raw_data(item).booking()
        for item in world.client.items(TABLE)
        if item["sk"]["S"] == "BOOKING"
    ]


def places_waiting(world: World) -> int:
    """Places that wait for their re-offer."""
    return sum(item["pk"]["S"] == RETURNS for item in world.client.items(TABLE))


def audit_log() -> list[Record]:
    """What is on the office's record."""
    return records_of(OFFICE.office_id)
