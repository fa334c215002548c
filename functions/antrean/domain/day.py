"""The day at an office: who waits in which order, who is called where, and the figures of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from antrean.domain.labels import label
from antrean.domain.slots import Lane, SlotRef

RECENT = 20
"""First calls of a lane that are remembered, to tell its pace."""


class DayRules(NamedTuple):
    """An office's rules of the day; the first two in seconds.

    Check-in opens `opens_before` before a window begins. Who did not come is a no-show
    `no_show_after` after its end, and who was called `calls` times in vain at the next press.
    """

    opens_before: int = 3600
    no_show_after: int = 3600
    calls: int = 3


ORDINARY_DAY = DayRules()


class Number(NamedTuple):
    """A queue number of a day: lane, window start (HHMM), and the number within the slot."""

    lane: Lane
    start: str
    number: int

    @property
    def label(self) -> str:
        """The number as it is called and printed, such as R0800-012."""
        return label(self.lane, self.start, self.number)

    def ref(self, office_id: str, day: date) -> SlotRef:
        """Return the slot that the number is of."""
        return SlotRef(office_id, day, self.lane, self.start)


def turn_of(number: Number, window_end: str, came_at: str) -> str:
    """Return where a person stands in the order of calls: a text that sorts.

    Who comes before the window's end stands at the window's start, by number; who comes later
    stands at the minute of coming, behind those whose window begins at that minute. Hours are
    HHMM, local.
    """
    at = f"{number.start}0" if came_at < window_end else f"{came_at}1"
    return f"{at}#{number.start}#{number.number:04d}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person who is checked in and not called yet; the instant in seconds (UTC)."""

    number: Number
    turn: str
    checked_in_at: int


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter (a desk): the number that was called to it, when last, and how often.

    `key` is that of the press that changed it last, `answered` the number that this press was
    answered with: a repeat of the press is answered so again. `version` is 0 before the first.
    """

    name: str
    number: Number | None = None
    called_at: int = 0
    calls: int = 0
    key: str = ""
    answered: Number | None = None
    version: int = 0

    def calling(self, number: Number, now: int, key: str) -> "Counter":
        """Return the counter with a number called to it for the first time."""
        return replace(self, number=number, called_at=now, calls=1, key=key, answered=number)

    def recalling(self, now: int, key: str) -> "Counter":
        """Return the counter with its number called once more."""
        again = self.calls + 1
        return replace(self, called_at=now, calls=again, key=key, answered=self.number)

    def giving_up(self, key: str, answered: Number | None) -> "Counter":
        """Return the counter free by a press: its number was called often enough."""
        return replace(self, number=None, key=key, answered=answered)

    def freed(self) -> "Counter":
        """Return the counter free: its number is served, or noted as a no-show."""
        return replace(self, number=None)


@dataclass(frozen=True, slots=True)
class LaneState:
    """The exact figures of a lane's day: sums over its tickets as they stand.

    `checked_in` counts who came, `called` who was called at least once, and so on: a person who
    is served counts in all three. `wait_seconds` sums from check-in to first call,
    `service_seconds` from first call to served. `recent` are the last first calls (seconds, UTC).
    `version` is 0 before the first event.
    """

    lane: Lane
    checked_in: int = 0
    called: int = 0
    served: int = 0
    no_show: int = 0
    walk_ins: int = 0
    wait_seconds: int = 0
    service_seconds: int = 0
    recent: tuple[int, ...] = ()
    version: int = 0

    def with_arrivals(self, people: int, *, walk_ins: int = 0) -> "LaneState":
        """Return the figures when people have checked in."""
        return replace(self, checked_in=self.checked_in + people, walk_ins=self.walk_ins + walk_ins)

    def with_call(self, checked_in_at: int, now: int) -> "LaneState":
        """Return the figures when a person is called for the first time."""
        return replace(
            self,
            called=self.called + 1,
            wait_seconds=self.wait_seconds + now - checked_in_at,
            recent=(*self.recent, now)[-RECENT:],
        )

    def with_served(self, called_at: int, now: int) -> "LaneState":
        """Return the figures when a called person has been served."""
        seconds = self.service_seconds + now - called_at
        return replace(self, served=self.served + 1, service_seconds=seconds)

    def with_no_shows(self, people: int = 1) -> "LaneState":
        """Return the figures when people are noted as no-shows."""
        return replace(self, no_show=self.no_show + people)

    def without_departed(self, people: int, *, walk_ins: int = 0) -> "LaneState":
        """Return the figures when people who were checked in give their numbers back."""
        return self.with_arrivals(-people, walk_ins=-walk_ins)

    def without_no_show(self, checked_in_at: int | None, called_at: int | None) -> "LaneState":
        """Return the figures as if a no-show had never come: the person begins again."""
        state = replace(self, no_show=self.no_show - 1)
        if checked_in_at is not None:
            state = replace(state, checked_in=state.checked_in - 1)
            if called_at is not None:
                waited = state.wait_seconds - (called_at - checked_in_at)
                state = replace(state, called=state.called - 1, wait_seconds=waited)
        return state


@dataclass(frozen=True, slots=True)
class Board:
    """An office day as it stands: its counters, its lanes' figures, and who waits, in order."""

    counters: tuple[Counter, ...] = ()
    lanes: Mapping[Lane, LaneState] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()

    def counter(self, name: str) -> Counter:
        """Return a counter; one that has never called yet is free."""
        return next((desk for desk in self.counters if desk.name == name), Counter(name))

    def lane(self, lane: Lane) -> LaneState:
        """Return a lane's figures; all are 0 before its first event."""
        return self.lanes.get(lane) or LaneState(lane)

    def waiting_in(self, lane: Lane) -> tuple[Waiting, ...]:
        """Return who waits in a lane, the next to be called first."""
        return tuple(person for person in self.waiting if person.number.lane is lane)

    def next_of(self, lanes: Sequence[Lane]) -> Waiting | None:
        """Return who is to be called next: of the first of the lanes in which anybody waits."""
        for lane in lanes:
            if in_line := self.waiting_in(lane):
                return in_line[0]
        return None
