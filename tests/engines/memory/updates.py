"""Updates: the new item that an update expression makes of the old one."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tests.engines.errors import Impossible, Invalid
from tests.engines.memory import values
from tests.engines.memory.operands import MISSING, Operand, Values, needed, operand, place, step
from tests.engines.memory.syntax import Update
from tests.engines.memory.values import Item, Value

_BAD_PATH = "The document path provided in the update expression is invalid for update"


def change_of(updates: Sequence[Update]) -> Callable[[Item, Values], Item]:
    """All right sides are taken of the old item, then all is written."""
    writes = [_write(update) for update in updates if update.clause != "REMOVE"]
    removals = sorted(
        (update.path.parts for update in updates if update.clause == "REMOVE"),
        key=lambda parts: [part if isinstance(part, int) else 0 for part in parts],
        reverse=True,  # a list's later elements first: the indexes are those of the old list
    )

    def change(old: Item, given: Values) -> Item:
        changes = [(parts, result(old, given)) for parts, result in writes]
        new = dict(old)
        for parts, value in changes:
            _put(new, parts, value)
        for parts in removals:
            _put(new, parts, None)
        return new

    return change


def _write(update: Update) -> tuple[tuple[str | int, ...], Operand]:
    assert update.operand is not None
    right = operand(update.operand)
    if update.clause == "SET":
        return update.path.parts, lambda item, given: right(item, given) or _refuse_missing()
    left = place(update.path)
    combine = _added if update.clause == "ADD" else _deleted
    return update.path.parts, lambda item, given: combine(left(item, given), right(item, given))


def _refuse_missing() -> Value:
    raise Impossible(MISSING)


def _added(old: Value | None, more: Value | None) -> Value | None:
    assert more is not None
    kind, data = next(iter(more.items()))
    if kind not in ("N", "SS", "NS", "BS"):
        raise Invalid(_operand_of("ADD", kind))
    if old is None:
        return more
    if kind == "N":
        return {"N": values.total(needed(old, "N"), data, 1)}
    return values.accepted({kind: set(needed(old, kind)) | set(data)})


def _deleted(old: Value | None, less: Value | None) -> Value | None:
    assert less is not None
    kind, data = next(iter(less.items()))
    if kind not in ("SS", "NS", "BS"):
        raise Invalid(_operand_of("DELETE", kind))
    if old is None:
        return None
    left = [member for member in needed(old, kind) if member not in data]
    return {kind: left} if left else None


_KIND_WORDS = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "L": "LIST",
    "M": "MAP",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
}


def _operand_of(clause: str, kind: str) -> str:
    return (
        "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        f"operator: {clause}, operand type: {_KIND_WORDS[kind]}, "
        f"typeSet: ALLOWED_FOR_{clause}_OPERAND"
    )


def _put(container: dict[str, Value], parts: Sequence[str | int], value: Value | None) -> None:
    """Write (or, with None, remove) at a path; what stands on the way is copied, not changed."""
    inner: Any = container
    for part, following in pairwise(parts):
        kind = "M" if isinstance(following, str) else "L"
        old = step(inner, part)
        if old is None or kind not in old:
            raise Impossible(_BAD_PATH)
        copy = old[kind].copy()
        inner[part] = {kind: copy}
        inner = copy
    last = parts[-1]
    if value is not None and isinstance(last, int) and last >= len(inner):
        inner.append(value)
    elif value is not None:
        inner[last] = value
    elif step(inner, last) is not None:
        del inner[last]
