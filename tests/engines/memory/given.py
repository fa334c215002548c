"""What the given values alone, before any item is read, may already break in an expression."""

from collections.abc import Callable, Sequence

from tests.engines.errors import Invalid
from tests.engines.memory import values
from tests.engines.memory.operands import Values
from tests.engines.memory.syntax import Call, Given, Node, Update

type Check = Callable[[Values], None]

_ORDERED = frozenset({"S", "N", "B"})
_KINDS = {
    "<": _ORDERED,
    "<=": _ORDERED,
    ">": _ORDERED,
    ">=": _ORDERED,
    "begins_with": frozenset({"S", "B"}),
    "attribute_type": frozenset({"S"}),
    "+": frozenset({"N"}),
    "-": frozenset({"N"}),
    "list_append": frozenset({"L"}),
}
_CLAUSE_KINDS = {
    "ADD": frozenset({"N", "SS", "NS", "BS"}),
    "DELETE": frozenset({"SS", "NS", "BS"}),
}
_WORDS = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "L": "LIST",
    "M": "MAP",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
}


def checks_of_condition(kind: str, node: Node) -> list[Check]:
    """The checks a condition or an operand asks for; `kind` is the parameter's name."""
    if not isinstance(node, Call):
        return []
    checks = [each for part in node.operands for each in checks_of_condition(kind, part)]
    given = [part.name for part in node.operands if isinstance(part, Given)]
    if node.name in _KINDS:
        checks += [_of_kind(kind, node.name, name) for name in given]
    if node.name == "BETWEEN":
        checks += [_of_kind(kind, node.name, name) for name in given]
        _, low, high = node.operands
        if isinstance(low, Given) and isinstance(high, Given):
            checks.append(_bounds(kind, low.name, high.name))
    return checks


def checks_of_update(updates: Sequence[Update]) -> list[Check]:
    """The checks an update expression asks for."""
    checks: list[Check] = []
    for update in updates:
        if update.clause in _CLAUSE_KINDS and isinstance(update.operand, Given):
            checks.append(_of_clause(update.clause, update.operand.name))
        elif update.operand is not None:
            checks += checks_of_condition("UpdateExpression", update.operand)
    return checks


def _of_kind(kind: str, operator: str, name: str) -> Check:
    allowed = _KINDS.get(operator, _ORDERED)

    def check(given: Values) -> None:
        found = values.kind_of(given[name])
        if found not in allowed:
            raise Invalid(
                f"Invalid {kind}: Incorrect operand type for operator or function; "
                f"operator or function: {operator}, operand type: {found}"
            )

    return check


def _of_clause(clause: str, name: str) -> Check:
    def check(given: Values) -> None:
        found = values.kind_of(given[name])
        if found not in _CLAUSE_KINDS[clause]:
            raise Invalid(
                "Invalid UpdateExpression: Incorrect operand type for operator or function; "
                f"operator: {clause}, operand type: {_WORDS.get(found, found)}, "
                f"typeSet: ALLOWED_FOR_{clause}_OPERAND"
            )

    return check


def _bounds(kind: str, low: str, high: str) -> Check:
    def check(given: Values) -> None:
        least, most = given[low], given[high]
        order = values.ordered(least, most)
        if order in (0, -1):
            return
        must = (
            "same data type for lower and upper bounds"
            if order is None
            else "upper bound to be greater than or equal to lower bound"
        )
        raise Invalid(
            f"Invalid {kind}: The BETWEEN operator requires {must}; lower bound operand: "
            f"AttributeValue: {_shown(least)}, upper bound operand: "
            f"AttributeValue: {_shown(most)}"
        )

    return check


def _shown(value: values.Value) -> str:
    kind = values.kind_of(value)
    return f"{{{kind}:{value[kind]}}}"
