"""Where a simulation takes its decisions: drawn from a seed, or every one there is in turn."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Choices(Protocol):
    """A source of decisions, and the trail of what was done with them."""

    trail: list[tuple[str, ...]]

    def pick(self, weights: Sequence[float]) -> int:
        """The index of one option; one of weight 0 is never picked."""


@dataclass(slots=True)
class Seeded:
    """Decisions at random, the same for the same seed."""

    seed: int
    trail: list[tuple[str, ...]] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def pick(self, weights: Sequence[float]) -> int:
        """Draw an option."""
        if len(weights) == 1:
            return 0
        at = self._random.random() * sum(weights)
        for index, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return index
        return max(index for index, weight in enumerate(weights) if weight)


@dataclass(slots=True)
class Enumerated:
    """A fixed course of decisions, then always the first; it knows the course that follows."""

    course: Sequence[int] = ()
    trail: list[tuple[str, ...]] = field(default_factory=list)
    _taken: list[tuple[int, int]] = field(default_factory=list)

    def pick(self, weights: Sequence[float]) -> int:
        """Take the course's next option."""
        options = [index for index, weight in enumerate(weights) if weight]
        if len(options) == 1:
            return options[0]
        at = len(self._taken)
        taken = self.course[at] if at < len(self.course) else 0
        self._taken.append((taken, len(options)))
        return options[taken]

    def following(self) -> list[int] | None:
        """The next course in the order of all courses, or None after the last."""
        for at in reversed(range(len(self._taken))):
            taken, options = self._taken[at]
            if taken + 1 < options:
                return [each for each, _ in self._taken[:at]] + [taken + 1]
        return None


type Scenario = Callable[[Choices], None]


def explore(scenario: Scenario, runs: int) -> None:
    """Run `scenario` with `runs` seeds; a failure says how to replay it.

    The first seed comes from `random`, which pytest-randomly seeds and prints; with SEED in the
    environment that one seed is run. The module-level `random` is seeded too, for the code under
    test.
    """
    wanted = os.environ.get("SEED")
    first = random.randrange(2**31) if wanted is None else int(wanted)
    state = random.getstate()
    try:
        for seed in range(first, first + (runs if wanted is None else 1)):
            random.seed(seed)
            _run(scenario, Seeded(seed), f"replay with SEED={seed}")
    finally:
        random.setstate(state)


def explore_all(scenario: Scenario, most: int = 100_000) -> int:
    """Run `scenario` with every course of decisions; say how many there were.

    Raises AssertionError when there are more than `most`.
    """
    state = random.getstate()
    course: Sequence[int] | None = ()
    runs = 0
    try:
        while course is not None:
            random.seed(0)
            choices = Enumerated(course)
            _run(scenario, choices, f"course of decisions: {list(course)}")
            course = choices.following()
            runs += 1
            if runs > most:
                raise AssertionError(f"more than {most} courses of decisions")
    finally:
        random.setstate(state)
    return runs


def _run(scenario: Scenario, choices: Choices, how: str) -> None:
    try:
        scenario(choices)
    except BaseException as error:
        steps = "\n".join(" ".join(step) for step in choices.trail)
        error.add_note(f"{how}\n{steps}")
        raise
