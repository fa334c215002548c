"""Breaks the calls of a use case, one at a time and two at a time, at every place there is.

A scenario is a function of one `Faults`. It sets a world up, puts `faults.wrap(client)` between
the store and the engine (the in-memory model or a real botocore client), runs the use case inside
`with faults.armed():`, sweeps, and asserts. `every_fault_point` runs it first without a fault, to
see its calls, and then once for each call and each fault that call can meet, so that a call added
to a use case is broken too without anyone remembering it.

    def scenario(faults: Faults) -> None:
        client = MemoryDynamoDB(("table",))
        connect(faults.wrap(client))
        faults.meanwhile = sweep_after_grace
        with faults.armed():
            book(...)          # ends early when killed; expected refusals are the scenario's
        faults.deliver()
        sweep_after_grace()
        assert_invariants(client)

    every_fault_point(scenario, depth=2)
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.engines.errors import (
    CONFLICT_REASON,
    NO_REASON,
    answer_lost,
    never_sent,
    throttled,
    throughput_exceeded,
    transaction_cancelled,
    transaction_conflict,
)
from tests.engines.memory.requests import Request


class Killed(BaseException):
    """The process ended here: no handler of Exception sees it, and no later call is made."""


class Fault(StrEnum):
    """What can happen to one call."""

    UNSENT = "fails before it is sent"
    THROTTLED = "is throttled"
    OVER_RATE = "meets a partition over its rate"
    CONFLICT = "conflicts with another transaction"
    UNPROCESSED = "is answered in part"
    DELAYED = "arrives after a delay"
    ANSWER_LOST = "is applied, its answer lost"
    ARRIVES_LATE = "is given up, then applied all the same"
    SENT_TWICE = "is applied twice, by an SDK that sent it again"
    KILLED_BEFORE = "is never made: killed"
    KILLED_AFTER = "is applied, then killed"


_ANY = (Fault.UNSENT, Fault.THROTTLED, Fault.OVER_RATE, Fault.DELAYED, Fault.KILLED_BEFORE)
_WRITE = (Fault.ANSWER_LOST, Fault.ARRIVES_LATE, Fault.SENT_TWICE, Fault.KILLED_AFTER)
_CONFLICTING = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems")
_LASTING = (Fault.UNSENT, Fault.THROTTLED, Fault.CONFLICT, Fault.ANSWER_LOST)
_READS = ("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems")


def faults_of(operation: str) -> tuple[Fault, ...]:
    """The faults a call of this operation can meet."""
    found: tuple[Fault, ...] = _ANY if operation in _READS else _ANY + _WRITE
    if operation in _CONFLICTING:
        found += (Fault.CONFLICT,)
    return (*found, Fault.UNPROCESSED) if operation.startswith("Batch") else found


@dataclass(frozen=True, slots=True)
class FaultPoint:
    """One fault at one call (from 0), or from that call on at every call that can meet it."""

    call: int
    operation: str
    fault: Fault
    lasting: bool = False

    def __str__(self) -> str:
        further = ", and so does every later one" if self.lasting else ""
        return f"call {self.call} ({self.operation}) {self.fault}{further}"

    def strikes(self, call: int, operation: str) -> bool:
        """Whether it breaks the call of this number."""
        if self.lasting:
            return call >= self.call and self.fault in faults_of(operation)
        return call == self.call


@dataclass(slots=True)
class Faults:
    """The faults of one run, and what the run did."""

    points: tuple[FaultPoint, ...] = ()
    matching: Callable[[str, Request], bool] = lambda _operation, _request: True
    """Which calls are counted and broken."""
    meanwhile: Callable[[], None] = lambda: None
    """What happens while a call is delayed, such as a sweep after its grace."""
    calls: list[str] = field(default_factory=list)
    """The operations of the calls made while armed."""
    struck: set[FaultPoint] = field(default_factory=set)
    _late: list[Callable[[], object]] = field(default_factory=list)
    _armed: bool = False
    _dead: bool = False

    def wrap(self, client: Any) -> "FaultyClient":
        """A client that breaks calls on their way to `client`."""
        return FaultyClient(client, self)

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Count and break the calls of a `with` block; a kill ends the block quietly."""
        self._armed = True
        try:
            yield
        except Killed:
            pass
        finally:
            self._armed = self._dead = False

    def deliver(self) -> None:
        """Let calls that were given up arrive now; nobody hears their answers."""
        while self._late:
            send = self._late.pop(0)
            with suppress(ClientError, BotoCoreError):
                send()

    def make(self, client: Any, operation: str, request: Request) -> dict[str, Any]:
        """Make one call, broken if a point strikes it."""
        if self._dead:
            raise Killed
        if not self._armed or not self.matching(operation, request):
            return _send(client, operation, request)
        call = len(self.calls)
        self.calls.append(operation)
        point = next((each for each in self.points if each.strikes(call, operation)), None)
        if point is None:
            return _send(client, operation, request)
        self.struck.add(point)
        return self._broken(point.fault, client, operation, request)

    def _broken(
        self, fault: Fault, client: Any, operation: str, request: Request
    ) -> dict[str, Any]:
        error = error_of(fault, operation, request)
        if error:
            raise error
        if fault is Fault.KILLED_BEFORE:
            self._die()
        if fault is Fault.ARRIVES_LATE:
            self._late.append(lambda: _send(client, operation, request))
            raise answer_lost()
        if fault is Fault.DELAYED:
            self._let_pass()
        if fault is Fault.UNPROCESSED:
            return _in_part(client, operation, request)
        if fault is Fault.SENT_TWICE:
            request = _with_token(operation, request, f"token of call {len(self.calls)}")
            _send(client, operation, request)
        answer = _send(client, operation, request)
        if fault is Fault.ANSWER_LOST:
            raise answer_lost()
        if fault is Fault.KILLED_AFTER:
            self._die()
        return answer

    def _die(self) -> None:
        self._dead = True
        raise Killed

    def _let_pass(self) -> None:
        self._armed = False
        try:
            self.meanwhile()
        finally:
            self._armed = True

    def next_points(self) -> list[FaultPoint]:
        """Every fault at every call this run made after its last point struck."""
        start = self.points[-1].call + 1 if self.points else 0
        return [
            FaultPoint(call, operation, fault, lasting)
            for call, operation in enumerate(self.calls)
            if call >= start
            for fault in faults_of(operation)
            for lasting in (False, True)
            if not lasting or fault in _LASTING
        ]


@dataclass(frozen=True, slots=True)
class FaultyClient:
    """What the store is given in place of `client`."""

    client: Any
    faults: Faults

    @property
    def meta(self) -> Any:
        """The client's own."""
        return self.client.meta

    @property
    def _request_signer(self) -> Any:
        return self.client._request_signer

    def _make_api_call(self, operation_name: str, api_params: Request) -> dict[str, Any]:
        return self.faults.make(self.client, operation_name, api_params)


def every_fault_point(scenario: Callable[[Faults], None], depth: int = 1) -> list[Faults]:
    """Run `scenario` without a fault, then with every fault at every call; say which runs it was.

    With `depth` 2, a run broken once is broken once more at each call it made from then on: so
    are the calls that only clear up after a first fault. A failure names its points.
    """
    return list(_runs(scenario, depth))


def _runs(scenario: Callable[[Faults], None], depth: int) -> Generator[Faults]:
    waiting: list[tuple[FaultPoint, ...]] = [()]
    while waiting:
        run = Faults(waiting.pop())
        try:
            scenario(run)
        except BaseException as error:
            error.add_note(told(run.points))
            raise
        yield run
        if not run.struck.issuperset(run.points):
            raise AssertionError(f"not met on the second way: {told(run.points)}")
        if len(run.points) < depth and not any(point.lasting for point in run.points):
            waiting += [(*run.points, point) for point in run.next_points()]


def told(points: tuple[FaultPoint, ...]) -> str:
    """The points in words."""
    return "fault points: " + ("; ".join(map(str, points)) or "none")


def _send(client: Any, operation: str, request: Request) -> dict[str, Any]:
    answer: dict[str, Any] = client._make_api_call(operation, request)
    return answer


def _conflict(operation: str, request: Request) -> ClientError:
    if not operation.startswith("Transact"):
        return transaction_conflict(operation)
    others = [NO_REASON] * (len(request["TransactItems"]) - 1)
    return transaction_cancelled(operation, [CONFLICT_REASON, *others])


_ERRORS: dict[Fault, Callable[[str, Request], Exception]] = {
    Fault.UNSENT: lambda _operation, _request: never_sent(),
    Fault.THROTTLED: lambda operation, _request: throttled(operation),
    Fault.OVER_RATE: lambda operation, _request: throughput_exceeded(operation),
    Fault.CONFLICT: _conflict,
}


def error_of(fault: Fault, operation: str, request: Request) -> Exception | None:
    """The error a fault raises without anything being applied, if it is of that kind."""
    make = _ERRORS.get(fault)
    return make and make(operation, request)


def _with_token(operation: str, request: Request, token: str) -> Request:
    """The request as the SDK repeats it: botocore gives each transaction a token of its own."""
    if operation != "TransactWriteItems":
        return request
    return {"ClientRequestToken": token[:36], **request}


def _in_part(client: Any, operation: str, request: Request) -> dict[str, Any]:
    """Only the first part of each table's is done; the others come back unprocessed."""
    done: dict[str, Any] = {}
    left: dict[str, Any] = {}
    for table, asked in request["RequestItems"].items():
        done[table], left[table] = _cut(asked)
    answer = _send(client, operation, {**request, "RequestItems": done})
    unprocessed = "UnprocessedKeys" if operation == "BatchGetItem" else "UnprocessedItems"
    return answer | {unprocessed: {table: asked for table, asked in left.items() if asked}}


def _cut(asked: Any) -> tuple[Any, Any]:
    """The first part of what is asked of one table, and the others (None when there are none)."""
    if isinstance(asked, list):
        return asked[:1], asked[1:] or None
    first, others = asked["Keys"][:1], asked["Keys"][1:]
    return {**asked, "Keys": first}, {**asked, "Keys": others} if others else None
