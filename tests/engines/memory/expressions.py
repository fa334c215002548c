"""DynamoDB's expressions, parsed once and turned into Python functions.

`condition`, `update` and `projection` give a cached callable for a text and its names; calling it
takes the item as stored and the request's values, already accepted (see `values`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tests.engines.errors import Invalid
from tests.engines.memory.conditions import Test, test_of
from tests.engines.memory.given import Check, checks_of_condition, checks_of_update
from tests.engines.memory.operands import Values
from tests.engines.memory.syntax import (
    Parsed,
    Path,
    parse_condition,
    parse_projection,
    parse_update,
)
from tests.engines.memory.updates import change_of
from tests.engines.memory.values import Item

type Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Compiled[F]:
    """A callable made of an expression, and what the expression asks of the request's values."""

    kind: str
    run: F
    names: frozenset[str]
    values: frozenset[str]
    attributes: frozenset[str]
    """Top-level attributes it reads or writes."""
    checks: Sequence[Check]

    @classmethod
    def of[T](
        cls, kind: str, parsed: Parsed[T], run: F, checks: Sequence[Check] = ()
    ) -> "Compiled[F]":
        """Put a parsed expression and its callable together."""
        return cls(kind, run, parsed.names, parsed.values, parsed.attributes, checks)

    def check(self, given: Values) -> None:
        """Raise Invalid when a value is missing, or of a type its operator never takes."""
        if not given.keys() >= self.values:
            missing = min(self.values - given.keys())
            raise Invalid(
                f"Invalid {self.kind}: An expression attribute value used in expression is "
                f"not defined; attribute value: {missing}"
            )
        for check in self.checks:
            check(given)


@lru_cache(maxsize=4096)
def condition(kind: str, text: str, names: Names) -> Compiled[Test]:
    """A test of an item; `kind` is the parameter's name, for error texts. Raises Invalid."""
    parsed = parse_condition(kind, text, dict(names))
    checks = checks_of_condition(kind, parsed.tree)
    return Compiled.of(kind, parsed, test_of(parsed.tree), checks)


@lru_cache(maxsize=4096)
def update(text: str, names: Names) -> Compiled[Callable[[Item, Values], Item]]:
    """What makes the new item of the old one. Raises Invalid."""
    parsed = parse_update(text, dict(names))
    checks = checks_of_update(parsed.tree)
    return Compiled.of("UpdateExpression", parsed, change_of(parsed.tree), checks)


@lru_cache(maxsize=4096)
def updated(text: str, names: Names) -> tuple[Path, ...]:
    """The paths an update expression writes."""
    return tuple(action.path for action in parse_update(text, dict(names)).tree)


@lru_cache(maxsize=4096)
def projection(text: str, names: Names) -> Compiled[Callable[[Item], Item]]:
    """What picks the asked attributes of an item. Raises Invalid."""
    parsed = parse_projection(text, dict(names))
    if any(len(path.parts) > 1 for path in parsed.tree):
        raise NotImplementedError("this model projects whole attributes only")
    wanted = [str(path.parts[0]) for path in parsed.tree]

    def pick(item: Item) -> Item:
        return {name: item[name] for name in wanted if name in item}

    return Compiled.of("ProjectionExpression", parsed, pick)
