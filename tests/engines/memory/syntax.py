"""DynamoDB's expression language: from text to a tree.

Grammar: AWS, "Comparison operator and function reference", "Update expressions", "Projection
expressions". Reserved words are let through: PynamoDB sends every name as a placeholder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.engines.errors import Invalid


@dataclass(frozen=True, slots=True)
class Path:
    """An attribute, or a place within one: names and list indexes."""

    parts: tuple[str | int, ...]

    def __str__(self) -> str:
        return "[" + ", ".join(map(_part, self.parts)) + "]"


def _part(part: str | int) -> str:
    return f"[{part}]" if isinstance(part, int) else part


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the request, by its placeholder (`:x`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator with its operands."""

    name: str
    operands: tuple["Node", ...]


type Node = Path | Given | Call


@dataclass(frozen=True, slots=True)
class Update:
    """One clause element of an update expression: SET, REMOVE, ADD or DELETE."""

    clause: str
    path: Path
    operand: Node | None


@dataclass(frozen=True, slots=True)
class Parsed[T]:
    """A tree, and the placeholders the text used."""

    tree: T
    names: frozenset[str]
    values: frozenset[str]
    attributes: frozenset[str]
    """The top-level attributes it names."""


_TOKEN = re.compile(r"[#:]?[A-Za-z0-9_]+|<>|<=|>=|\S")
_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_CONDITIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}
_OF_PATHS = ("attribute_exists", "attribute_not_exists", "if_not_exists")
_OPERANDS = {"if_not_exists": 2, "list_append": 2}
_END = "<EOF>"


class _Parser:
    """A recursive descent over the tokens of one expression."""

    def __init__(self, kind: str, text: str, names: Mapping[str, str]) -> None:
        self.kind = kind
        self.text = text
        self.spans = [match.span() for match in _TOKEN.finditer(text)]
        self.tokens = [text[start:end] for start, end in self.spans]
        if not self.tokens:
            raise self.invalid("The expression can not be empty;")
        self.names = names
        self.at = 0
        self.used_names: set[str] = set()
        self.used_values: set[str] = set()
        self.attributes: set[str] = set()

    def invalid(self, reason: str) -> Invalid:
        return Invalid(f"Invalid {self.kind}: {reason}")

    def syntax_error(self) -> Invalid:
        around = self.spans[max(self.at - 1, 0) : self.at + 2]
        near = self.text[around[0][0] : around[-1][1]]
        return self.invalid(f'Syntax error; token: "{self.token}", near: "{near}"')

    def parsed[T](self, tree: T) -> Parsed[T]:
        if self.token != _END:
            raise self.syntax_error()
        return Parsed(
            tree,
            frozenset(self.used_names),
            frozenset(self.used_values),
            frozenset(self.attributes),
        )

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self) -> str:
        token = self.token
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if self.token.upper() != token:
            raise self.syntax_error()
        self.at += 1

    def accept(self, token: str) -> bool:
        if self.token.upper() == token:
            self.at += 1
            return True
        return False

    def condition(self) -> Node:
        node = self.conjunction()
        while self.accept("OR"):
            node = Call("OR", (node, self.conjunction()))
        return node

    def conjunction(self) -> Node:
        node = self.negation()
        while self.accept("AND"):
            node = Call("AND", (node, self.negation()))
        return node

    def negation(self) -> Node:
        if self.accept("NOT"):
            return Call("NOT", (self.negation(),))
        return self.predicate()

    def predicate(self) -> Node:
        if self.accept("("):
            node = self.condition()
            self.expect(")")
            return node
        if self.following == "(" and self.token != "size" and self.token[0].isalpha():
            return self.function(_CONDITIONS)
        return self.comparison(self.operand())

    def comparison(self, left: Node) -> Node:
        if self.token in _COMPARATORS:
            return self.checked(Call(self.take(), (left, self.operand())))
        if self.accept("BETWEEN"):
            low = self.operand()
            self.expect("AND")
            return Call("BETWEEN", (left, low, self.operand()))
        if self.accept("IN"):
            self.expect("(")
            choices = [self.operand()]
            while self.accept(","):
                choices.append(self.operand())
            self.expect(")")
            return Call("IN", (left, *choices))
        raise self.syntax_error()

    def checked(self, call: Call) -> Call:
        left, right = call.operands
        if left == right and isinstance(left, Path):
            raise self.invalid(
                "The first operand must be distinct from the remaining operands for this operator "
                f"or function; operator: {call.name}, first operand: {left}"
            )
        return call

    def operand(self) -> Node:
        if self.token.startswith(":"):
            return self.given()
        if self.token == "size" and self.following == "(":
            return self.function({"size": 1})
        return self.path()

    @property
    def following(self) -> str:
        return self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else _END

    def function(self, arities: Mapping[str, int]) -> Call:
        name = self.take()
        self.expect("(")
        operands = [self.value()]
        while self.accept(","):
            operands.append(self.value())
        self.expect(")")
        if name not in arities:
            raise self.invalid(f"Invalid function name; function: {name}")
        if len(operands) != arities[name]:
            raise self.invalid(
                "Incorrect number of operands for operator or function; operator or function: "
                f"{name}, number of operands: {len(operands)}"
            )
        if name in _OF_PATHS and not isinstance(operands[0], Path):
            raise self.invalid(
                f"Operator or function requires a document path; operator or function: {name}"
            )
        return Call(name, tuple(operands))

    def given(self) -> Given:
        name = self.take()
        self.used_values.add(name)
        return Given(name)

    def path(self) -> Path:
        first = self.name()
        self.attributes.add(first)
        parts: list[str | int] = [first]
        while self.token in (".", "["):
            if self.take() == ".":
                parts.append(self.name())
            else:
                if not self.token.isdecimal():
                    raise self.syntax_error()
                parts.append(int(self.take()))
                self.expect("]")
        return Path(tuple(parts))

    def name(self) -> str:
        if self.token.startswith("#"):
            placeholder = self.take()
            if placeholder not in self.names:
                raise self.invalid(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {placeholder}"
                )
            self.used_names.add(placeholder)
            return self.names[placeholder]
        if not self.token[0].isalpha():
            raise self.syntax_error()
        return self.take()

    def update(self) -> tuple[Update, ...]:
        updates: list[Update] = []
        seen: set[str] = set()
        while self.token != _END:
            clause = self.take().upper()
            if clause not in ("SET", "REMOVE", "ADD", "DELETE"):
                self.at -= 1
                raise self.syntax_error()
            if clause in seen:
                raise self.invalid(
                    f'The "{clause}" section can only be used once in an update expression;'
                )
            seen.add(clause)
            updates.append(self.action(clause))
            while self.accept(","):
                updates.append(self.action(clause))
        self.refuse_overlaps(updates)
        return tuple(updates)

    def action(self, clause: str) -> Update:
        path = self.path()
        if clause == "SET":
            self.expect("=")
            return Update(clause, path, self.sum())
        return Update(clause, path, None if clause == "REMOVE" else self.given())

    def sum(self) -> Node:
        left = self.value()
        if self.token in ("+", "-"):
            return Call(self.take(), (left, self.value()))
        return left

    def value(self) -> Node:
        if self.token.startswith(":"):
            return self.given()
        if self.token in _OPERANDS and self.following == "(":
            return self.function(_OPERANDS)
        return self.path()

    def refuse_overlaps(self, updates: list[Update]) -> None:
        paths = [update.path for update in updates]
        for index, one in enumerate(paths):
            for other in paths[index + 1 :]:
                shared = min(len(one.parts), len(other.parts))
                if one.parts[:shared] == other.parts[:shared]:
                    raise self.invalid(
                        "Two document paths overlap with each other; must remove or rewrite one "
                        f"of these paths; path one: {one}, path two: {other}"
                    )

    def projection(self) -> tuple[Path, ...]:
        paths = [self.path()]
        while self.accept(","):
            paths.append(self.path())
        return tuple(paths)


def parse_condition(kind: str, text: str, names: Mapping[str, str]) -> Parsed[Node]:
    """The tree of a ConditionExpression, FilterExpression or KeyConditionExpression (`kind`).

    Raises Invalid with DynamoDB's words.
    """
    parser = _Parser(kind, text, names)
    return parser.parsed(parser.condition())


def parse_update(text: str, names: Mapping[str, str]) -> Parsed[tuple[Update, ...]]:
    """The elements of an UpdateExpression. Raises Invalid."""
    parser = _Parser("UpdateExpression", text, names)
    return parser.parsed(parser.update())


def parse_projection(text: str, names: Mapping[str, str]) -> Parsed[tuple[Path, ...]]:
    """The paths of a ProjectionExpression. Raises Invalid."""
    parser = _Parser("ProjectionExpression", text, names)
    return parser.parsed(parser.projection())
