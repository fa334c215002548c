"""A small DynamoDB in this process, given to the store in place of a botocore client.

It answers as DynamoDB does, item by item and error by error, at tens of thousands of calls a
second. What it does not model it refuses with NotImplementedError. It differs from DynamoDB Local
where that differs from AWS (see tests/race/test_engine_contract.py).
"""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from tests.engines.errors import ENDPOINT, Invalid, client_error, condition_failed
from tests.engines.errors import transaction_conflict as conflict
from tests.engines.memory.reads import Reader
from tests.engines.memory.requests import Bill, Request, refuse_unmodelled
from tests.engines.memory.storage import Image, Table
from tests.engines.memory.transactions import Transactions
from tests.engines.memory.values import Item, copied_item
from tests.engines.memory.writes import attributes, refuse_return_values, weigh

PAGE_BYTES = 1024 * 1024
"""The most a Query or Scan reads for one page, on AWS."""

_SINGLE_WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}

type Steps = Generator[None, None, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answered:
    """One round trip: what was asked, what it cost, and the error's code if it was refused."""

    operation: str
    reads: float
    """Read units."""
    writes: float
    """Write units."""
    error: str | None = None


@dataclass(slots=True)
class MemoryDynamoDB:
    """Tables with string keys `pk` and `sk`, behind the part of a client that PynamoDB uses.

    `page_bytes` may be made small, so that a few items fill a page of a Query. `now` (seconds)
    is asked only by the ten minutes for which a transaction's token is remembered.
    """

    table_names: tuple[str, ...]
    page_bytes: int = PAGE_BYTES
    now: Callable[[], float] = lambda: 0.0
    stale: Callable[[], bool] = lambda: False
    """Asked for each eventually consistent read while `lag` is on: does this one lag behind?"""
    log: list[Answered] = field(default_factory=list)
    tables: dict[str, Table] = field(init=False)
    meta: SimpleNamespace = field(init=False)
    _request_signer: SimpleNamespace = field(init=False)
    _reader: Reader = field(init=False)
    _transactions: Transactions = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.tables = {name: Table(name) for name in self.table_names}
        self.meta = SimpleNamespace(endpoint_url=ENDPOINT, region_name="memory")
        self._request_signer = SimpleNamespace(_credentials=object())
        self._reader = Reader(self.tables, self.page_bytes, self._lags_behind)
        self._transactions = Transactions(self.tables, self._seconds)

    def _lags_behind(self) -> bool:
        return self.stale()  # looked up now: the simulator sets it later

    def _seconds(self) -> float:
        return self.now()

    def _make_api_call(self, operation_name: str, api_params: Request) -> dict[str, Any]:
        """Answer one call at once; what PynamoDB calls."""
        with self._lock:
            steps = self.steps(operation_name, api_params)
            try:
                while True:
                    next(steps)
            except StopIteration as done:
                answer: dict[str, Any] = done.value
                return answer

    def steps(self, operation: str, request: Request) -> Steps:
        """Answer one call, stopping wherever AWS lets another request in between.

        That is within TransactWriteItems: after its items are held, and after each is written.
        """
        bill = Bill()
        try:
            self._refuse_unknown_tables(operation, request)
            answer = yield from self._answer(operation, request, bill)
        except Invalid as invalid:
            self._note(operation, bill, "ValidationException")
            raise client_error(operation, "ValidationException", str(invalid)) from None
        except ClientError as error:
            self._note(operation, bill, error.response["Error"]["Code"])
            raise
        self._note(operation, bill, None)
        self._add_consumed(operation, request, bill, answer)
        return answer

    def _answer(self, operation: str, request: Request, bill: Bill) -> Steps:
        if operation in _SINGLE_WRITES:
            return self._write(operation, request, bill)
        if operation == "TransactWriteItems":
            return (yield from self._transactions.write(request, bill))
        if operation == "BatchWriteItem":
            return self._batch_write(request, bill)
        return self._read(operation, request, bill)

    def _read(self, operation: str, request: Request, bill: Bill) -> dict[str, Any]:
        match operation:
            case "GetItem":
                return self._reader.get_item(request, bill)
            case "BatchGetItem":
                return self._reader.batch_get_item(request, bill)
            case "Query":
                return self._reader.query(request, bill)
            case "Scan":
                return self._reader.scan(request, bill)
            case "TransactGetItems":
                return self._reader.transact_get_items(request, bill)
        raise NotImplementedError(f"{operation} is not modelled")

    def _write(self, operation: str, request: Request, bill: Bill) -> dict[str, Any]:
        kind = _SINGLE_WRITES[operation]
        refuse_return_values(kind, request.get("ReturnValues", "NONE"))
        write = weigh(self.tables, kind, request)
        if write.key in write.table.held:
            raise conflict(operation)
        write.bill(bill)
        if not write.holds:
            raise condition_failed(operation, write.found())
        write.apply()
        answered = attributes(kind, write)
        return {} if answered is None else {"Attributes": answered}

    def _batch_write(self, request: Request, bill: Bill) -> dict[str, Any]:
        refuse_unmodelled(
            "BatchWriteItem", request, frozenset({"RequestItems", "ReturnConsumedCapacity"})
        )
        writes = [
            weigh(self.tables, kind.removesuffix("Request"), {**asked, "TableName": name})
            for name, parts in request["RequestItems"].items()
            for part in parts
            for kind, asked in part.items()
        ]
        if len(writes) > 25:
            raise Invalid("Too many items requested for the BatchWriteItem call")
        if len({(write.table.name, write.key) for write in writes}) != len(writes):
            raise Invalid("Provided list of item keys contains duplicates")
        for write in writes:
            write.bill(bill)
            write.apply()
        return {"UnprocessedItems": {}}

    def _refuse_unknown_tables(self, operation: str, request: Request) -> None:
        if not self.tables.keys() >= _tables_named(request):
            raise client_error(
                operation,
                "ResourceNotFoundException",
                "Cannot do operations on a non-existent table",
            )

    def _note(self, operation: str, bill: Bill, error: str | None) -> None:
        reads, writes = sum(bill.reads.values()), sum(bill.writes.values())
        self.log.append(Answered(operation, reads, writes, error))

    @staticmethod
    def _add_consumed(operation: str, request: Request, bill: Bill, answer: dict[str, Any]) -> None:
        if request.get("ReturnConsumedCapacity", "NONE") != "NONE":
            consumed: list[dict[str, Any]] = bill.consumed()
            many = operation.startswith(("Batch", "Transact"))
            answer["ConsumedCapacity"] = consumed if many else consumed[0]

    # What tests and the simulator do to it, beside its calls.

    def lag(self) -> None:
        """From now on, keep what replicas have not seen, for reads that `stale` sends there."""
        for table in self.tables.values():
            table.lagging = True

    def catch_up(self) -> None:
        """Let replicas see everything written so far."""
        for table in self.tables.values():
            table.behind.clear()

    def keep_up(self) -> None:
        """From now on, let replicas see everything at once."""
        self.catch_up()
        for table in self.tables.values():
            table.lagging = False

    def items(self, table: str) -> list[Item]:
        """A copy of every item of a table, by key."""
        rows = sorted(self.tables[table].scanned())
        return [copied_item(stored.item) for _, stored in rows]

    def snapshot(self) -> Image:
        """What `restore` takes. Cheap: items are shared, since none is ever changed in place."""
        return {name: table.image() for name, table in self.tables.items()}

    def restore(self, image: Image) -> None:
        """Be as at the snapshot: same items, no transaction under way, no token remembered."""
        for name, table in self.tables.items():
            table.restore(image[name])
        self._transactions.forget()
        self.log.clear()


def _tables_named(request: Request) -> set[str]:
    if "TableName" in request:
        return {request["TableName"]}
    parts = request.get("TransactItems", ())
    return {each["TableName"] for part in parts for each in part.values()} | set(
        request.get("RequestItems", ())
    )
