"""The one table, and the one DynamoDB client that every item kind shares."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.models import Model

from antrean.runtime.registry import once
from antrean.runtime.settings import settings

CONNECT_TIMEOUT = 1.0
READ_TIMEOUT = 2.0
"""Seconds. PynamoDB's own defaults (15 and 30) outlive the API's time limit."""


@once
def table() -> TableConnection:
    """Return this process's connection to the table.

    The SDK does not retry: `antrean.store.retrying` does, inside the request's time deadline.
    """
    return TableConnection(
        settings().table_name,
        connect_timeout_seconds=CONNECT_TIMEOUT,
        read_timeout_seconds=READ_TIMEOUT,
        max_retry_attempts=0,
        meta_table=MetaTable(
            {
                "TableName": settings().table_name,
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
            }
        ),
    )


def connect(client: Any) -> None:
    """Send every call through `client`, a botocore DynamoDB client or a test's stand-in."""
    table().connection._client = client


class Item(Model):
    """What every item has: its two keys. Each item kind shares the table's one connection."""

    class Meta:
        table_name = "of the settings"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB would make one client a model: one more connection and 60 ms for each kind.
        return table()
