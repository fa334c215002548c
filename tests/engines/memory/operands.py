"""Operands of expressions: attributes, given values, and the functions that give a value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.engines.errors import Impossible
from tests.engines.memory import values
from tests.engines.memory.syntax import Given, Node, Path
from tests.engines.memory.values import Item, Value

type Values = Mapping[str, Value]
type Operand = Callable[[Item, Values], Value | None]

MISSING = "The provided expression refers to an attribute that does not exist in the item"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"


def operand(node: Node) -> Operand:
    """What takes the operand's value from an item and the given values; None when absent."""
    if isinstance(node, Given):
        name = node.name
        return lambda _item, given: given[name]
    if isinstance(node, Path):
        return place(node)
    first = operand(node.operands[0])
    if node.name == "size":
        return lambda item, given: _size(first(item, given))
    second = operand(node.operands[1])
    if node.name == "if_not_exists":
        return lambda item, given: first(item, given) or second(item, given)
    if node.name == "list_append":
        return _joined(first, second)
    return _summed(first, second, -1 if node.name == "-" else 1)


def place(path: Path) -> Operand:
    if len(path.parts) == 1:
        name = str(path.parts[0])
        return lambda item, _given: item.get(name)

    def find(item: Item, _given: Values) -> Value | None:
        return _found(item, path.parts)

    return find


def _found(item: Item, parts: Sequence[str | int]) -> Value | None:
    """The value at a path, or None."""
    value: Value = {"M": item}
    for part in parts:
        inner = value.get("M") if isinstance(part, str) else value.get("L")
        child = None if inner is None else step(inner, part)
        if child is None:
            return None
        value = child
    return value


def _size(value: Value | None) -> Value | None:
    if value is None:
        return None
    kind, data = next(iter(value.items()))
    if kind in ("N", "BOOL", "NULL"):
        return None
    return {"N": str(len(data))}


def _summed(left: Operand, right: Operand, sign: int) -> Operand:
    def add(item: Item, given: Values) -> Value:
        one, other = needed(left(item, given), "N"), needed(right(item, given), "N")
        return {"N": values.total(one, other, sign)}

    return add


def _joined(left: Operand, right: Operand) -> Operand:
    def join(item: Item, given: Values) -> Value:
        return {"L": needed(left(item, given), "L") + needed(right(item, given), "L")}

    return join


def needed(value: Value | None, kind: str) -> Any:
    if value is None:
        raise Impossible(MISSING)
    if kind not in value:
        raise Impossible(WRONG_TYPE)
    return value[kind]


def step(inner: Any, part: str | int) -> Value | None:
    """The direct child of a map's or list's content, or None."""
    if isinstance(part, int):
        return inner[part] if part < len(inner) else None
    return inner.get(part)  # type: ignore[no-any-return]
