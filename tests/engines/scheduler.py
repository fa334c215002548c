"""Deterministic simulation: many requests over one in-memory DynamoDB, one call at a time.

Each task is a plain function (book this, cancel that, sweep) in a greenlet of its own. Every call
it makes of the client, and every sleep, hands over to the scheduler, which picks what happens
next: another task's call, a part of a transaction under way, or a request that its sender gave up
long ago. It may also kill a task at a call, lose an answer, throttle, conflict, or let time pass.
All decisions come from one `Choices`, so a run is replayed by its seed.

    def scenario(choices: Choices) -> None:
        simulation = Simulation(model, choices, Chaos(kill=0.02, lost=0.02))
        connect(simulation.client)
        with clock.use(simulation.clock):
            simulation.spawn("booking", lambda: book(...))
            simulation.spawn("sweeper", sweep)
            simulation.run()
        assert_invariants(model)

    explore(scenario, runs=1_000)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from greenlet import getcurrent, greenlet

from tests.engines.choices import Choices
from tests.engines.errors import answer_lost
from tests.engines.faults import Fault, Killed, error_of, faults_of
from tests.engines.memory.client import MemoryDynamoDB, Steps
from tests.engines.memory.requests import Request
from tests.support.clocks import StandingClock

MOST_STEPS = 20_000
_CATCH_UP = 0.2
"""How likely replicas catch up at a step, when reads may lag."""


@dataclass(frozen=True, slots=True)
class Chaos:
    """How likely each thing is, at each call; with none, only the order of calls varies."""

    kill: float = 0.0
    """The task ends before its call, or after it."""
    unsent: float = 0.0
    lost: float = 0.0
    """The call is applied, its answer lost."""
    late: float = 0.0
    """The sender gives up; the call is applied at any time after."""
    throttle: float = 0.0
    conflict: float = 0.0
    """A conflict with a transaction of nobody here. Those between tasks come by themselves."""
    split: float = 0.5
    """Other calls come between the parts of a transaction."""
    stale: float = 0.0
    """An eventually consistent read lags behind."""
    jump: float = 0.0
    """`jump_seconds` pass before a step."""
    jump_seconds: float = 0.0
    step_seconds: float = 0.02
    """What passes at every step."""
    most: int = 1_000_000
    """Faults in one run."""

    @cache  # noqa: B019 - a handful of frozen objects
    def weights(self, operation: str) -> list[tuple[Fault, float]]:
        """The faults a call of `operation` may meet."""
        likely = {
            Fault.KILLED_BEFORE: self.kill / 2,
            Fault.KILLED_AFTER: self.kill / 2,
            Fault.UNSENT: self.unsent,
            Fault.ANSWER_LOST: self.lost,
            Fault.ARRIVES_LATE: self.late,
            Fault.THROTTLED: self.throttle,
            Fault.CONFLICT: self.conflict,
        }
        possible = faults_of(operation)
        return [(fault, p) for fault, p in likely.items() if p and fault in possible]


@dataclass(slots=True)
class Task:
    """One request (or job), how it ended, and what it waits for."""

    name: str
    expects: tuple[type[Exception], ...]
    """Errors it may end with."""
    result: Any = None
    error: Exception | None = None
    killed: bool = False
    thread: greenlet | None = None
    wakes: datetime | None = None
    """When a sleeping task goes on."""
    asks: tuple[str, Request] | None = None
    """The call it is about to make."""

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.thread is not None and self.thread.dead

    def check(self) -> None:
        """Raise the error it ended with, unless it may."""
        if self.error is not None and not isinstance(self.error, self.expects):
            self.error.add_note(f"in task {self.name}")
            raise self.error


@dataclass(slots=True)
class _Underway:
    """A call on its way through the model: a split transaction, or one given up by its sender."""

    operation: str
    steps: Steps
    task: Task | None
    """Who waits for the answer, if anyone."""
    fault: Fault | None = None


class Simulation:
    """One run: tasks, a clock, and what is under way."""

    def __init__(self, model: MemoryDynamoDB, choices: Choices, chaos: Chaos | None = None) -> None:
        self.model = model
        self.chaos = chaos or Chaos()
        self.clock = SimulatedClock(self)
        self.client = SimulatedClient(self)
        self.tasks: list[Task] = []
        self._choices = choices
        self._underway: list[_Underway] = []
        self._faults = 0
        self._hub: greenlet = getcurrent()
        self._current: Task | None = None
        if self.chaos.stale:
            model.lag()
            model.stale = lambda: self._happens(self.chaos.stale)

    def spawn(self, name: str, run: Callable[[], Any], *expects: type[Exception]) -> Task:
        """Add a task; it starts with the next `run`. It may end with an error of `expects`."""
        task = Task(name, expects)

        def main(_: None) -> None:
            try:
                task.result = run()
            except Killed:
                task.killed = True
            except Exception as error:  # noqa: BLE001 - `check` raises it in the scheduler
                task.error = error

        task.thread = greenlet(main)
        self.tasks.append(task)
        return task

    def run(self) -> None:
        """Go on until all tasks have ended and nothing is under way.

        Raises the first error that a task may not end with, and AssertionError when there is no
        end.
        """
        self._hub = getcurrent()
        try:
            for task in self.tasks:
                if task.asks is None and not task.done:
                    self._resume(task)
            self._go_on()
        finally:
            self._end_all()
        for task in self.tasks:
            task.check()

    def _go_on(self) -> None:
        for _ in range(MOST_STEPS):
            ready = self._ready()
            if ready:
                self._let_time_pass()
                self._do(ready[self._choices.pick([1.0] * len(ready))])
            elif not self._wake_next():
                return
        raise AssertionError(f"no end after {MOST_STEPS} steps")

    def _ready(self) -> list[Task | _Underway]:
        now = self.clock.now()
        ready: list[Task | _Underway] = [
            task
            for task in self.tasks
            if task.asks is not None or (task.wakes is not None and task.wakes <= now)
        ]
        return ready + self._underway

    def _wake_next(self) -> bool:
        wakes = [task.wakes for task in self.tasks if task.wakes is not None]
        if not wakes:
            return False
        self.clock.instant = max(min(wakes), self.clock.instant)
        return True

    def _let_time_pass(self) -> None:
        self.clock.forward(seconds=self.chaos.step_seconds)
        if self._happens(self.chaos.jump):
            self._tell("clock", f"jumps {self.chaos.jump_seconds} s")
            self.clock.forward(seconds=self.chaos.jump_seconds)
        if self.chaos.stale and self._happens(_CATCH_UP):
            self.model.catch_up()

    def _do(self, ready: Task | _Underway) -> None:
        if isinstance(ready, _Underway):
            self._underway.remove(ready)
            self._advance(ready, split=True)
        elif ready.asks is None:
            ready.wakes = None
            self._resume(ready)
        else:
            operation, request = ready.asks
            ready.asks = None
            self._call(ready, operation, request)

    def _call(self, task: Task, operation: str, request: Request) -> None:
        fault = self._pick_fault(operation)
        self._tell(task.name, operation, fault or "")
        if fault is Fault.KILLED_BEFORE:
            return self._kill(task)
        error = None if fault is None else error_of(fault, operation, request)
        if error:
            return self._resume(task, error)
        steps = self.model.steps(operation, request)
        if fault is Fault.ARRIVES_LATE:
            self._underway.append(_Underway(operation, steps, None))
            return self._resume(task, answer_lost())
        split = operation == "TransactWriteItems" and self._happens(self.chaos.split)
        return self._advance(_Underway(operation, steps, task, fault), split=split)

    def _advance(self, call: _Underway, *, split: bool) -> None:
        """Take a call one step further, or to its end."""
        answer: dict[str, Any] = {}
        error: ClientError | None = None
        try:
            while True:
                next(call.steps)
                if split:
                    self._underway.append(call)
                    return
        except StopIteration as done:
            answer = done.value
        except ClientError as refusal:
            error = refusal
        self._answer(call, answer, error)

    def _answer(self, call: _Underway, answer: dict[str, Any], error: ClientError | None) -> None:
        code = error.response["Error"]["Code"] if error else "done"
        self._tell(call.task.name if call.task else "late", call.operation, code)
        if call.task is None:
            return
        if call.fault is Fault.KILLED_AFTER:
            self._kill(call.task)
        elif call.fault is Fault.ANSWER_LOST:
            self._resume(call.task, answer_lost())
        else:
            self._resume(call.task, error or answer)

    def _pick_fault(self, operation: str) -> Fault | None:
        likely = self.chaos.weights(operation) if self._faults < self.chaos.most else []
        if not likely:
            return None
        none = 1.0 - sum(weight for _, weight in likely)
        picked = self._choices.pick([none, *(weight for _, weight in likely)])
        if not picked:
            return None
        self._faults += 1
        return likely[picked - 1][0]

    def _happens(self, probability: float) -> bool:
        if not 0.0 < probability < 1.0:
            return probability > 0.0
        return self._choices.pick([1.0 - probability, probability]) == 1

    def _tell(self, *step: str) -> None:
        self._choices.trail.append(step)

    # Handing over between the scheduler and a task

    def _resume(self, task: Task, answer: dict[str, Any] | BaseException | None = None) -> None:
        assert task.thread is not None
        self._current = task
        if isinstance(answer, BaseException):
            task.thread.throw(answer)
        else:
            task.thread.switch(answer)
        self._current = None

    def _kill(self, task: Task) -> None:
        task.killed = True
        self._resume(task, Killed())

    def _end_all(self) -> None:
        """Leave no greenlet behind, also when a run fails half-way."""
        for task in self.tasks:
            if not task.done:
                self._kill(task)

    def ask(self, operation: str, request: Request) -> dict[str, Any]:
        """A call of the client: by a task, it waits for its turn; by anyone else, it is made."""
        task = self._current
        if task is None:
            return self.model._make_api_call(operation, request)
        task.asks = (operation, request)
        answer: dict[str, Any] = self._wait(task)
        return answer

    def sleep(self, seconds: float) -> None:
        """A sleep: by a task, others go on meanwhile; by anyone else, time passes at once."""
        task = self._current
        if task is None:
            self.clock.forward(seconds=seconds)
        else:
            task.wakes = self.clock.now() + timedelta(seconds=seconds)
            self._wait(task)

    def _wait(self, task: Task) -> Any:
        if task.killed:
            task.asks = task.wakes = None
            raise Killed  # a dead process makes no calls, not even in a `finally`
        return self._hub.switch()


class SimulatedClock(StandingClock):
    """The clock of a simulation: its sleeps hand over to other tasks."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__()
        self._simulation = simulation

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass for the task that sleeps."""
        self._simulation.sleep(seconds)


class SimulatedClient:
    """What the store is given in place of a botocore client."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.meta = simulation.model.meta
        self._request_signer = simulation.model._request_signer

    def _make_api_call(self, operation_name: str, api_params: Request) -> dict[str, Any]:
        return self._simulation.ask(operation_name, api_params)
