"""The one table, and the one client behind it."""

import json
from typing import Any

import pytest
from botocore.parsers import JSONParser
from botocore.session import get_session

from antrean.runtime.registry import start_cold
from antrean.runtime.settings import settings
from antrean.store.dynamodb import ItemsAsSent, table
from antrean.store.items.booking import BookingItem
from antrean.store.items.slot import SlotItem
from antrean.store.items.ticket import TicketItem
from tests.support.worlds import World


def test_every_kind_of_item_goes_through_one_connection(world: World) -> None:
    connections = {kind._get_connection() for kind in (BookingItem, SlotItem, TicketItem)}
    assert connections == {table()}
    assert table().connection.client is world.client


def test_the_table_is_the_one_of_the_settings(
    unaudited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABLE_NAME", "another")
    assert table().table_name == "antrean"
    start_cold()
    assert (settings().table_name, table().table_name) == ("another", "another")


@pytest.mark.parametrize("operation", ["Query", "GetItem", "BatchGetItem", "UpdateItem"])
def test_an_answer_is_read_as_botocore_reads_it(operation: str) -> None:
    value = {"S": "a"}, {"N": "1"}, {"BOOL": False}, {"NULL": True}, {"SS": ["a"]}
    item = {
        str(n): one for n, one in enumerate((*value, {"L": list(value)}, {"M": {"a": value[0]}}))
    }
    bodies: dict[str, dict[str, Any]] = {
        "Query": {"Items": [item, item], "Count": 2, "LastEvaluatedKey": {"pk": {"S": "a"}}},
        "GetItem": {"Item": item},
        "BatchGetItem": {"Responses": {"t": [item]}, "UnprocessedKeys": {"t": {"Keys": [item]}}},
        "UpdateItem": {"Attributes": item},
    }
    body = bodies[operation]
    answer: dict[str, Any] = {
        "status_code": 200,
        "headers": {"x-amzn-requestid": "a"},
        "body": json.dumps(body).encode(),
    }
    shape: Any = get_session().get_service_model("dynamodb").operation_model(operation).output_shape
    read: Any = ItemsAsSent().parse(answer, shape)
    assert read == JSONParser().parse(answer, shape)
    assert read.items() >= body.items()


def test_the_store_makes_its_client_with_it(unaudited: World) -> None:
    start_cold()
    client: Any = table().connection.client
    parsers = client._endpoint._response_parser_factory
    assert isinstance(parsers.create_parser("json"), ItemsAsSent)
