"""The scheduler, on tasks of two calls that are right or wrong about a shared counter."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from antrean.runtime import clock
from tests.engines.choices import Choices, Seeded, explore, explore_all
from tests.engines.contract import Call, get, key, n, part, put, query, transact, update
from tests.engines.memory.client import MemoryDynamoDB
from tests.engines.scheduler import Chaos, Simulation
from tests.support.clocks import MONDAY_MORNING

TABLE = "a-table"
ONE = {":one": n(1)}


def simulation(choices: Choices, chaos: Chaos | None = None) -> Simulation:
    return Simulation(MemoryDynamoDB((TABLE,)), choices, chaos)


def ask(simulation: Simulation, call: Call) -> dict[str, Any]:
    return simulation.client._make_api_call(call.operation, call.request(TABLE))


def count(simulation: Simulation) -> int:
    return int(ask(simulation, get(ConsistentRead=True)).get("Item", {"n": n(0)})["n"]["N"])


def add_unguarded(simulation: Simulation) -> None:
    ask(simulation, put(key() | {"n": n(count(simulation) + 1)}))


def add_guarded(simulation: Simulation) -> None:
    ask(simulation, update("ADD n :one", ONE))


def two_adders(
    add: Callable[[Simulation], None], chaos: Chaos | None = None
) -> Callable[[Choices], None]:
    def scenario(choices: Choices) -> None:
        run = simulation(choices, chaos)
        for name in ("first", "second"):
            run.spawn(name, lambda: add(run))
        run.run()
        assert count(run) == 2

    return scenario


def test_an_unguarded_counter_loses_an_update_in_some_order() -> None:
    with pytest.raises(AssertionError) as failed:
        explore(two_adders(add_unguarded), runs=100)
    assert "replay with SEED=" in failed.value.__notes__[0]
    assert "first GetItem" in failed.value.__notes__[0]


def test_a_guarded_counter_loses_none() -> None:
    explore(two_adders(add_guarded), runs=100)


def test_every_order_of_two_tasks_of_two_calls_is_run_once() -> None:
    orders: list[str] = []

    def scenario(choices: Choices) -> None:
        run, order = simulation(choices), list[str]()

        def two_calls(name: str) -> None:
            for _ in range(2):
                ask(run, get())
                order.append(name)

        for name in "ab":
            run.spawn(name, partial(two_calls, name))
        run.run()
        orders.append("".join(order))

    assert explore_all(scenario) == 6
    assert sorted(orders) == ["aabb", "abab", "abba", "baab", "baba", "bbaa"]


def test_the_same_seed_runs_the_same_steps() -> None:
    def steps(seed: int) -> list[tuple[str, ...]]:
        choices = Seeded(seed)
        chaos = Chaos(kill=0.1, unsent=0.1, lost=0.1, late=0.1, throttle=0.1, jump=0.1)
        run = simulation(choices, chaos)
        for number in range(5):
            expected = (ClientError, EndpointConnectionError, ReadTimeoutError)
            run.spawn(f"task {number}", lambda: add_unguarded(run), *expected)
        run.run()
        return choices.trail

    assert steps(3) == steps(3) != steps(4)


def test_the_trail_tells_who_asked_what_and_what_came_of_it() -> None:
    choices = Seeded(1)
    run = simulation(choices, Chaos(lost=1.0))
    run.spawn("counts", lambda: add_guarded(run), ReadTimeoutError)
    run.run()
    assert choices.trail == [
        ("counts", "UpdateItem", "is applied, its answer lost"),
        ("counts", "UpdateItem", "done"),
    ]


def test_an_error_that_a_task_may_not_end_with_fails_the_run() -> None:
    run = simulation(Seeded(1))
    run.spawn("wrong", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError) as failed:
        run.run()
    assert failed.value.__notes__ == ["in task wrong"]


def test_an_error_that_a_task_may_end_with_is_kept_on_it() -> None:
    run = simulation(Seeded(1))
    task = run.spawn("refused", lambda: ask(run, update("SET n = n + :one", ONE)), ClientError)
    right = run.spawn("right", lambda: 7)
    run.run()
    assert isinstance(task.error, ClientError)
    assert (right.result, right.error) == (7, None)


def test_a_killed_task_runs_no_handler_and_makes_no_call_even_in_a_finally() -> None:
    reached: list[str] = []

    def body(run: Simulation) -> None:
        try:
            ask(run, put(key("a")))
        except Exception:  # noqa: BLE001 - what a use case might do
            reached.append("handler")
        finally:
            ask(run, put(key("b")))

    written = set()
    for seed in range(40):
        run = simulation(Seeded(seed), Chaos(kill=1.0))
        task = run.spawn("killed", partial(body, run))
        run.run()
        assert task.killed
        written.add(tuple(item["sk"]["S"] for item in run.model.items(TABLE)))
    assert (reached, written) == ([], {(), ("a",)})


@pytest.mark.parametrize(
    ("chaos", "error", "counts"),
    [
        (Chaos(unsent=1.0), EndpointConnectionError, {0}),
        (Chaos(lost=1.0), ReadTimeoutError, {1}),
        (Chaos(throttle=1.0), ClientError, {0}),
        (Chaos(conflict=1.0), ClientError, {0}),
    ],
)
def test_a_call_meets_each_kind_of_chaos(
    chaos: Chaos, error: type[Exception], counts: set[int]
) -> None:
    run = simulation(Seeded(1), chaos)
    task = run.spawn("unlucky", lambda: add_guarded(run), error)
    run.run()
    assert type(task.error) is error
    assert {count(run)} == counts


def test_a_call_that_its_sender_gave_up_arrives_before_or_after_what_others_do() -> None:
    seen = set()

    def scenario(choices: Choices) -> None:
        run = simulation(choices, Chaos(late=0.5, most=1))
        run.spawn("gives up", lambda: add_guarded(run), ReadTimeoutError)
        looks = run.spawn("looks", lambda: [count(run) for _ in "123"])
        run.run()
        assert count(run) == 1
        seen.add(tuple(looks.result))

    explore_all(scenario)
    assert seen == {(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)}


def test_no_more_faults_than_asked_for_strike_a_run() -> None:
    run = simulation(Seeded(1), Chaos(unsent=1.0, most=2))
    tasks = [run.spawn(str(i), lambda: add_guarded(run), EndpointConnectionError) for i in range(5)]
    run.run()
    assert sum(task.error is not None for task in tasks) == 2


def test_a_reader_may_see_half_a_transaction_and_a_writer_may_meet_it() -> None:
    seen, errors = set(), set()

    def scenario(choices: Choices) -> None:
        run = simulation(choices)
        both = transact(part(put(key("a", "q"))), part(put(key("b", "q"))))
        run.spawn("transaction", lambda: ask(run, both))
        looks = run.spawn("looks", lambda: ask(run, query())["Count"])
        writes = run.spawn("writes", lambda: ask(run, put(key("b", "q"))), ClientError)
        run.run()
        seen.add(looks.result)
        if isinstance(writes.error, ClientError):
            errors.add(writes.error.response["Error"]["Code"])

    explore_all(scenario)
    assert seen == {0, 1, 2}
    assert errors == {"TransactionConflictException"}


def test_stale_reads_show_what_was_and_consistent_ones_what_is() -> None:
    seen = set()

    def scenario(choices: Choices) -> None:
        run = simulation(choices, Chaos(stale=0.5))

        def body() -> tuple[int, int]:
            add_guarded(run)
            return len(ask(run, get()).get("Item", ())), count(run)

        looks = run.spawn("looks", body)
        run.run()
        seen.add(looks.result)

    explore(scenario, runs=60)
    assert seen == {(0, 1), (3, 1)}


def test_a_sleeping_task_lets_others_go_on_and_wakes_in_time() -> None:
    run = simulation(Seeded(1), Chaos(step_seconds=0.0))
    woke = []

    def sleeper(seconds: float) -> None:
        with_clock = clock.now()
        clock.sleep(seconds)
        woke.append((seconds, clock.now() - with_clock))
        add_guarded(run)

    with clock.use(run.clock):
        for seconds in (60.0, 0.5):
            run.spawn(f"sleeps {seconds}", partial(sleeper, seconds))
        run.run()
    assert woke == [(0.5, timedelta(seconds=0.5)), (60.0, timedelta(seconds=60))]
    assert run.clock.now() == MONDAY_MORNING + timedelta(seconds=60)
    assert count(run) == 2


def test_time_jumps_when_it_may() -> None:
    run = simulation(Seeded(1), Chaos(jump=1.0, jump_seconds=300.0, step_seconds=0.0))
    run.spawn("counts", lambda: add_guarded(run))
    run.run()
    assert run.clock.now() == MONDAY_MORNING + timedelta(seconds=300)


def test_calls_and_sleeps_outside_a_task_are_made_at_once() -> None:
    run = simulation(Seeded(1), Chaos(unsent=1.0))
    add_guarded(run)
    run.clock.sleep(3.0)
    assert count(run) == 1
    assert run.clock.now() == MONDAY_MORNING + timedelta(seconds=3)


def test_a_run_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.engines.scheduler.MOST_STEPS", 100)
    run = simulation(Seeded(1))

    def forever() -> None:
        while True:
            ask(run, get())

    task = run.spawn("forever", forever)
    with pytest.raises(AssertionError, match="no end after 100 steps"):
        run.run()
    assert task.done
