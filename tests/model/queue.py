"""What the plain queue and the stored one have in common: what can be asked, and what is seen.

The setting: one office, two windows on each of three days from Tuesday, on Monday at 07:00. Of
each slot's four places, Wednesday's last one is released an hour later, Thursday's last two one
hour and one day later; Thursday's second window takes no booking for an hour. A returned place is
offered again after ten minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from antrean.domain.overflow import Overflow
from tests.support.people import TUESDAY

DAYS = (TUESDAY, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2))
STARTS = ("0800", "0900")
PLACES = 4
REOFFER = 600
HOUR, DAY = 3_600, 86_400
STAGED: Mapping[date, tuple[int, ...]] = {DAYS[1]: (HOUR,), DAYS[2]: (HOUR, DAY)}
"""After how many seconds one place more of each of the day's slots is released."""


class At(NamedTuple):
    """A slot."""

    day: date
    start: str


OPENS: Mapping[At, int] = {At(DAYS[2], STARTS[1]): HOUR}
"""After how many seconds a slot takes its first booking, where it is not at once."""
MINUTE = 61
"""Seconds between two visits of the sweeper: a little more than its grace."""
SLOTS = tuple(At(day, start) for day in DAYS for start in STARTS)


class Asked(NamedTuple):
    """What a party asks for; people are numbers. `start` is None when any window will do."""

    people: tuple[int, ...]
    day: date
    start: str | None
    overflow: Overflow


class Has(NamedTuple):
    """What a client is told of a booking; `moved_by` is None where it stands as asked."""

    status: str
    at: At
    numbers: tuple[int, ...]
    moved_by: str | None


class Refusal(NamedTuple):
    """The kind of a refusal: the name of the error."""

    kind: str


type Told = Has | Refusal


class Moved(NamedTuple):
    """What moving a day came to: bookings moved in all, and those that found no place."""

    moved: int
    without_place: int


@dataclass(frozen=True, slots=True)
class Counter:
    """A slot as it is: `holders` says which key holds which number."""

    quota: int
    remaining: int
    next_number: int
    closed: bool
    held: int
    waiting: int
    unfiled: int
    holders: Mapping[int, int]


class Queue(Protocol):
    """What can be asked of a queue. Keys are numbers; each stands for one client's UUID."""

    def book(self, key: int, asked: Asked) -> Told:
        """Book, or repeat the request."""

    def crash(self, asked: Asked) -> Refusal | None:
        """A request that claims its numbers and dies before it files them."""

    def cancel(self, key: int) -> Told:
        """Cancel the booking of a key."""

    def reschedule(self, key: int, day: date, start: str | None, overflow: Overflow) -> Told:
        """Move the booking of a key."""

    def set_quota(self, at: At, quota: int, *, force: bool) -> Refusal | None:
        """Change a slot's quota."""

    def reserve(self, at: At, places: int) -> Refusal | None:
        """Keep places of a slot for walk-ins, until its window begins, in place of those kept."""

    def close(self, day: date, *, closed: bool) -> None:
        """Close a day, or open it again."""

    def move_day(self, day: date) -> Moved:
        """Close a day and put its people on the next ones."""

    def sweep(self) -> None:
        """Two minutes pass, and the sweeper comes by after each."""

    def wait(self, seconds: int) -> None:
        """Time passes, and no sweeper comes."""

    def seen(self) -> Mapping[At, Counter]:
        """Every slot as it is now; places that are due for release count as remaining."""
