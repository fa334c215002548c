import random
from collections.abc import Callable

import pytest

from tests.engines.choices import Choices, Seeded, explore, explore_all


def test_the_same_seed_decides_the_same() -> None:
    def decisions(seed: int) -> list[int]:
        choices = Seeded(seed)
        return [choices.pick([1.0, 2.0, 0.0, 1.0]) for _ in range(100)]

    assert decisions(1) == decisions(1) != decisions(2)
    assert set(decisions(1)) == {0, 1, 3}


def test_every_course_of_decisions_is_taken_once() -> None:
    courses: list[tuple[int, ...]] = []

    def scenario(choices: Choices) -> None:
        first = choices.pick([1.0, 1.0])
        more = (choices.pick([1.0, 0.0, 1.0]),) if first else ()
        courses.append((first, *more, choices.pick([1.0])))

    assert explore_all(scenario) == 3
    assert courses == [(0, 0), (1, 0, 0), (1, 2, 0)]


def test_too_many_courses_are_refused() -> None:
    def scenario(choices: Choices) -> None:
        for _ in range(10):
            choices.pick([1.0, 1.0])

    with pytest.raises(AssertionError, match="more than 100"):
        explore_all(scenario, most=100)


def test_a_failure_says_its_seed_and_the_seed_replays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEED", raising=False)
    seen: list[tuple[int, float]] = []

    def scenario(choices: Choices) -> None:
        drawn = choices.pick([1.0] * 1000)
        seen.append((drawn, random.random()))
        choices.trail.append(("drew", str(drawn)))
        assert drawn % 10

    with pytest.raises(AssertionError) as failed:
        explore(scenario, runs=10_000)
    replay, step = failed.value.__notes__[0].split("\n")
    assert step == f"drew {seen[-1][0]}"
    monkeypatch.setenv("SEED", replay.removeprefix("replay with SEED="))
    with pytest.raises(AssertionError):
        explore(scenario, runs=10_000)
    assert seen[-1] == seen[-2]


def test_a_wanted_seed_is_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "7")
    runs: list[Choices] = []
    explore(runs.append, runs=100)
    assert [run.seed for run in runs if isinstance(run, Seeded)] == [7]


@pytest.mark.parametrize("exploring", [lambda of: explore(of, runs=3), explore_all])
def test_exploring_leaves_the_shared_random_as_it_was(
    exploring: Callable[[Callable[[Choices], None]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEED", "7")
    random.seed(1)
    wanted = [random.random() for _ in range(2)]
    random.seed(1)
    first = random.random()
    exploring(lambda _choices: random.seed(99))
    assert [first, random.random()] == wanted
