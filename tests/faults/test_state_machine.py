"""Whatever is asked in whatever order, the real queue is indistinguishable from plain counts."""

from contextlib import ExitStack
from datetime import date

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from antrean.domain.overflow import Overflow
from operations.invariants import check_invariants
from tests.model.plain import PlainQueue
from tests.model.queue import DAYS, HOUR, REOFFER, SLOTS, STARTS, Asked, At, Told
from tests.model.stored import StoredQueue
from tests.support.worlds import deadline, in_memory

PEOPLE = 12
some_day = some.sampled_from(DAYS)
some_start = some.sampled_from((None, *STARTS))
some_slot = some.sampled_from(SLOTS)
some_overflow = some.sampled_from(Overflow)
some_request = some.builds(
    Asked,
    people=some.lists(some.integers(1, PEOPLE), min_size=1, max_size=4, unique=True).map(tuple),
    day=some_day,
    start=some_start,
    overflow=some_overflow,
)


class TheQueue(RuleBasedStateMachine):
    """Asks both the same, and compares what they say and how they stand."""

    keys = Bundle("keys")

    @initialize()
    def opens(self) -> None:
        self.stack = ExitStack()
        world = self.stack.enter_context(in_memory())
        self.real, self.plain = StoredQueue(world), PlainQueue()
        self.asked: dict[int, Asked] = {}

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def _same(self, real: object, plain: object) -> None:
        assert real == plain

    @rule(target=keys, asked=some_request)
    def book(self, asked: Asked) -> int:
        key = len(self.asked) + 1
        self.asked[key] = asked
        self._book(key, asked)
        return key

    def _book(self, key: int, asked: Asked) -> Told:
        told = self.plain.book(key, asked)
        self._same(self.real.book(key, asked), told)
        return told

    @rule(key=keys)
    def repeat(self, key: int) -> None:
        self._book(key, self.asked[key])

    @rule(key=keys, asked=some_request)
    def use_a_key_again(self, key: int, asked: Asked) -> None:
        if key in self.plain.parties:
            self._book(key, asked)

    @rule(key=keys)
    def cancel(self, key: int) -> None:
        if key in self.plain.parties:
            self._same(self.real.cancel(key), self.plain.cancel(key))

    @rule(key=keys, day=some_day, start=some_start, overflow=some_overflow)
    def reschedule(self, key: int, day: date, start: str | None, overflow: Overflow) -> None:
        if key in self.plain.parties:
            self._same(
                self.real.reschedule(key, day, start, overflow),
                self.plain.reschedule(key, day, start, overflow),
            )

    @rule(asked=some_request)
    def crash(self, asked: Asked) -> None:
        self._same(self.real.crash(asked), self.plain.crash(asked))

    @rule(at=some_slot, quota=some.integers(0, 7), force=some.booleans())
    def set_quota(self, at: At, quota: int, force: bool) -> None:
        self._same(
            self.real.set_quota(at, quota, force=force),
            self.plain.set_quota(at, quota, force=force),
        )

    @rule(at=some_slot, places=some.integers(0, 4))
    def reserve(self, at: At, places: int) -> None:
        self._same(self.real.reserve(at, places), self.plain.reserve(at, places))

    @rule(day=some_day, closed=some.booleans())
    def close(self, day: date, closed: bool) -> None:
        self.real.close(day, closed=closed)
        self.plain.close(day, closed=closed)

    @rule(day=some_day)
    def move_day(self, day: date) -> None:
        if day >= self.plain.today:
            self._same(self.real.move_day(day), self.plain.move_day(day))

    @rule()
    def sweep(self) -> None:
        self.real.sweep()
        self.plain.sweep()

    @precondition(lambda self: self.plain.today < DAYS[1])
    @rule(seconds=some.sampled_from((REOFFER, HOUR, 8 * HOUR)))
    def wait(self, seconds: int) -> None:
        self.real.wait(seconds)
        self.plain.wait(seconds)

    @invariant()
    def they_stand_alike(self) -> None:
        assert self.real.seen() == self.plain.seen()

    @invariant()
    def every_invariant_holds(self) -> None:
        assert check_invariants(deadline()) == []


TheQueue.TestCase.settings = settings(max_examples=30, stateful_step_count=30)
TestTheQueue = TheQueue.TestCase
