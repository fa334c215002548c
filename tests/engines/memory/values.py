"""Attribute values as DynamoDB takes, compares, measures and gives them.

A value is the wire form, `{"S": "text"}`. Stored values are never changed in place, so that a
snapshot need not copy them; what comes in and what goes out is copied.
"""

from collections.abc import Mapping
from decimal import Context, Decimal, DecimalException, Inexact
from typing import Any

from tests.engines.errors import Impossible, Invalid

type Value = dict[str, Any]
type Item = dict[str, Value]

_SETS = {"SS": "S", "NS": "N", "BS": "B"}
_SET_WORDS = {"SS": "string", "NS": "number", "BS": "binary"}
_MOST_DIGITS = 38
_MOST = 10**_MOST_DIGITS
_EXACT = Context(prec=_MOST_DIGITS, traps=[Inexact])


def accepted_item(item: Mapping[str, Value]) -> Item:
    """A checked copy of an item as it will be stored. Raises Invalid."""
    return {name: accepted(value) for name, value in item.items()}


def accepted(value: Value) -> Value:
    """A checked copy of a value, its numbers in DynamoDB's one notation. Raises Invalid."""
    if len(value) != 1:
        raise Invalid(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one "
            "of the supported datatypes"
            if value
            else "Supplied AttributeValue is empty, must contain exactly one of the supported "
            "datatypes"
        )
    kind, data = next(iter(value.items()))
    if kind == "S" and isinstance(data, str):
        return {"S": data}
    if kind == "N" and isinstance(data, str):
        return {"N": normal_number(data)}
    if kind in _SETS and isinstance(data, list | tuple | set | frozenset):
        return {kind: _accepted_set(kind, list(data))}
    if kind == "M" and isinstance(data, Mapping):
        return {"M": accepted_item(data)}
    if kind == "L" and isinstance(data, list | tuple):
        return {"L": [accepted(element) for element in data]}
    if kind == "B" and isinstance(data, bytes | bytearray):
        return {"B": bytes(data)}
    if (kind == "BOOL" and isinstance(data, bool)) or (kind == "NULL" and data is True):
        return {kind: data}
    raise TypeError(f"not a {kind} attribute value: {type(data).__name__}")


def _accepted_set(kind: str, data: list[Any]) -> list[Any]:
    if not data:
        raise Invalid(
            "One or more parameter values were invalid: "
            f"An {_SET_WORDS[kind]} set  may not be empty"
        )
    members = [accepted({_SETS[kind]: member})[_SETS[kind]] for member in data]
    if len(set(members)) != len(members):
        if kind == "NS":
            raise Invalid("Input collection contains duplicates")
        listed = ", ".join(map(str, data))
        raise Invalid(
            f"One or more parameter values were invalid: Input collection [{listed}] "
            "contains duplicates"
        )
    return sorted(members, key=number if kind == "NS" else None)


def normal_number(text: str) -> str:
    """The one way DynamoDB writes a number back: plain, without needless zeros."""
    if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS and text[0] != "0":
        return text
    try:
        value = Decimal(text)
    except DecimalException:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid("A value provided cannot be converted into a number")
    return written(value)


def written(value: int | Decimal) -> str:
    """A number as text. Raises Invalid beyond DynamoDB's 38 digits."""
    if isinstance(value, int) and -_MOST < value < _MOST:
        return str(value)
    try:
        normal = _EXACT.normalize(Decimal(value))
    except Inexact:
        raise Impossible("DynamoDB only supports precision up to 38 digits") from None
    return format(normal, "f") if normal else "0"


def number(text: str) -> int | Decimal:
    """An accepted number's value, exact."""
    try:
        return int(text)
    except ValueError:
        return Decimal(text)


def total(left: str, right: str, sign: int) -> str:
    """`left + right` or, with sign -1, `left - right`. Raises Invalid when it is not exact."""
    a, b = number(left), number(right) * sign
    if isinstance(a, int) and isinstance(b, int):
        return written(a + b)
    try:
        return written(_EXACT.add(a, b))
    except Inexact:
        raise Impossible("DynamoDB only supports precision up to 38 digits") from None


def kind_of(value: Value) -> str:
    """The type letter(s) of a value."""
    return next(iter(value))


def copied_item(item: Mapping[str, Value]) -> Item:
    """A copy for the caller to keep."""
    return {name: copied(value) for name, value in item.items()}


def copied(value: Value) -> Value:
    """A copy of one value for the caller to keep."""
    for kind in ("S", "N"):  # by far the most, and never changed in place
        if kind in value:
            return {kind: value[kind]}
    kind, data = next(iter(value.items()))
    if kind == "M":
        return {"M": copied_item(data)}
    if kind == "L":
        return {"L": [copied(element) for element in data]}
    return {kind: list(data) if kind in _SETS else data}


def equal(left: Value, right: Value) -> bool:
    """Whether two accepted values are the same to DynamoDB (types never mix)."""
    return left == right


def ordered(left: Value, right: Value) -> int | None:
    """-1, 0 or 1, or None when the two have no order (other types, or not S, N or B)."""
    kind, mine = next(iter(left.items()))
    if kind not in right or kind not in ("S", "N", "B"):
        return None
    theirs = right[kind]
    if kind == "N":
        mine, theirs = number(mine), number(theirs)
    return int(mine > theirs) - int(mine < theirs)


def item_size(item: Mapping[str, Value]) -> int:
    """Bytes of an item as DynamoDB charges for them.

    Source: AWS, "DynamoDB item sizes and formats": names and texts in UTF-8; a number about one
    byte for two digits and one more; 3 bytes for a list or map and 1 for each element.
    """
    size = 0
    for name, value in item.items():
        text = value.get("S")
        size += _bytes(name) + (value_size(value) if text is None else _bytes(text))
    return size


def value_size(value: Value) -> int:
    """Bytes of one value, see item_size."""
    kind, data = next(iter(value.items()))
    if kind == "S":
        return _bytes(data)
    if kind == "N":
        return _number_size(data)
    if kind == "B":
        return len(data)
    if kind == "M":
        return 3 + item_size(data) + len(data)
    if kind == "L":
        return 3 + sum(value_size(element) + 1 for element in data)
    if kind in _SETS:
        return sum(value_size({_SETS[kind]: member}) for member in data)
    return 1


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _number_size(text: str) -> int:
    if text.isdecimal():
        return (len(text.rstrip("0")) + 1) // 2 + 1
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")
