"""A crowd: processes of their own, each with its own connection, that begin at one moment.

The processes are spawned once for all tests of a session, because importing the code takes each a
second; between plays nothing of the last is left in them but the imports.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from antrean.runtime import clock
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.race.world import Running, client_of
from tests.support.worlds import enter

PROCESSES = 4
THREADS = 8
"""Callers in one process at once; botocore keeps ten connections."""
SECONDS_TO_MEET = 60.0

type Patch = Callable[[pytest.MonkeyPatch], None]
"""What changes the code in the processes that play: switches a guard off, slows a step down."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one process does: a function of a module, and its arguments.

    A `lasting` part goes on for as long as others are at work (`others_at_work`).
    """

    play: Callable[..., Any]
    args: tuple[Any, ...] = ()
    lasting: bool = False


class _Meeting:
    """What the processes share: the barrier they start from, how many are still at work, and how
    often a sweeper was there.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.barrier = context.Barrier(PROCESSES)
        self.at_work = context.Value("i", 0)
        self.visits = context.Value("i", 0)


_meeting: _Meeting
"""Set in the processes of a crowd alone."""


def _join(meeting: _Meeting) -> None:
    global _meeting
    _meeting = meeting


def others_at_work() -> bool:
    """Whether some part that is not lasting still plays."""
    return bool(_meeting.at_work.value)


def visited() -> None:
    """Tell the others that a sweeper was there."""
    with _meeting.visits.get_lock():
        _meeting.visits.value += 1


def wait_for_visits(number: int) -> None:
    """Wait until sweepers have come this many times more."""
    wanted, until = _meeting.visits.value + number, time.monotonic() + SECONDS_TO_MEET
    while _meeting.visits.value < wanted and time.monotonic() < until:
        time.sleep(0.002)


def all_together() -> None:
    """Wait for the other processes; each part must come by as often as every other."""
    _meeting.barrier.wait(SECONDS_TO_MEET)


def at_once[A, T](do: Callable[[A], T], to_do: Iterable[A], threads: int = THREADS) -> list[T]:
    """Do it for each, several at a time in this process."""
    with ThreadPoolExecutor(threads) as callers:
        return list(callers.map(do, to_do))


def _play(part: Part, server: DynamoDBLocal, table: str, patches: Sequence[Patch]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        enter(patch, client_of(server), TABLE_NAME=table)
        for change in patches:
            change(patch)
        try:
            all_together()
            with clock.use(Running()):
                return part.play(*part.args)
        finally:
            if not part.lasting:
                with _meeting.at_work.get_lock():
                    _meeting.at_work.value -= 1


@dataclass(slots=True)
class Crowd:
    """The processes, and the table they meet at."""

    pool: ProcessPoolExecutor
    meeting: _Meeting
    server: DynamoDBLocal
    table: str = ""
    patches: tuple[Patch, ...] = ()

    def play(self, *parts: Part) -> list[Any]:
        """Play the parts at once, each in a process of its own; return what each returns."""
        idle = [Part(_idle)] * (PROCESSES - len(parts))
        all_parts = [*parts, *idle]
        self.meeting.at_work.value = sum(not part.lasting for part in all_parts)
        playing = [
            self.pool.submit(_play, part, self.server, self.table, self.patches)
            for part in all_parts
        ]
        return [each.result() for each in playing][: len(parts)]


def _idle() -> None: ...


@contextmanager
def a_crowd(server: DynamoDBLocal) -> Iterator[Crowd]:
    """Have a crowd for the length of a `with` block."""
    meeting = _Meeting()
    with ProcessPoolExecutor(
        PROCESSES,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_join,
        initargs=(meeting,),
    ) as pool:
        yield Crowd(pool, meeting, server)
