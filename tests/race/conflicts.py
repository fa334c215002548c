"""What DynamoDB Local never does: refuse a write because another request holds the item."""

import random
from typing import Any

import pytest

from antrean.store.dynamodb import connect, table
from tests.engines.errors import (
    CONFLICT_REASON,
    NO_REASON,
    transaction_cancelled,
    transaction_conflict,
)

SHARE = 0.3
"""Of writes that meet a conflict, far beyond what the release minute would bring."""


class Conflicting:
    """A client some of whose writes are refused, unwritten, for a conflict."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        if random.random() < SHARE:
            if operation == "TransactWriteItems":
                reasons = [NO_REASON] * len(request["TransactItems"])
                reasons[random.randrange(len(reasons))] = CONFLICT_REASON
                raise transaction_cancelled(operation, reasons)
            if operation == "UpdateItem":
                raise transaction_conflict(operation)
        return self._client._make_api_call(operation, request)


def conflicts(_patch: pytest.MonkeyPatch) -> None:
    """Have the writes of a playing process meet conflicts."""
    connect(Conflicting(table().connection.client))
