"""The in-memory model answers as DynamoDB Local does.

The same calls, picked by hand and at random, go to both; answers, errors, cancellation reasons
and units must be the same. `_LOCAL` lists where DynamoDB Local is known to differ from AWS; there
the model follows AWS.
"""

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.engines.contract import PICKED, Call, random_calls
from tests.engines.dynamodb_local import DynamoDBLocal
from tests.engines.memory.client import MemoryDynamoDB
from tests.engines.memory.values import normal_number

_RANDOM_CALLS = 1_500


@dataclass(frozen=True, slots=True)
class Pair:
    """The two engines, each with an empty table of one name."""

    table: str
    local: Any
    memory: MemoryDynamoDB

    def answers(self, call: Call) -> tuple[Any, Any]:
        """What DynamoDB Local and the model answer to `call`, comparable."""
        request = call.request(self.table)
        return (
            _answer(self.local, call.operation, request),
            _answer(self.memory, call.operation, request),
        )

    def items(self) -> tuple[list[Any], list[Any]]:
        """All items of both, by key."""
        pages = self.local.get_paginator("scan").paginate(TableName=self.table)
        local = [_plain(item) for page in pages for item in page["Items"]]
        return sorted(local, key=_by_key), [_plain(item) for item in self.memory.items(self.table)]


def _by_key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _by_content(item: Mapping[str, Any]) -> str:
    return str(sorted(item.items()))


def _answer(client: Any, operation: str, request: dict[str, Any]) -> Any:
    try:
        answer = client._make_api_call(operation, request)
    except ClientError as error:
        return _error(error.response)
    return _local_units(operation, _plain(answer))


def _error(response: Mapping[str, Any]) -> Any:
    error, reasons = response["Error"], response.get("CancellationReasons", [])
    for reason in reasons:
        if reason["Code"] == "ValidationError":
            # DynamoDB Local refuses the whole request; AWS cancels with this reason (API
            # reference of TransactWriteItems, "Validation Error").
            reasons = []
            error = {"Code": "ValidationException", "Message": reason["Message"]}
    return {
        "Error": _plain(error),
        "Item": _plain(response.get("Item")),
        # DynamoDB Local ends the message with a full stop for a ConditionCheck.
        "Reasons": [
            {name: part.rstrip(".") if name == "Message" else _plain(part)}
            for reason in reasons
            for name, part in sorted(reason.items())
        ],
    }


def _local_units(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out units that DynamoDB Local counts unlike AWS.

    It charges a transaction once and not twice for each item, a missing item of a batch not at
    all, and a Query that finds nothing 0 (AWS: "DynamoDB read and write operations").
    """
    if operation.startswith(("Transact", "Batch")) or answer.get("ScannedCount") == 0:
        answer.pop("ConsumedCapacity", None)
    return answer


def _plain(answer: Any) -> Any:
    """An answer without what says nothing: HTTP data, the order of sets and of batches."""
    if isinstance(answer, Mapping):
        plain = {k: _plain(v) for k, v in answer.items() if k != "ResponseMetadata"}
        if isinstance(plain.get("N"), str):
            # DynamoDB Local keeps needless zeros in sums; AWS trims them ("Number" data type).
            plain["N"] = normal_number(plain["N"])
        for kind in ("SS", "NS", "BS"):
            if kind in plain and isinstance(plain[kind], list):
                plain[kind] = sorted(plain[kind])
        if isinstance(plain.get("Responses"), dict):
            plain["Responses"] = {
                t: sorted(i, key=_by_content) for t, i in plain["Responses"].items()
            }
        return plain
    return [_plain(each) for each in answer] if isinstance(answer, list) else answer


def _client(dynamodb: DynamoDBLocal) -> Any:
    """A client that, as PynamoDB's, leaves it to DynamoDB to find a request's faults."""
    return botocore.session.get_session().create_client(
        "dynamodb",
        endpoint_url=dynamodb.endpoint,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def pair(dynamodb: DynamoDBLocal, dynamodb_table: str) -> Pair:
    return Pair(dynamodb_table, _client(dynamodb), MemoryDynamoDB((dynamodb_table,)))


def _compare(pair: Pair, calls: Sequence[Call]) -> None:
    for number, call in enumerate(calls):
        local, memory = pair.answers(call)
        assert memory == local, f"call {number}: {call}"
    _compare_items(pair)


def _compare_items(pair: Pair) -> None:
    local_items, memory_items = pair.items()
    assert memory_items == local_items


@pytest.mark.parametrize("name", PICKED)
def test_model_answers_picked_calls_as_dynamodb_local_does(pair: Pair, name: str) -> None:
    _compare(pair, PICKED[name])


def test_model_answers_random_calls_as_dynamodb_local_does(pair: Pair) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print(f"replay: SEED={seed}")
    for number, call in enumerate(random_calls(random.Random(seed), _RANDOM_CALLS)):
        local, memory = map(without_reason_of_refusal, pair.answers(call))
        assert memory == local, f"call {number}: {call}"
    _compare_items(pair)


def without_reason_of_refusal(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out why a request is invalid: of two faults, either may be named."""
    if answer.get("Error", {}).get("Code") == "ValidationException":
        answer["Error"].pop("Message")
    return answer
