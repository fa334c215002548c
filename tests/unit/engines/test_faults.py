"""The fault wrapper, on a use case of two calls: count up, then write down the count."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.engines.contract import Call, get, key, n, part, put, transact, update
from tests.engines.faults import Fault, FaultPoint, Faults, Killed, every_fault_point, faults_of
from tests.engines.memory.client import MemoryDynamoDB

TABLE = "a-table"
COUNT = update("ADD n :one", {":one": n(1)}, ReturnValues="ALL_NEW")
NOTE = transact(part(put(key("note"))), part(put(key("other"))))


class World:
    """A model, and the use case with one fault point."""

    def __init__(self, *points: FaultPoint) -> None:
        self.model = MemoryDynamoDB((TABLE,))
        self.faults = Faults(points)
        self.client = self.faults.wrap(self.model)

    def ask(self, call: Call) -> dict[str, Any]:
        return self.client._make_api_call(call.operation, call.request(TABLE))

    def use_case(self) -> None:
        with self.faults.armed():
            self.ask(COUNT)
            self.ask(NOTE)

    def items(self) -> dict[str, dict[str, Any]]:
        return {item["sk"]["S"]: item for item in self.model.items(TABLE)}

    def count(self) -> str:
        return str(self.items().get("s", {"n": n(0)})["n"]["N"])


def at(call: int, fault: Fault, *, lasting: bool = False) -> FaultPoint:
    operation = ("UpdateItem", "TransactWriteItems")[call]
    return FaultPoint(call, operation, fault, lasting)


@pytest.mark.parametrize(
    ("fault", "error", "count"),
    [
        (Fault.UNSENT, EndpointConnectionError, "0"),
        (Fault.ANSWER_LOST, ReadTimeoutError, "1"),
        (Fault.ARRIVES_LATE, ReadTimeoutError, "0"),
    ],
)
def test_a_call_fails_in_the_network(fault: Fault, error: type[Exception], count: str) -> None:
    world = World(at(0, fault))
    with pytest.raises(error):
        world.use_case()
    assert world.count() == count


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (Fault.THROTTLED, ["ThrottlingException"] * 2),
        (Fault.OVER_RATE, ["ProvisionedThroughputExceededException"] * 2),
        (Fault.CONFLICT, ["TransactionConflictException", "TransactionCanceledException"]),
    ],
)
def test_a_call_is_refused_by_name_with_nothing_written(fault: Fault, codes: list[str]) -> None:
    for call, code in enumerate(codes):
        world = World(at(call, fault))
        with pytest.raises(ClientError) as refused:
            world.use_case()
        assert refused.value.response["Error"]["Code"] == code
        assert "note" not in world.items()


def test_a_conflict_names_one_reason_for_each_item() -> None:
    world = World(at(1, Fault.CONFLICT))
    with pytest.raises(ClientError) as refused:
        world.use_case()
    reasons: Any = refused.value.response.get("CancellationReasons")
    assert [reason["Code"] for reason in reasons] == ["TransactionConflict", "None"]


@pytest.mark.parametrize(
    ("fault", "count"), [(Fault.KILLED_BEFORE, "0"), (Fault.KILLED_AFTER, "1")]
)
def test_a_killed_use_case_makes_no_further_call(fault: Fault, count: str) -> None:
    world = World(at(0, fault))
    reached: list[str] = []
    with world.faults.armed():
        try:
            world.ask(COUNT)
        except Exception:  # noqa: BLE001 - what a use case might do
            reached.append("handler")
        finally:
            with pytest.raises(Killed):
                world.ask(NOTE)
        reached.append("next line")
    assert (reached, world.count(), "note" in world.items()) == ([], count, False)
    world.ask(NOTE)


def test_a_late_call_is_applied_when_delivered_and_refusals_are_heard_by_nobody() -> None:
    world = World(at(0, Fault.ARRIVES_LATE))
    with pytest.raises(ReadTimeoutError):
        world.use_case()
    world.faults.deliver()
    assert world.count() == "1"
    world.faults._late.append(lambda: world.ask(update("SET n = n + nope")))
    world.faults.deliver()


def test_an_update_sent_twice_counts_twice_but_a_transaction_once() -> None:
    twice = World(at(0, Fault.SENT_TWICE))
    twice.use_case()
    assert twice.count() == "2"
    once = World(FaultPoint(0, "TransactWriteItems", Fault.SENT_TWICE))
    with once.faults.armed():
        once.ask(transact(part(update("ADD n :one", {":one": n(1)}))))
    assert once.count() == "1"


def test_what_happens_meanwhile_comes_before_a_delayed_call_and_is_not_counted() -> None:
    world = World(at(0, Fault.DELAYED))

    def meanwhile() -> None:
        world.ask(put(key() | {"n": n(10)}))

    world.faults.meanwhile = meanwhile
    world.use_case()
    assert world.count() == "11"
    assert world.faults.calls == ["UpdateItem", "TransactWriteItems"]


def test_a_lasting_fault_strikes_every_later_call_that_can_meet_it() -> None:
    world = World(at(0, Fault.CONFLICT, lasting=True))
    with world.faults.armed():
        for call in (COUNT, NOTE):
            with pytest.raises(ClientError):
                world.ask(call)
        world.ask(get())


def test_a_batch_is_answered_in_part() -> None:
    world = World(FaultPoint(0, "BatchGetItem", Fault.UNPROCESSED))
    keys = [key("a"), key("b"), key("c")]
    for each in keys:
        world.ask(put(each))
    with world.faults.armed():
        wanted = {"TABLE": {"Keys": keys, "ConsistentRead": True}}
        answer = world.ask(Call("BatchGetItem", {"RequestItems": wanted}))
    assert answer["Responses"] == {TABLE: keys[:1]}
    assert answer["UnprocessedKeys"] == {TABLE: {"Keys": keys[1:], "ConsistentRead": True}}


def test_calls_outside_or_not_matching_are_left_alone() -> None:
    world = World(FaultPoint(0, "TransactWriteItems", Fault.UNSENT))
    world.faults.matching = lambda operation, _request: operation == "TransactWriteItems"
    world.ask(NOTE)
    with world.faults.armed():
        world.ask(COUNT)
        with pytest.raises(EndpointConnectionError):
            world.ask(NOTE)


# Enumeration


def _scenario(use_case: Callable[[World], None]) -> Callable[[Faults], None]:
    def scenario(faults: Faults) -> None:
        world = World()
        world.faults, world.client = faults, faults.wrap(world.model)
        try:
            with faults.armed():
                use_case(world)
        except (ClientError, EndpointConnectionError, ReadTimeoutError):
            pass
        assert world.count() in ("0", "1"), "counted twice"

    return scenario


def test_every_call_is_broken_in_every_way_it_can_be() -> None:
    def use_case(world: World) -> None:
        world.ask(get())
        world.ask(put(key("x")))

    runs = every_fault_point(_scenario(use_case))
    met = {(point.operation, point.fault) for run in runs for point in run.points}
    assert met == {(o, f) for o in ("GetItem", "PutItem") for f in faults_of(o)}


def test_a_second_fault_reaches_the_calls_that_only_a_first_one_causes() -> None:
    def use_case(world: World) -> None:
        try:
            world.ask(put(key("x")))
        except (ClientError, EndpointConnectionError, ReadTimeoutError):
            world.ask(Call("DeleteItem", {"TableName": "TABLE", "Key": key("x")}))

    once = every_fault_point(_scenario(use_case))
    twice = every_fault_point(_scenario(use_case), depth=2)
    broken = [{p.operation for p in run.points} for run in twice]
    assert {"PutItem", "DeleteItem"} in broken
    assert len(twice) > len(once)


def test_a_failure_names_its_fault_points() -> None:
    def use_case(world: World) -> None:
        try:
            world.ask(COUNT)
        except ReadTimeoutError:
            world.ask(COUNT)  # a retry that does not know whether the first was applied

    with pytest.raises(AssertionError) as failed:
        every_fault_point(_scenario(use_case))
    assert failed.value.__notes__[0].startswith("fault points: call 0 (UpdateItem) is applied")
