"""What the contract with DynamoDB Local cannot show of the in-memory model."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.engines.contract import Call, check, get, key, n, part, put, query, s, transact, update
from tests.engines.memory import values
from tests.engines.memory.client import Answered, MemoryDynamoDB

TABLE = "a-table"


@pytest.fixture
def model() -> MemoryDynamoDB:
    return MemoryDynamoDB((TABLE,))


def ask(model: MemoryDynamoDB, call: Call) -> dict[str, Any]:
    return model._make_api_call(call.operation, call.request(TABLE))


def code_of(model: MemoryDynamoDB, call: Call) -> str:
    with pytest.raises(ClientError) as refused:
        ask(model, call)
    return str(refused.value.response["Error"]["Code"])


def grow(sk: str = "s") -> dict[str, Any]:
    return part(update("ADD n :one", {":one": n(1)}, Key=key(sk)))


def test_what_a_caller_changes_after_a_put_is_not_stored(model: MemoryDynamoDB) -> None:
    inner = {"x": n(1)}
    item = key() | {"m": {"M": inner}}
    model._make_api_call("PutItem", {"TableName": TABLE, "Item": item})
    inner["x"] = n(2)
    assert ask(model, get())["Item"]["m"] == {"M": {"x": n(1)}}


def test_what_a_caller_changes_in_an_answer_is_not_stored(model: MemoryDynamoDB) -> None:
    ask(model, put(key() | {"l": {"L": [n(1)]}, "st": {"SS": ["a"]}}))
    item = ask(model, get())["Item"]
    item["l"]["L"].append(n(2))
    item["st"]["SS"].append("b")
    assert ask(model, get())["Item"] == key() | {"l": {"L": [n(1)]}, "st": {"SS": ["a"]}}


def test_an_update_inside_a_map_leaves_a_snapshot_as_it_was(model: MemoryDynamoDB) -> None:
    ask(model, put(key() | {"m": {"M": {"x": n(1)}}}))
    before = model.snapshot()
    ask(model, update("SET m.x = :two", {":two": n(2)}))
    ask(model, put(key("other")))
    model.restore(before)
    assert model.items(TABLE) == [key() | {"m": {"M": {"x": n(1)}}}]


def test_a_parameter_that_is_not_modelled_is_refused(model: MemoryDynamoDB) -> None:
    with pytest.raises(NotImplementedError, match="IndexName"):
        ask(model, query(IndexName="by-name"))


def test_an_operation_that_is_not_modelled_is_refused(model: MemoryDynamoDB) -> None:
    with pytest.raises(NotImplementedError, match="ExecuteStatement"):
        ask(model, Call("ExecuteStatement", {}))


def test_a_small_page_ends_a_query_early(model: MemoryDynamoDB) -> None:
    model = MemoryDynamoDB((TABLE,), page_bytes=100)
    for sk in "abcd":
        ask(model, put(key(sk, "q") | {"x": s("y" * 40)}))
    first = ask(model, query())
    assert (first["Count"], first["LastEvaluatedKey"]) == (2, key("b", "q"))
    second = ask(model, query(ExclusiveStartKey=first["LastEvaluatedKey"]))
    assert (second["Count"], "LastEvaluatedKey" in second) == (2, False)


def test_a_token_is_remembered_for_ten_minutes() -> None:
    clock = [0.0]
    model = MemoryDynamoDB((TABLE,), now=lambda: clock[0])
    writing = transact(grow(), ClientRequestToken="t")
    for seconds in (0.0, 599.0, 601.0):
        clock[0] = seconds
        ask(model, writing)
    assert ask(model, get())["Item"]["n"] == n(2)


@pytest.mark.parametrize(
    ("size", "single", "double"), [(10, 1.0, 2.0), (1024, 1.0, 2.0), (1025, 2.0, 4.0)]
)
def test_a_write_costs_a_unit_for_each_kilobyte_and_twice_that_in_a_transaction(
    model: MemoryDynamoDB, size: int, single: float, double: float
) -> None:
    item = key() | {"x": s("y" * (size - values.item_size(key() | {"x": s("")})))}
    ask(model, put(item))
    ask(model, transact(part(put(item))))
    assert model.log == [
        Answered("PutItem", 0.0, single),
        Answered("TransactWriteItems", 0.0, double),
    ]


def test_a_booking_of_one_costs_seven_write_units(model: MemoryDynamoDB) -> None:
    ask(model, update("ADD n :one", {":one": n(1)}, Key=key("slot")))
    ask(model, transact(*[part(put(key(sk))) for sk in ("ticket", "person", "booking")]))
    assert sum(call.writes for call in model.log) == 7


def test_a_refused_write_is_charged_and_logged_with_its_code(model: MemoryDynamoDB) -> None:
    code_of(model, update("SET n = n", None, ConditionExpression="n = n"))
    code_of(model, update("SET a = :v", {":v": n(1)}, ConditionExpression="attribute_exists(pk)"))
    assert model.log == [
        Answered("UpdateItem", 0.0, 0.0, "ValidationException"),
        Answered("UpdateItem", 0.0, 1.0, "ConditionalCheckFailedException"),
    ]


def test_reads_cost_half_unless_consistent_and_double_in_a_transaction(
    model: MemoryDynamoDB,
) -> None:
    ask(model, put(key() | {"x": s("y" * 5000)}))
    model.log.clear()
    ask(model, get())
    ask(model, get(ConsistentRead=True))
    ask(model, get("missing"))
    keys = {"Keys": [key(), key("missing")], "ConsistentRead": True}
    ask(model, Call("BatchGetItem", {"RequestItems": {"TABLE": keys}}))
    gets = [{"Get": {"TableName": "TABLE", "Key": key()}}]
    ask(model, Call("TransactGetItems", {"TransactItems": gets}))
    assert [call.reads for call in model.log] == [1.0, 2.0, 0.5, 3.0, 4.0]


def test_a_query_costs_by_the_sum_of_its_items(model: MemoryDynamoDB) -> None:
    for number in range(30):
        ask(model, put(key(f"{number:02}", "q") | {"x": s("y" * 300)}))
    model.log.clear()
    ask(model, query())
    assert [call.reads for call in model.log] == [1.5]


def test_an_update_that_the_item_does_not_allow_cancels_a_transaction_with_that_reason(
    model: MemoryDynamoDB,
) -> None:
    wrong = part(update("SET n = missing + :one", {":one": n(1)}))
    with pytest.raises(ClientError) as refused:
        ask(model, transact(part(put(key("other"))), wrong))
    reasons: Any = refused.value.response.get("CancellationReasons")
    assert [reason["Code"] for reason in reasons] == ["None", "ValidationError"]
    assert model.items(TABLE) == []


# Between the parts of a transaction


def test_a_reader_between_the_parts_of_a_transaction_sees_some_of_them(
    model: MemoryDynamoDB,
) -> None:
    writing = transact(part(put(key("a", "q"))), part(put(key("b", "q"))))
    steps = model.steps(writing.operation, writing.request(TABLE))
    seen = [ask(model, query())["Count"] for _ in steps]
    assert seen == [0, 1, 2]


def test_items_of_a_transaction_under_way_refuse_other_writers(model: MemoryDynamoDB) -> None:
    writing = transact(part(put(key("a"))), check("attribute_not_exists(pk)", None, "b"))
    steps = model.steps(writing.operation, writing.request(TABLE))
    next(steps)
    codes = [code_of(model, put(key("a"))), code_of(model, put(key("b")))]
    assert codes == ["TransactionConflictException"] * 2
    ask(model, put(key("c")))
    for _ in steps:
        pass
    ask(model, put(key("b")))


def test_a_transaction_meets_a_conflict_and_a_failed_condition_at_once(
    model: MemoryDynamoDB,
) -> None:
    held = transact(part(put(key("a"))))
    steps = model.steps(held.operation, held.request(TABLE))
    next(steps)
    with pytest.raises(ClientError) as refused:
        ask(model, transact(grow("a"), check("attribute_exists(pk)", None, "b"), grow("c")))
    reasons: Any = refused.value.response.get("CancellationReasons")
    assert [reason["Code"] for reason in reasons] == [
        "TransactionConflict",
        "ConditionalCheckFailed",
        "None",
    ]


def test_the_same_transaction_sent_again_while_under_way_is_told_so(model: MemoryDynamoDB) -> None:
    writing = transact(grow(), ClientRequestToken="t")
    steps = model.steps(writing.operation, writing.request(TABLE))
    next(steps)
    assert code_of(model, writing) == "TransactionInProgressException"


# Eventually consistent reads


def test_a_lagging_read_shows_what_was_until_replicas_catch_up(model: MemoryDynamoDB) -> None:
    ask(model, put(key("a", "q") | {"n": n(1)}))
    model.lag()
    model.stale = lambda: True
    ask(model, put(key("a", "q") | {"n": n(2)}))
    ask(model, put(key("b", "q")))
    assert ask(model, query())["Items"] == [key("a", "q") | {"n": n(1)}]
    assert ask(model, query(ConsistentRead=True))["Count"] == 2
    assert "Item" not in ask(model, get(Key=key("b", "q")))
    model.catch_up()
    assert ask(model, query())["Count"] == 2
