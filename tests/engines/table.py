"""The table of template.yaml on any engine that speaks DynamoDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.cloudformation import read

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
LOGICAL_ID = "Table"


@cache
def table_properties() -> dict[str, Any]:
    """Return the properties of the template's table that decide how items are found."""
    properties = read(TEMPLATE)["Resources"][LOGICAL_ID]["Properties"]
    wanted = (
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    )
    return {name: properties[name] for name in wanted if name in properties}


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Create the template's table under `name` and wait until it takes requests."""
    client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **table_properties())
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


@contextmanager
def a_table(client: "DynamoDBClient", name: str) -> Iterator[str]:
    """Have the template's table under `name` for the length of a `with` block."""
    create_table(client, name)
    try:
        yield name
    finally:
        client.delete_table(TableName=name)
