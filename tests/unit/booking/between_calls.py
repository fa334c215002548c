"""Lets something happen between two calls of a use case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from antrean.store.dynamodb import connect


class InterposedClient:
    """A client that does something before its first call of one operation."""

    def __init__(self, client: Any, before: str, what: Callable[[], object]) -> None:
        self._client, self._before, self._what = client, before, what
        self._done = False
        self.meta, self._request_signer = client.meta, client._request_signer

    def _make_api_call(self, operation: str, request: Any) -> Any:
        if operation == self._before and not self._done:
            self._done = True
            connect(self._client)
            self._what()
            connect(self)
        return self._client._make_api_call(operation, request)


@contextmanager
def meanwhile(client: Any, before: str, what: Callable[[], object]) -> Iterator[None]:
    """Do `what` just before the first `before` call (an operation) of a `with` block."""
    meddling = InterposedClient(client, before, what)
    connect(meddling)
    try:
        yield
    finally:
        connect(client)
    assert meddling._done, f"there was no {before}"
