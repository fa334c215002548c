"""What every request has: parameters that are modelled or refused, and a bill in units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engines.errors import Invalid
from tests.engines.memory import expressions
from tests.engines.memory.conditions import Test
from tests.engines.memory.expressions import Compiled, Names
from tests.engines.memory.operands import Values
from tests.engines.memory.values import accepted

type Request = Mapping[str, Any]

READ_UNIT, WRITE_UNIT = 4096, 1024
"""Bytes. Source: AWS, "Read consumption" and "Write consumption"."""


@dataclass(slots=True)
class Bill:
    """Units one call consumes, by table."""

    reads: dict[str, float] = field(default_factory=dict)
    writes: dict[str, float] = field(default_factory=dict)

    def read(self, table: str, size: int, *, consistent: bool, times: int = 1) -> None:
        """Charge a read of `size` bytes: half the units when eventually consistent."""
        units = max(1, -(-size // READ_UNIT)) * (1.0 if consistent else 0.5)
        self.reads[table] = self.reads.get(table, 0) + units * times

    def write(self, table: str, size: int, *, times: int = 1) -> None:
        """Charge a write of an item of `size` bytes, the larger of before and after."""
        units = max(1, -(-size // WRITE_UNIT))
        self.writes[table] = self.writes.get(table, 0) + float(units * times)

    def consumed(self) -> list[dict[str, Any]]:
        """The bill as DynamoDB answers it."""
        return [
            {
                "TableName": table,
                "CapacityUnits": self.reads.get(table, 0.0) + self.writes.get(table, 0.0),
            }
            for table in {**self.reads, **self.writes}
        ]


def refuse_unmodelled(operation: str, request: Request, known: frozenset[str]) -> None:
    """Raise NotImplementedError for a parameter this model would otherwise ignore."""
    if not known.issuperset(request):
        unknown = ", ".join(sorted(set(request) - known))
        raise NotImplementedError(f"{operation} with {unknown} is not modelled")


def names_of(request: Request) -> Names:
    """The request's attribute names, as the expression cache takes them."""
    names = request.get("ExpressionAttributeNames")
    return tuple(names.items()) if names else ()


def values_of(request: Request) -> Values:
    """The request's attribute values, accepted. Raises Invalid."""
    given = request.get("ExpressionAttributeValues")
    if not given:
        return {}
    return {name: accepted(value) for name, value in given.items()}


def condition_of(request: Request, parameter: str, names: Names) -> Compiled[Test] | None:
    """The compiled expression of a parameter, or None without it. Raises Invalid."""
    text = request.get(parameter)
    return None if text is None else expressions.condition(parameter, text, names)


def check(names: Names, given: Values, *parts: Compiled[Any] | None) -> None:
    """Raise Invalid unless the expressions use exactly the names and values that were given."""
    used = [part for part in parts if part is not None]
    for part in used:
        part.check(given)
    used_names = frozenset[str]().union(*(part.names for part in used))
    used_values = frozenset[str]().union(*(part.values for part in used))
    if len(names) != len(used_names):
        raise _unused("ExpressionAttributeNames", (name for name, _ in names), used_names)
    if len(given) != len(used_values):
        raise _unused("ExpressionAttributeValues", given, used_values)


def _unused(parameter: str, given: Iterable[str], used: frozenset[str]) -> Invalid:
    unused = ", ".join(name for name in given if name not in used)
    return Invalid(f"Value provided in {parameter} unused in expressions: keys: {{{unused}}}")
