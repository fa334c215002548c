"""TransactWriteItems of the in-memory model: hold, write, let go, with stops in between."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engines.errors import (
    CONFLICT_REASON,
    NO_REASON,
    Impossible,
    Invalid,
    client_error,
    transaction_cancelled,
)
from tests.engines.memory.reads import refuse_twice
from tests.engines.memory.requests import Bill, Request, refuse_unmodelled
from tests.engines.memory.storage import Key, Table, key_in, key_of
from tests.engines.memory.writes import Write, weigh

MOST_ITEMS = 100
TOKEN_SECONDS = 600.0
"""How long a ClientRequestToken is remembered, on AWS."""

_OPERATION = "TransactWriteItems"
_KNOWN = frozenset({"TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"})
_KINDS = frozenset({"Put", "Update", "Delete", "ConditionCheck"})

type Part = tuple[str, Request]


@dataclass(slots=True)
class _Remembered:
    request: str
    until: float
    done: bool = False


@dataclass(slots=True)
class Transactions:
    """Writes transactions; remembers their tokens for ten minutes of `now` (seconds)."""

    tables: Mapping[str, Table]
    now: Callable[[], float]
    _tokens: dict[str, _Remembered] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget all tokens."""
        self._tokens.clear()

    def write(self, request: Request, bill: Bill) -> Generator[None, None, dict[str, Any]]:
        """Do one TransactWriteItems. Raises Invalid or ClientError with nothing written."""
        refuse_unmodelled(_OPERATION, request, _KNOWN)
        parts = _parts(request)
        token = request.get("ClientRequestToken")
        if token is not None and self._repeated(token, parts):
            for _, part in parts:
                bill.read(part["TableName"], 0, consistent=True, times=2)
            return {}
        writes = self._weighed(parts, bill)
        return (yield from self._write(writes, token, parts))

    def _write(
        self, writes: list[Write], token: str | None, parts: list[Part]
    ) -> Generator[None, None, dict[str, Any]]:
        remembered = _Remembered(repr(parts), self.now() + TOKEN_SECONDS)
        if token is not None:
            self._tokens[token] = remembered
        for write in writes:
            write.table.held.add(write.key)
        yield
        for write in writes:
            write.apply()
            yield
        for write in writes:
            write.table.held.discard(write.key)
        remembered.done = True
        return {}

    def _repeated(self, token: str, parts: list[Part]) -> bool:
        """Whether this very transaction was written already. Raises ClientError if it differs."""
        known = self._tokens.get(token)
        if known is None or known.until <= self.now():
            return False
        if known.request != repr(parts):
            raise client_error(_OPERATION, "IdempotentParameterMismatchException", "")
        if not known.done:
            raise client_error(
                _OPERATION,
                "TransactionInProgressException",
                "The transaction with the given request token is already in progress.",
            )
        return True

    def _weighed(self, parts: list[Part], bill: Bill) -> list[Write]:
        writes: list[Write] = []
        reasons: list[dict[str, Any]] = []
        for kind, request in parts:
            try:
                write = weigh(self.tables, kind, request)
            except Impossible as impossible:
                reasons.append({"Code": "ValidationError", "Message": str(impossible)})
                continue
            write.bill(bill, times=2)
            writes.append(write)
            reasons.append(_reason(kind, write))
        if any(reason is not NO_REASON for reason in reasons):
            raise transaction_cancelled(_OPERATION, reasons)
        return writes


def _reason(kind: str, write: Write) -> dict[str, Any]:
    if write.key in write.table.held:
        return CONFLICT_REASON
    if write.holds:
        return NO_REASON
    found = write.found()
    return {
        "Code": "ConditionalCheckFailed",
        "Message": "The conditional request failed",
        **({"Item": found} if found else {}),
    }


def _parts(request: Request) -> list[Part]:
    """Each item's kind and request. Raises Invalid."""
    items = request["TransactItems"]
    if not items:
        raise Invalid(
            "Value [] at 'transactItems' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1"
        )
    if len(items) > MOST_ITEMS:
        raise Invalid(f"Member must have length less than or equal to {MOST_ITEMS}")
    if any(len(item) != 1 for item in items):
        raise Invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    parts = [next(iter(item.items())) for item in items]
    unknown = {kind for kind, _ in parts} - _KINDS
    if unknown:
        raise NotImplementedError(f"{', '.join(sorted(unknown))} in a transaction")
    refuse_twice([(part["TableName"], _key(kind, part)) for kind, part in parts])
    return parts


def _key(kind: str, request: Request) -> Key:
    return key_in(request["Item"]) if kind == "Put" else key_of(request["Key"])
