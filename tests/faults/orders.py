"""Plays requests at once, in every order that their calls can come in."""

from collections.abc import Callable
from typing import Any

from antrean.domain.errors import AntreanError
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from antrean.store.writes.sweep import GRACE
from tests.engines.choices import Choices, explore, explore_all
from tests.engines.scheduler import Chaos, Simulation, Task
from tests.faults.small_office import ResettableWorld, in_order
from tests.support.worlds import World

IN_ORDER_ALONE = Chaos(split=0.0, step_seconds=1.0)
"""Every call in a second of its own, so that no two returns have the same key by chance."""
SLOW = Chaos(split=0.0, step_seconds=GRACE + 1)
"""Every call takes longer than the sweeper's grace."""
TIME_ENOUGH = 100_000.0

type Does = Callable[[], Any]


def in_every_order(
    world: World,
    tasks: dict[str, Does],
    ends: Callable[[dict[str, Task]], None],
    chaos: Chaos = IN_ORDER_ALONE,
    runs: int = 0,
    *,
    leaves: bool = False,
) -> None:
    """Play the tasks from the world as it is in every order (or in `runs` at random).

    Who is refused gives back what was claimed at once; with `leaves` the sweeper has to do it.
    """
    resettable = ResettableWorld.of(world)

    def scenario(choices: Choices) -> None:
        resettable.set_back()
        simulation = Simulation(world.client, choices, chaos)
        simulation.clock.instant = resettable.since
        connect(simulation.client)
        with clock.use(simulation.clock):
            told = {
                name: simulation.spawn(name, does, AntreanError) for name, does in tasks.items()
            }
            simulation.run()
        connect(world.client)
        world.time.set(simulation.clock.now())
        in_order(quiet=not leaves)
        resettable.settle()
        in_order(quiet=True)
        ends(told)

    if runs:
        explore(scenario, runs)
    else:
        assert explore_all(scenario) > 1


def until() -> Deadline:
    return Deadline.after(TIME_ENOUGH)


def kinds(told: dict[str, Task]) -> list[str]:
    """What was told, each in one word."""
    return sorted(type(task.error).__name__ if task.error else "done" for task in told.values())
