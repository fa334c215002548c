"""Every call of every use case that writes, broken in every way it can be.

After each: the invariants hold at once; when the sweeper has run nothing is left behind; and the
client who repeats the request has what was asked for, exactly once. DEPTH=2 in the environment
breaks every run once more, at every call it makes from then on: some ten thousand runs.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import Enum

import pytest

from antrean.domain.errors import Unavailable
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from tests.engines.faults import Fault, Faults, every_fault_point, faults_of
from tests.faults.day_use_cases import DAY_USE_CASES
from tests.faults.small_office import PatientClient, ResettableWorld, in_order
from tests.faults.use_case import UseCase
from tests.faults.use_cases import BY_NAME, USE_CASES
from tests.support.worlds import World

PATIENCE = 6.0
"""Seconds a request goes on trying: as long as the API's."""


ONE_TRY = 0.001
"""Seconds too few for a second attempt at anything."""


DEPTH = int(os.environ.get("DEPTH", "1"))


class Arrival(Enum):
    """When a call arrives that its sender has given up."""

    AT_ONCE = "before the sweeper"
    AFTER_SWEEP = "after the sweeper"
    AFTER_REPEAT = "after the repeated request"


def every_fault(world: World, case: UseCase, patience: float, depth: int = 1) -> list[Faults]:
    """Play a use case with every fault at every call; say which runs it was."""
    prepared = case.prepare(world)
    resettable = ResettableWorld.of(world)

    def one_run(faults: Faults, arrival: Arrival) -> None:
        resettable.set_back()
        random.seed(0)  # of the pauses between attempts, so that a second way is as the first
        _break(resettable, faults, lambda: prepared.call(Deadline.after(patience)))
        if arrival is Arrival.AT_ONCE:
            faults.deliver()
        in_order(quiet=_gives_back(case, faults))
        resettable.settle()
        in_order(quiet=True)
        if arrival is Arrival.AFTER_SWEEP:
            faults.deliver()
        prepared.call(Deadline.after(PATIENCE))
        faults.deliver()
        resettable.settle_again()
        in_order(quiet=True)
        prepared.check_end()

    def scenario(faults: Faults) -> None:
        for arrival in Arrival if _arrives_late(faults) else (Arrival.AT_ONCE,):
            try:
                one_run(faults if arrival is Arrival.AT_ONCE else Faults(faults.points), arrival)
            except BaseException as error:
                error.add_note(f"patience {patience} s; calls given up arrive {arrival.value}")
                raise

    return every_fault_point(scenario, depth)


def _break(resettable: ResettableWorld, faults: Faults, ask: Callable[[], object]) -> None:
    """Have the client ask once, in the midst of the faults."""
    connect(PatientClient(faults.wrap(resettable.world.client), resettable.world.time))
    faults.meanwhile = resettable.settle
    with faults.armed(), suppress(Unavailable):  # the client is told to repeat, and will
        ask()
    connect(resettable.world.client)


def _arrives_late(faults: Faults) -> bool:
    return any(point.fault is Fault.ARRIVES_LATE for point in faults.points)


def _gives_back(case: UseCase, faults: Faults) -> bool:
    """Whether the request itself could clear up what it left: it lived on, and knew its numbers."""
    if case.claims is None or len(faults.points) != 1:
        return False
    (point,) = faults.points
    lives = point.fault not in (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)
    return lives and not point.lasting and point.call > case.claims


@pytest.mark.parametrize("patience", [PATIENCE, ONE_TRY])
@pytest.mark.parametrize("case", USE_CASES + DAY_USE_CASES, ids=str)
def test_after_any_fault_a_repeat_ends_in_exactly_what_was_asked(
    world: World, case: UseCase, patience: float
) -> None:
    unbroken, *broken = every_fault(world, case, patience, DEPTH)
    assert Counter(case.calls) <= Counter(unbroken.calls), "some known calls were not made"
    met = {(run.points[0].call, run.points[0].fault) for run in broken}
    assert met == {
        (call, fault)
        for call, operation in enumerate(unbroken.calls)
        for fault in faults_of(operation)
    }


@pytest.mark.parametrize("case", [BY_NAME["book_single"], BY_NAME["cancel_family"]], ids=str)
def test_after_two_faults_too(world: World, case: UseCase) -> None:
    runs = every_fault(world, case, ONE_TRY, depth=2)
    assert any(len(run.points) == 2 for run in runs)
