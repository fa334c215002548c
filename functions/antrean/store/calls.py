"""How the store talks to DynamoDB: retries inside a time budget, and refusals by name."""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from antrean import clock
from antrean.domain.errors import Unavailable
from antrean.store.table import Item, table

LOST = (ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError)
BUSY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
FIRST_PAUSE, LONGEST_PAUSE = 0.025, 0.8
"""Seconds: the ceiling of the first pause, doubled each time, and where the doubling ends."""

BUSY_NOW = "The queue is very busy. Repeat the same request."

CONDITION_FAILED = "ConditionalCheckFailed"


@dataclass(frozen=True, slots=True)
class Budget:
    """Until when (seconds since 1970) a request may go on trying."""

    until: float

    @classmethod
    def of(cls, seconds: float) -> "Budget":
        """Return a budget of `seconds` from now."""
        return cls(clock.now().timestamp() + seconds)

    def is_spent(self) -> bool:
        """Return whether the time is over."""
        return clock.now().timestamp() >= self.until

    def pause(self, attempt: int) -> bool:
        """Wait with full jitter before another attempt; False when there is no time for one.

        Full jitter: a uniformly random pause below an exponentially growing ceiling
        (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
        """
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        wait = random.uniform(0, ceiling)  # noqa: S311 - spreads load, guards nothing
        if clock.now().timestamp() + wait >= self.until:
            return False
        clock.sleep(wait)
        return True

    def wait(self, attempt: int) -> None:
        """Wait as `pause` does; raises `Unavailable` when there is no time for another attempt."""
        if not self.pause(attempt):
            raise Unavailable(BUSY_NOW)


class Refused(Exception):
    """A condition of a write did not hold; `names` are those parts of a transaction it was."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = names


def call[T](send: Callable[[], T], budget: Budget) -> T:
    """Return what `send` returns, trying again while the store is busy and the budget lasts.

    Raises `Refused` when a condition does not hold, `Unavailable` when the budget ends. After
    `Unavailable` the write may or may not have happened.
    """
    attempt = 0
    while True:
        try:
            return send()
        except PynamoDBException as error:
            if _code(error) == "ConditionalCheckFailedException":
                raise Refused from error
            if not _passing(error):
                raise
            if not budget.pause(attempt):
                raise Unavailable(BUSY_NOW) from error
        attempt += 1


def _passing(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError) and error.cancellation_reasons:
        # A conflict beside a failed condition: what was compared may change, so ask again.
        return any(reason and reason.code in BUSY for reason in error.cancellation_reasons)
    return isinstance(error.cause, LOST) or _code(error) in BUSY


def _code(error: PynamoDBException) -> str | None:
    # PynamoDB's own `cause_response_code` breaks on a time-out, whose response is None.
    response: dict[str, Any] = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


@dataclass(slots=True)
class Transaction:
    """One TransactWriteItems whose parts have names, so that a refusal says which part it was.

    >>> writing = Transaction()
    >>> writing.put("ticket 1", TicketItem(...), TicketItem.pk.does_not_exist())
    >>> writing.commit(budget)
    """

    _parts: dict[str, list[tuple[str, dict[str, Any]]]] = field(
        # PynamoDB sends the parts in this order, whatever order they were given in, and the
        # cancellation reasons come back in it (pynamodb#1284).
        default_factory=lambda: {"check": [], "delete": [], "put": [], "update": []}
    )

    def check(self, name: str, item: Item, condition: Condition) -> None:
        """Write nothing, but refuse unless `condition` holds for `item`."""
        kwargs = table().get_operation_kwargs(item.pk, range_key=item.sk, condition=condition)
        self._parts["check"].append((name, kwargs))

    def put(self, name: str, item: Item, condition: Condition | None = None) -> None:
        """Write `item` whole."""
        kwargs = item.get_save_kwargs_from_instance(condition=condition)
        self._parts["put"].append((name, kwargs))

    def update(
        self, name: str, item: Item, actions: Sequence[Action], condition: Condition | None = None
    ) -> None:
        """Change some attributes of `item` (only its keys matter)."""
        kwargs = item.get_update_kwargs_from_instance(actions=list(actions), condition=condition)
        self._parts["update"].append((name, kwargs))

    def delete(self, name: str, item: Item, condition: Condition | None = None) -> None:
        """Delete `item` (only its keys matter)."""
        kwargs = item.get_delete_kwargs_from_instance(condition=condition)
        self._parts["delete"].append((name, kwargs))

    def commit(self, budget: Budget) -> None:
        """Write all parts or none.

        Raises `Refused` with the names of the parts whose conditions did not hold,
        `Unavailable` when the budget ended before an answer came.
        """
        token = str(uuid.uuid4())  # the same for every attempt: applied once at the most
        parts: Mapping[str, list[dict[str, Any]]] = {
            kind: [kwargs for _, kwargs in named] for kind, named in self._parts.items()
        }

        def send() -> object:
            return table().connection.transact_write_items(
                condition_check_items=parts["check"],
                delete_items=parts["delete"],
                put_items=parts["put"],
                update_items=parts["update"],
                client_request_token=token,
            )

        try:
            call(send, budget)
        except TransactWriteError as error:
            raise Refused(self._refused(error)) from error

    def _refused(self, error: TransactWriteError) -> frozenset[str]:
        names = [name for named in self._parts.values() for name, _ in named]
        refused = frozenset(
            name
            for name, reason in zip(names, error.cancellation_reasons, strict=False)
            if reason and reason.code == CONDITION_FAILED
        )
        if not refused:
            raise error
        return refused
