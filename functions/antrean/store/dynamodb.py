"""The one table, and the one DynamoDB client that every item kind shares."""

from typing import Any

from botocore.config import Config
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory
from botocore.session import Session
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.models import Model

from antrean.runtime.registry import once
from antrean.runtime.settings import settings

CONNECT_TIMEOUT = 1.0
READ_TIMEOUT = 2.0
"""Seconds. PynamoDB's own defaults (15 and 30) outlive the API's time limit."""


class ItemsAsSent(JSONParser):
    """Reads DynamoDB's answers, and leaves the items in them as the JSON has them.

    botocore copies each value of each item: for a month of slots half of all the work there is.
    The copies differ from the JSON in binary values alone, and the table has none.
    """

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name == "AttributeValue":
            return value
        return super()._handle_map(shape, value)  # type: ignore[misc]


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Return what reads an answer of a service that speaks this protocol."""
        return ItemsAsSent() if protocol_name == "json" else super().create_parser(protocol_name)


class _Connection(Connection):
    @property
    def session(self) -> Session:
        """The botocore session that makes the client."""
        session = super().session
        session.register_component("response_parser_factory", _Parsers())
        # Made once: botocore would put it together for each call, a tenth of a booking's own work.
        session.set_default_client_config(Config(user_agent=session.user_agent()))
        return session


@once
def table() -> TableConnection:
    """Return this process's connection to the table.

    The SDK does not retry: `antrean.store.retrying` does, inside the request's time deadline.
    """
    connected = TableConnection(settings().table_name)
    connected.connection = _Connection(
        connect_timeout_seconds=CONNECT_TIMEOUT,
        read_timeout_seconds=READ_TIMEOUT,
        max_retry_attempts=0,
    )
    connected.connection.add_meta_table(
        MetaTable(
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
        )
    )
    return connected


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
