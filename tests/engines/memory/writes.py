"""One write, weighed before it is done: what stands there, what would, does the condition hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engines.errors import Invalid
from tests.engines.memory import expressions
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
from tests.engines.memory.storage import HASH, RANGE, Key, Stored, Table, key_in, key_of
from tests.engines.memory.values import Item, accepted_item, copied_item

_COMMON = frozenset(
    {
        "TableName",
        "ConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnValues",
        "ReturnValuesOnConditionCheckFailure",
        "ReturnConsumedCapacity",
    }
)
_KNOWN = {
    "Put": _COMMON | {"Item"},
    "Delete": _COMMON | {"Key"},
    "Update": _COMMON | {"Key", "UpdateExpression"},
    "ConditionCheck": _COMMON | {"Key"},
}


@dataclass(frozen=True, slots=True)
class Write:
    """A weighed write."""

    table: Table
    key: Key
    request: Request
    old: Stored | None
    new: Stored | None
    holds: bool
    """Whether the condition holds; when not, `new` is what stands there already."""

    def bill(self, bill: Bill, *, times: int = 1) -> None:
        """Charge it; a refused write is charged as well."""
        sizes = [stored.size for stored in (self.old, self.new) if stored]
        bill.write(self.table.name, max(sizes, default=0), times=times)

    def apply(self) -> None:
        """Write it."""
        if self.new is not self.old:
            self.table.put(self.key, self.new)

    def found(self) -> Item | None:
        """The item a refusal shows, when it was asked for and there is one."""
        if self.old and self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            return copied_item(self.old.item)
        return None


def weigh(tables: Mapping[str, Table], kind: str, request: Request) -> Write:
    """Weigh a `Put`, `Update`, `Delete` or `ConditionCheck`.

    Raises Invalid; `tests.engines.errors.Impossible` when the item at hand does not allow it.
    """
    refuse_unmodelled(kind, request, _KNOWN[kind])
    table = tables[request["TableName"]]
    names, given = names_of(request), values_of(request)
    condition = condition_of(request, "ConditionExpression", names)
    key, change, change_expression = _CHANGES[kind](request, names, given)
    check(names, given, change_expression, condition)
    old = table.get(key)
    item = old.item if old else {}
    holds = condition is None or condition.run(item, given)
    new = change(old) if holds else old
    return Write(table, key, request, old, new, holds)


type _Change = Callable[[Stored | None], Stored | None]
type _Planned = tuple[Key, _Change, expressions.Compiled[Any] | None]


def _put(request: Request, _names: expressions.Names, _given: Values) -> _Planned:
    item = accepted_item(request["Item"])
    stored = Stored.of(item)
    return key_in(item), lambda _old: stored, None


def _delete(request: Request, _names: expressions.Names, _given: Values) -> _Planned:
    return key_of(request["Key"]), lambda _old: None, None


def _check(request: Request, _names: expressions.Names, _given: Values) -> _Planned:
    return key_of(request["Key"]), lambda old: old, None


def _update(request: Request, names: expressions.Names, given: Values) -> _Planned:
    key = key_of(request["Key"])
    text = request["UpdateExpression"]
    compiled = expressions.update(text, names)
    for path in expressions.updated(text, names):
        if path.parts[0] in (HASH, RANGE):
            raise Invalid(
                "One or more parameter values were invalid: Cannot update attribute "
                f"{path.parts[0]}. This attribute is part of the key"
            )

    def change(old: Stored | None) -> Stored:
        return Stored.of(compiled.run(old.item if old else key.attributes(), given))

    return key, change, compiled


_CHANGES: dict[str, Callable[[Request, expressions.Names, Values], _Planned]] = {
    "Put": _put,
    "Update": _update,
    "Delete": _delete,
    "ConditionCheck": _check,
}


def attributes(kind: str, write: Write) -> Item | None:
    """What `ReturnValues` asks for, or None. Raises Invalid for a word the kind does not take."""
    wanted = write.request.get("ReturnValues", "NONE")
    refuse_return_values(kind, wanted)
    if wanted == "NONE":
        return None
    stored = write.old if wanted.endswith("OLD") else write.new
    if stored is None:
        return None
    if wanted.startswith("ALL"):
        return copied_item(stored.item)
    return _updated(write, stored.item)


def refuse_return_values(kind: str, wanted: str) -> None:
    """Raise Invalid for a `ReturnValues` the kind of write does not take."""
    if kind != "Update" and wanted not in ("NONE", "ALL_OLD"):
        raise Invalid("Return values set to invalid value")


def _updated(write: Write, item: Item) -> Item | None:
    paths = expressions.updated(write.request["UpdateExpression"], names_of(write.request))
    if any(len(path.parts) > 1 for path in paths):
        raise NotImplementedError("UPDATED_OLD and UPDATED_NEW of nested paths are not modelled")
    names = [str(path.parts[0]) for path in paths]
    return copied_item({name: item[name] for name in names if name in item}) or None
