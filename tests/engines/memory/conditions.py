"""Conditions: what is true of an item. With a missing attribute no comparison is true but `<>`."""

from collections.abc import Callable, Sequence

from tests.engines.memory import values
from tests.engines.memory.operands import Operand, Values, operand
from tests.engines.memory.syntax import Call, Node
from tests.engines.memory.values import Item, Value

type Test = Callable[[Item, Values], bool]


def test_of(node: Node) -> Test:
    """What tells of an item and the given values whether the condition holds."""
    if not isinstance(node, Call):
        raise TypeError(f"not a condition: {node}")
    if node.name in ("AND", "OR", "NOT"):
        return _logic(node.name, [test_of(each) for each in node.operands])
    operands = [operand(each) for each in node.operands]
    if node.name in _TESTS_OF_TWO:
        left, right = operands
        return _test_of_two(_TESTS_OF_TWO[node.name], left, right)
    if node.name in ("attribute_exists", "attribute_not_exists"):
        return _presence(operands[0], node.name == "attribute_exists")
    if node.name == "BETWEEN":
        return _between(*operands)
    return _within(operands[0], operands[1:])


def _logic(name: str, tests: Sequence[Test]) -> Test:
    first, last = tests[0], tests[-1]
    if name == "NOT":
        return lambda item, given: not first(item, given)
    if name == "AND":
        return lambda item, given: first(item, given) and last(item, given)
    return lambda item, given: first(item, given) or last(item, given)


def _presence(operand: Operand, wanted: bool) -> Test:
    return lambda item, given: (operand(item, given) is not None) is wanted


def _between(operand: Operand, low: Operand, high: Operand) -> Test:
    def test(item: Item, given: Values) -> bool:
        value, least, most = operand(item, given), low(item, given), high(item, given)
        if value is None or least is None or most is None:
            return False
        return values.ordered(value, least) in (0, 1) and values.ordered(value, most) in (0, -1)

    return test


def _within(operand: Operand, choices: Sequence[Operand]) -> Test:
    def test(item: Item, given: Values) -> bool:
        value = operand(item, given)
        return value is not None and any(value == choice(item, given) for choice in choices)

    return test


def _test_of_two(compare: Callable[[Value, Value], bool], left: Operand, right: Operand) -> Test:
    unequal = compare is _unequal

    def test(item: Item, given: Values) -> bool:
        one, other = left(item, given), right(item, given)
        if one is None or other is None:
            return unequal
        return compare(one, other)

    return test


def _unequal(left: Value, right: Value) -> bool:
    return left != right


def _begins_with(value: Value, start: Value) -> bool:
    kind = values.kind_of(value)
    return kind in ("S", "B") and kind in start and value[kind].startswith(start[kind])


def _contains(value: Value, part: Value) -> bool:
    kind, data = next(iter(value.items()))
    if kind == "L":
        return part in data
    if kind in ("SS", "NS", "BS"):
        return kind[0] in part and part[kind[0]] in data
    return kind in ("S", "B") and kind in part and part[kind] in data


def _is_type(value: Value, wanted: Value) -> bool:
    return wanted["S"] in value


_TESTS_OF_TWO: dict[str, Callable[[Value, Value], bool]] = {
    "=": values.equal,
    "<>": _unequal,
    "<": lambda left, right: values.ordered(left, right) == -1,
    "<=": lambda left, right: values.ordered(left, right) in (-1, 0),
    ">": lambda left, right: values.ordered(left, right) == 1,
    ">=": lambda left, right: values.ordered(left, right) in (0, 1),
    "begins_with": _begins_with,
    "contains": _contains,
    "attribute_type": _is_type,
}
