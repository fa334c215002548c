"""GetItem, BatchGetItem, Query, Scan and TransactGetItems of the in-memory model."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.engines.errors import CONFLICT_REASON, NO_REASON, Invalid, transaction_cancelled
from tests.engines.memory import expressions
from tests.engines.memory.conditions import Test
from tests.engines.memory.expressions import Compiled, Names
from tests.engines.memory.given import Check, checks_of_condition
from tests.engines.memory.operands import Values
from tests.engines.memory.requests import (
    Bill,
    Request,
    check,
    condition_of,
    names_of,
    refuse_unmodelled,
    values_of,
)
from tests.engines.memory.storage import HASH, RANGE, Key, Stored, Table, key_of, scan_rank
from tests.engines.memory.syntax import Call, Given, Node, Path, parse_condition
from tests.engines.memory.values import Item, copied_item

MOST_KEYS = 100
_GET = frozenset(
    {
        "TableName",
        "Key",
        "ConsistentRead",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ReturnConsumedCapacity",
    }
)
_PAGED = frozenset(
    {
        "TableName",
        "ConsistentRead",
        "ExclusiveStartKey",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "FilterExpression",
        "Limit",
        "ProjectionExpression",
        "ReturnConsumedCapacity",
        "Select",
    }
)
_QUERY = _PAGED | {"KeyConditionExpression", "ScanIndexForward"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads tables; `stale` says, for one eventually consistent read, whether it lags behind."""

    tables: Mapping[str, Table]
    page_bytes: int
    stale: Callable[[], bool]

    def get_item(self, request: Request, bill: Bill) -> dict[str, Any]:
        """GetItem."""
        refuse_unmodelled("GetItem", request, _GET)
        found = self._one(request, bill)
        return {} if found is None else {"Item": found}

    def _one(self, request: Request, bill: Bill, times: int = 1) -> Item | None:
        table, key = self.tables[request["TableName"]], key_of(request["Key"])
        pick = _projection(request)
        consistent = bool(request.get("ConsistentRead")) or times > 1
        stored = self._row(table, key, stale=not consistent and self.stale())
        size = stored.size if stored else 0
        bill.read(table.name, size, consistent=consistent, times=times)
        return None if stored is None else pick(stored.item)

    @staticmethod
    def _row(table: Table, key: Key, *, stale: bool) -> Stored | None:
        if stale and key in table.behind:
            return table.behind[key]
        return table.get(key)

    def batch_get_item(self, request: Request, bill: Bill) -> dict[str, Any]:
        """BatchGetItem. Items come back in no order worth relying on."""
        refuse_unmodelled(
            "BatchGetItem", request, frozenset({"RequestItems", "ReturnConsumedCapacity"})
        )
        wanted = request["RequestItems"]
        if sum(len(each["Keys"]) for each in wanted.values()) > MOST_KEYS:
            raise Invalid("Too many items requested for the BatchGetItem call")
        responses = {name: self._batch(name, each, bill) for name, each in wanted.items()}
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _batch(self, name: str, request: Request, bill: Bill) -> list[Item]:
        refuse_unmodelled("BatchGetItem", request, _GET | {"Keys"})
        keys = [key_of(key) for key in request["Keys"]]
        if not keys:
            raise Invalid(
                "The list of keys in RequestItems for BatchGetItem is required: "
                f"{name} has empty list"
            )
        if len(set(keys)) != len(keys):
            raise Invalid("Provided list of item keys contains duplicates")
        each = {k: v for k, v in request.items() if k != "Keys"}
        found = [
            self._one({**each, "TableName": name, "Key": key.attributes()}, bill)
            for key in sorted(keys, key=lambda key: scan_rank(key.pk + key.sk))
        ]
        return [item for item in found if item is not None]

    def transact_get_items(self, request: Request, bill: Bill) -> dict[str, Any]:
        """TransactGetItems. Raises ClientError when a transaction holds one of the items."""
        refuse_unmodelled(
            "TransactGetItems", request, frozenset({"TransactItems", "ReturnConsumedCapacity"})
        )
        gets = [each["Get"] for each in request["TransactItems"]]
        keys = [(get["TableName"], key_of(get["Key"])) for get in gets]
        refuse_twice(keys)
        busy = [key in self.tables[name].held for name, key in keys]
        if any(busy):
            reasons = [CONFLICT_REASON if held else NO_REASON for held in busy]
            raise transaction_cancelled("TransactGetItems", reasons)
        found = [self._one(get, bill, times=2) for get in gets]
        return {"Responses": [{} if item is None else {"Item": item} for item in found]}

    def query(self, request: Request, bill: Bill) -> dict[str, Any]:
        """Query of a table (indexes are not modelled)."""
        refuse_unmodelled("Query", request, _QUERY)
        table, names, given = self._of(request), names_of(request), values_of(request)
        keys = _key_condition(request["KeyConditionExpression"], names)
        page = _Page.of(request, names, given, keys.used)
        pk, in_range = keys.range(given)
        stale = not page.consistent and self.stale()
        order, rows = table.partition(pk, stale=stale)
        selected = order[in_range(order)]
        forward = request.get("ScanIndexForward", True)
        start = page.start
        if start is not None:
            if start.pk != pk or not in_range([start.sk]) == slice(0, 1):
                raise Invalid("The provided starting key does not match the range key predicate")
            selected = (
                selected[bisect_right(selected, start.sk) :]
                if forward
                else selected[: bisect_left(selected, start.sk)]
            )
        ordered = selected if forward else reversed(selected)
        found = ((Key(pk, sk), rows[sk]) for sk in ordered)
        return self._answer(table, page, found, given, bill)

    def scan(self, request: Request, bill: Bill) -> dict[str, Any]:
        """Scan of a table."""
        refuse_unmodelled("Scan", request, _PAGED)
        table, names, given = self._of(request), names_of(request), values_of(request)
        page = _Page.of(request, names, given, None)
        found: Iterable[tuple[Key, Stored]] = table.scanned()
        if page.start is not None:
            after = (scan_rank(page.start.pk), page.start.sk)
            found = (pair for pair in found if (scan_rank(pair[0].pk), pair[0].sk) > after)
        return self._answer(table, page, iter(found), given, bill)

    def _of(self, request: Request) -> Table:
        return self.tables[request["TableName"]]

    def _answer(
        self,
        table: Table,
        page: "_Page",
        found: Iterator[tuple[Key, Stored]],
        given: Values,
        bill: Bill,
    ) -> dict[str, Any]:
        size = scanned = 0
        items: list[Item] = []
        last: Key | None = None
        more = False
        for key, stored in found:
            if page.limit == scanned or (scanned and size + stored.size > self.page_bytes):
                more = True
                break
            last, size, scanned = key, size + stored.size, scanned + 1
            if page.keeps is None or page.keeps.run(stored.item, given):
                items.append(stored.item)
        bill.read(table.name, size, consistent=page.consistent)
        answer: dict[str, Any] = {"Count": len(items), "ScannedCount": scanned}
        if not page.count:
            answer["Items"] = [page.pick(item) for item in items]
        if last is not None and (more or page.limit == scanned):
            answer["LastEvaluatedKey"] = last.attributes()
        return answer


def refuse_twice(keys: list[tuple[str, Key]]) -> None:
    """Raise Invalid when a transaction names an item twice."""
    if len(set(keys)) != len(keys):
        raise Invalid("Transaction request cannot include multiple operations on one item")


def _projection(request: Request) -> Callable[[Item], Item]:
    names = names_of(request)
    text = request.get("ProjectionExpression")
    if text is None:
        check(names, {})
        return copied_item
    compiled = expressions.projection(text, names)
    check(names, {}, compiled)
    return lambda item: copied_item(compiled.run(item))


@dataclass(frozen=True, slots=True)
class _Page:
    """What Query and Scan share."""

    consistent: bool
    limit: int | None
    start: Key | None
    count: bool
    keeps: Compiled[Test] | None
    pick: Callable[[Item], Item]

    @classmethod
    def of(
        cls, request: Request, names: Names, given: Values, keys: Compiled[Any] | None
    ) -> "_Page":
        keeps = condition_of(request, "FilterExpression", names)
        text = request.get("ProjectionExpression")
        picked = None if text is None else expressions.projection(text, names)
        check(names, given, keys, keeps, picked)
        for name in (HASH, RANGE):
            if keys is not None and keeps is not None and name in keeps.attributes:
                raise Invalid(
                    "Filter Expression can only contain non-primary key attributes: "
                    f"Primary key attribute: {name}"
                )
        count = request.get("Select") == "COUNT"
        if count and picked:
            raise Invalid(
                "Cannot specify the ProjectionExpression when choosing to get only the Count"
            )
        limit = request.get("Limit")
        if limit is not None and limit < 1:
            raise Invalid("Limit must be greater than or equal to 1")
        return cls(
            consistent=bool(request.get("ConsistentRead")),
            limit=limit,
            start=_start(request),
            count=count,
            keeps=keeps,
            pick=copied_item if picked is None else lambda item: copied_item(picked.run(item)),
        )


def _start(request: Request) -> Key | None:
    start = request.get("ExclusiveStartKey")
    if start is None:
        return None
    if len(start) != 2:
        raise Invalid("Exclusive Start Key must have same size as table's key schema")
    return key_of(start)


# Key conditions

_LOW_HIGH: dict[str, Callable[[list[str], str], slice]] = {
    "=": lambda order, to: slice(bisect_left(order, to), bisect_right(order, to)),
    "<": lambda order, to: slice(0, bisect_left(order, to)),
    "<=": lambda order, to: slice(0, bisect_right(order, to)),
    ">": lambda order, to: slice(bisect_right(order, to), len(order)),
    ">=": lambda order, to: slice(bisect_left(order, to), len(order)),
}


@dataclass(frozen=True, slots=True)
class _KeyCondition:
    """`pk = :a`, and at most one comparison of sk."""

    used: Compiled[None]
    pk: str
    operator: str | None
    operands: tuple[str, ...]

    def range(self, given: Values) -> tuple[str, Callable[[list[str]], slice]]:
        """The partition, and what cuts its sorted sort keys. Raises Invalid."""
        pk = _key_text(given[self.pk])
        texts = [_key_text(given[name]) for name in self.operands]
        if self.operator is None:
            return pk, lambda order: slice(0, len(order))
        if self.operator == "BETWEEN":
            low, high = texts
            return pk, lambda order: slice(bisect_left(order, low), bisect_right(order, high))
        if self.operator == "begins_with":
            return pk, lambda order: _starting_with(order, texts[0])
        cut = _LOW_HIGH[self.operator]
        return pk, lambda order: cut(order, texts[0])


def _starting_with(order: list[str], start: str) -> slice:
    first = bisect_left(order, start)
    last = bisect_left(order, True, lo=first, key=lambda sk: not sk.startswith(start))
    return slice(first, last)


def _key_text(value: dict[str, Any]) -> str:
    if "S" not in value:
        raise Invalid(
            "One or more parameter values were invalid: "
            "Condition parameter type does not match schema type"
        )
    text: str = value["S"]
    return text


@lru_cache(maxsize=1024)
def _key_condition(text: str, names: Names) -> _KeyCondition:
    parsed = parse_condition("KeyConditionExpression", text, dict(names))
    used = Compiled.of("KeyConditionExpression", parsed, None, _checks(parsed.tree))
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for part in _conjuncts(parsed.tree):
        name, operator, operands = _comparison(part)
        if name in found:
            raise Invalid("KeyConditionExpressions must only contain one condition per key")
        found[name] = operator, operands
    if HASH not in found or not set(found) <= {HASH, RANGE}:
        raise Invalid("Query condition missed key schema element")
    operator, (pk,) = found[HASH][0], found[HASH][1][:1]
    if operator != "=":
        raise Invalid("Query key condition not supported")
    ranged = found.get(RANGE)
    return _KeyCondition(used, pk, *(ranged or (None, ())))


def _checks(tree: Node) -> list[Check]:
    return checks_of_condition("KeyConditionExpression", tree)


def _conjuncts(node: Node) -> list[Call]:
    if isinstance(node, Call) and node.name == "AND":
        return [part for operand in node.operands for part in _conjuncts(operand)]
    assert isinstance(node, Call)
    if node.name not in (*_LOW_HIGH, "BETWEEN", "begins_with"):
        raise Invalid(f"Invalid operator used in KeyConditionExpression: {node.name}")
    return [node]


def _comparison(call: Call) -> tuple[str, str, tuple[str, ...]]:
    path, *operands = call.operands
    names = tuple(operand.name for operand in operands if isinstance(operand, Given))
    if not isinstance(path, Path) or len(path.parts) != 1 or len(names) != len(operands):
        raise NotImplementedError("a key condition compares a key with given values")
    return str(path.parts[0]), call.name, names
