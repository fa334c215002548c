"""Calls on which every engine must agree: picked by hand, and drawn from a seed.

Requests name the table `TABLE`; `Call.request` puts the real name in.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TABLE = "TABLE"

type Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the low-level API."""

    operation: str
    params: Mapping[str, Any]

    def request(self, table: str) -> dict[str, Any]:
        """The call's parameters on the table of this name, asking for its units."""
        request: dict[str, Any] = _named(self.params, table)
        return request | {"ReturnConsumedCapacity": "TOTAL"}


def _named(params: Any, table: str) -> Any:
    if isinstance(params, Mapping):
        return {_named(name, table): _named(each, table) for name, each in params.items()}
    if isinstance(params, list):
        return [_named(each, table) for each in params]
    return params.replace(TABLE, table) if isinstance(params, str) else params


def s(text: str) -> Value:
    """A text."""
    return {"S": text}


def n(number: float | str) -> Value:
    """A number."""
    return {"N": str(number)}


def key(sk: str = "s", pk: str = "p") -> dict[str, Value]:
    """A primary key."""
    return {"pk": s(pk), "sk": s(sk)}


def put(item: Mapping[str, Value], **more: Any) -> Call:
    """PutItem."""
    return Call("PutItem", {"TableName": TABLE, "Item": dict(item), **more})


def get(sk: str = "s", **more: Any) -> Call:
    """GetItem."""
    return Call("GetItem", {"TableName": TABLE, "Key": key(sk), **more})


def update(expression: str, values: Mapping[str, Value] | None = None, **more: Any) -> Call:
    """UpdateItem of the item `s`, unless `Key` says otherwise."""
    params = {"TableName": TABLE, "Key": key(), "UpdateExpression": expression, **more}
    return Call("UpdateItem", params | _values(values))


def delete(sk: str = "s", **more: Any) -> Call:
    """DeleteItem."""
    return Call("DeleteItem", {"TableName": TABLE, "Key": key(sk), **more})


def query(
    expression: str = "pk = :p", values: Mapping[str, Value] | None = None, **more: Any
) -> Call:
    """Query of the partition `q`."""
    params = {"TableName": TABLE, "KeyConditionExpression": expression, **more}
    return Call("Query", params | _values({":p": s("q"), **(values or {})}))


def transact(*parts: Mapping[str, Any], **more: Any) -> Call:
    """TransactWriteItems of calls made with the functions above, each in `part`."""
    return Call("TransactWriteItems", {"TransactItems": list(parts), **more})


def part(call: Call) -> dict[str, Any]:
    """A single write as a part of a transaction."""
    return {call.operation.removesuffix("Item"): dict(call.params)}


def check(
    condition: str, values: Mapping[str, Value] | None = None, sk: str = "s"
) -> dict[str, Any]:
    """A ConditionCheck as a part of a transaction."""
    params = {"TableName": TABLE, "Key": key(sk), "ConditionExpression": condition}
    return {"ConditionCheck": params | _values(values)}


def _values(values: Mapping[str, Value] | None) -> dict[str, Any]:
    return {"ExpressionAttributeValues": dict(values)} if values else {}


ABSENT: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
SHOWN: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
_RICH = key() | {
    "n": n(5),
    "a": s("x"),
    "l": {"L": [s("a"), n(2), s("c")]},
    "m": {"M": {"x": n(1), "y": {"L": [n(7)]}}},
    "st": {"SS": ["a", "b"]},
    "yes": {"BOOL": True},
    "nil": {"NULL": True},
    "b": {"B": b"bytes"},
}
_ROWS = [put(key(f"s{i}", "q") | {"n": n(i), "x": s("y" * 300 * i)}) for i in range(6)]
_WORDS = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")


def _conditions() -> list[Call]:
    values = {":n": n(5), ":x": s("x"), ":t": s("S"), ":c": s("a"), ":z": n(0), ":h": n(9)}
    texts = (
        "n = :n", "n <> :n", "zz <> :n", "NOT zz = :n", "n < :h AND n > :z", "n <= :n AND n >= :n",
        "a < :n", "a <> :n", "n BETWEEN :z AND :h", "n BETWEEN :h AND :z", "n IN (:z, :n)",
        "zz IN (:z)", "a IN (:n, :x)", "attribute_exists(m.x)", "attribute_not_exists(m.q)",
        "attribute_exists(l[2])", "attribute_exists(l[3])", "attribute_type(a, :t)",
        "attribute_type(n, :t)", "begins_with(a, :x)", "begins_with(n, :x)", "contains(a, :x)",
        "contains(l, :c)", "contains(st, :c)", "contains(n, :n)", "contains(m, :x)",
        "size(a) = :n", "size(l) < :n", "size(m) < :n", "size(st) < :n", "size(n) = :n",
        "size(b) = :n", "size(zz) = :n", "NOT (n = :n AND a = :x) OR a = :x",
        "n = :n OR a = :n AND a = :z", "m.y[0] > :n", "m = :x", "n = n", "begins_with(a, :n)",
        "attribute_type(a, :n)", "n < yes", "size(a, n) = :n", "n = :n AND", "(n = :n", "n == :n",
        "attribute_exists(:n)", "n BETWEEN :x AND :n", "n > :nope", "#n = :n", "unknown(n)", "n",
        "", "yes = :x", "nil = :x", "contains(:x, a)", ":n = n", "n IN ()",
    )  # fmt: skip
    return [put(_RICH)] + [
        update(
            "SET q = :q",
            {":q": n(1)} | {name: value for name, value in values.items() if name in _tokens(text)},
            ConditionExpression=text,
        )
        for text in texts
    ]


def _tokens(text: str) -> set[str]:
    return set(text.replace("(", " ").replace(")", " ").replace(",", " ").split())


def _updates() -> list[Call]:
    calls: list[Call] = [
        update("SET n = n - :v", {":v": n(2)}),
        update("SET n = :v - n, k = n", {":v": n("2.50")}),
        update("SET n = n - :v", {":v": s("x")}),
        update("SET n = a + :v", {":v": n(1)}),
        update("SET n = zz + :v", {":v": n(1)}),
        update("SET n = zz"),
        update("SET n = if_not_exists(zz, :v) + :v", {":v": n(3)}),
        update("SET zz = if_not_exists(a, n)"),
        update("SET l = list_append(l, :v)", {":v": {"L": [n(1)]}}),
        update("SET l = list_append(if_not_exists(ll, :v), l)", {":v": {"L": []}}),
        update("SET l = list_append(l, :v)", {":v": n(1)}),
        update("SET l = list_append(a, l)"),
        update("SET l[1] = :v, l[9] = :v", {":v": s("z")}),
        update("REMOVE l[0], l[2], l[9]"),
        update("SET m.x = m.x + :v, m.z = m.y", {":v": n(1)}),
        update("SET m.y[0] = :v REMOVE m.x", {":v": n(1)}),
        update("SET q.x = :v", {":v": n(1)}),
        update("SET a.x = :v", {":v": n(1)}),
        update("REMOVE q.x"),
        update("REMOVE q, a"),
        update("ADD n :v, fresh :v", {":v": n(-7)}),
        update("ADD a :v", {":v": n(1)}),
        update("ADD st :v", {":v": {"SS": ["c", "a"]}}),
        update("ADD st :v", {":v": s("c")}),
        update("ADD st :v", {":v": {"NS": ["1"]}}),
        update("DELETE st :v, non :v", {":v": {"SS": ["a", "zz"]}}),
        update("DELETE st :v", {":v": {"SS": ["a", "b"]}}),
        update("DELETE st :v", {":v": n(1)}),
        update("SET n = :v ADD n :v", {":v": n(1)}),
        update("SET m.x = :v REMOVE m", {":v": n(1)}),
        update("SET a = :v SET n = :v", {":v": n(1)}),
        update("SET a = :v, pk = :v", {":v": s("x")}),
        update("SET a = :v", {":v": n(1), ":w": n(2)}),
        update("SET a = :v", {":v": n(1)}, ExpressionAttributeNames={"#u": "u"}),
        update("SET a = :v"),
        update("SET #a = :v", {":v": n(1)}),
        update("SET #a = :v", {":v": n(1)}, ExpressionAttributeNames={"#a": "with space"}),
        update("SET = :v", {":v": n(1)}),
        update("SET a :v", {":v": n(1)}),
        update("PUT a = :v", {":v": n(1)}),
        update(""),
        update("SET a = :v + :v + :v", {":v": n(1)}),
        update("SET n = :v + n", {":v": n("99999999999999999999999999999999999999")}),
    ]
    reset = put(_RICH)
    return [step for call in calls for step in (reset, call, get())]


def _return_values() -> list[Call]:
    calls: list[Call] = []
    for word in _WORDS:
        more: dict[str, Any] = {"ReturnValues": word}
        calls += [
            put(_RICH, **more),
            update("SET n = n - :v, fresh = :v REMOVE a, zz", {":v": n(1)}, **more),
            update("REMOVE fresh, zz", **more),
            update("SET x = :v ADD c :v", {":v": n(1)}, Key=key(f"new{word}"), **more),
            update("REMOVE x", Key=key(f"bare{word}"), **more),
            delete(f"new{word}", **more),
            delete("never", **more),
        ]
    return calls


def _transactions() -> list[Call]:
    one, two = key("one") | {"n": n(1)}, key("two") | {"n": n(2)}
    three = key("three") | {"n": n(3)}
    grow = part(update("ADD n :v", {":v": n(1)}, Key=key("one")))
    missing = part(update("SET n = zz + :v", {":v": n(1)}, Key=key("one")))
    return [
        transact(part(put(one, **ABSENT)), part(put(two, **ABSENT))),
        transact(part(put(three)), part(put(two, **ABSENT, **SHOWN)), part(put(one, **ABSENT))),
        get("three"),
        transact(part(put(three)), part(delete("four", ConditionExpression="n > n", **SHOWN))),
        transact(part(delete("four", ConditionExpression="attribute_exists(pk)", **SHOWN))),
        transact(part(put(three)), part(delete("three"))),
        transact(check("n = :v", {":v": n(9)}, "one"), part(delete("two"))),
        transact(check("n = :v", {":v": n(1)}, "one"), part(delete("two")), part(put(three))),
        transact(check("attribute_not_exists(pk)", None, "never"), grow | {}),
        transact(grow, ClientRequestToken=f"{TABLE}-1"),
        transact(grow, ClientRequestToken=f"{TABLE}-1"),
        transact(grow, part(delete("two")), ClientRequestToken=f"{TABLE}-1"),
        get("one"),
        transact(part(put(one, **ABSENT)), ClientRequestToken=f"{TABLE}-2"),
        delete("one"),
        transact(part(put(one, **ABSENT)), ClientRequestToken=f"{TABLE}-2"),
        transact(part(put(one, **ABSENT)), ClientRequestToken=f"{TABLE}-2"),
        transact(*[part(put(key(f"many{i}"))) for i in range(101)]),
        transact(),
        transact(part(put(two)), missing),
        get("two"),
        transact(part(put(two, ConditionExpression="foo("))),
        transact(part(put(two)), part(update("SET n = :v", {":v": n(1), ":w": n(1)}))),
        transact(part(put(two)) | part(delete("three"))),
        transact(part(put({"pk": s("p")}))),
        *[Call("TransactGetItems", {"TransactItems": _gets(*keys)}) for keys in (
            ("one", "never"), ("one", "one"))],
    ]  # fmt: skip


def _gets(*keys: str) -> list[dict[str, Any]]:
    return [{"Get": {"TableName": TABLE, "Key": key(sk)}} for sk in keys]


def _values_calls() -> list[Call]:
    bad: list[Mapping[str, Any]] = [
        {"v": {"SS": []}}, {"v": {"SS": ["a", "a"]}}, {"v": n("abc")}, {"v": {}},
        {"v": {"NS": ["1", "1"]}}, {"v": n("1" * 39)}, {"v": n("")},
    ]  # fmt: skip
    numbers = ("1.500", "007", "1e3", "-0", "1E-5", "-12.340", "0", "+5", "1" * 38)
    return [
        *[put(key() | dict(each)) for each in bad],
        put(key("numbers") | {f"n{i}": n(text) for i, text in enumerate(numbers)}),
        get("numbers"),
        put({"pk": s("p")}), put({"pk": s("p"), "sk": n(1)}), put({"pk": s("p"), "sk": s("")}),
        put(key() | {"e": s(""), "l": {"L": []}, "m": {"M": {}}, "ns": {"NS": ["3", "1.0"]}}),
        get(),
        get(Key=key() | {"x": s("1")}), get(Key={"pk": s("p")}), get("never"),
        get("never", ConsistentRead=True), get(TableName="another-table"),
    ]  # fmt: skip


def _pages() -> list[Call]:
    names = {"ExpressionAttributeNames": {"#n": "n"}}
    return [
        *_ROWS,
        *[query(**more) for more in (
            {}, {"Limit": 2}, {"Limit": 6}, {"Limit": 7}, {"Limit": 0}, {"Select": "COUNT"},
            {"ConsistentRead": True}, {"ScanIndexForward": False, "Limit": 2},
            {"Limit": 2, "ExclusiveStartKey": key("s1", "q")},
            {"Limit": 2, "ExclusiveStartKey": key("s1x", "q")},
            {"Limit": 2, "ExclusiveStartKey": key("s3", "q"), "ScanIndexForward": False},
            {"ExclusiveStartKey": key("s3", "zz")}, {"ExclusiveStartKey": {"pk": s("q")}},
            {"ProjectionExpression": "n, sk"}, {"ProjectionExpression": "#n, zz", **names},
            {"ProjectionExpression": "n", "Select": "COUNT"}, names,
        )],
        *[query(f"pk = :p AND {text}", values) for text, values in (
            ("sk = :a", {":a": s("s2")}), ("sk < :a", {":a": s("s2")}),
            ("sk <= :a", {":a": s("s2")}), ("sk > :a", {":a": s("s2")}),
            ("sk >= :a", {":a": s("s2")}), ("sk <> :a", {":a": s("s2")}),
            ("sk BETWEEN :a AND :b", {":a": s("s1"), ":b": s("s3")}),
            ("sk BETWEEN :a AND :b", {":a": s("s3"), ":b": s("s1")}),
            ("begins_with(sk, :a)", {":a": s("s")}), ("begins_with(sk, :a)", {":a": s("s5")}),
            ("begins_with(sk, :a)", {":a": s("t")}), ("sk = :a", {":a": n(1)}),
            ("n = :a", {":a": n(1)}),
        )],
        query("pk = :p", {":v": n(3)}, FilterExpression="n >= :v", Limit=4),
        query("pk = :p", {":v": s("s3")}, FilterExpression="sk >= :v"),
        query("sk = :p"), query("pk < :p"), query("pk = :p OR sk = :p"),
        query("(pk = :p) AND (sk = :a)", {":a": s("s4")}),
        query("sk = :a AND pk = :p", {":a": s("s4")}),
        query("pk = :p AND sk > :a AND sk < :a", {":a": s("s4")}),
        query("pk = :p AND sk > :a", {":a": s("s1")}, ExclusiveStartKey=key("s1", "q")),
        query("pk = :p", {":p": s("nobody")}),
        *[Call("BatchGetItem", {"RequestItems": {TABLE: {"Keys": keys, **more}}})
          for keys, more in (
            ([key("s1", "q"), key("none", "q"), key("s0", "q")], {}),
            ([key("s1", "q"), key("s0", "q")], {"ConsistentRead": True}),
            ([key("s1", "q"), key("s1", "q")], {}), ([], {}),
            ([key(f"s{i}", "q") for i in range(101)], {}),
            ([key("s1", "q")], {"ProjectionExpression": "n"}),
        )],
        Call("BatchWriteItem", {"RequestItems": {TABLE: [
            {"PutRequest": {"Item": key("s9", "q")}}, {"DeleteRequest": {"Key": key("s0", "q")}}
        ]}}),
        Call("Scan", {"TableName": TABLE}), Call("Scan", {"TableName": TABLE, "Limit": 2}),
        Call("Scan", {"TableName": TABLE, "Select": "COUNT"}),
    ]  # fmt: skip


def _single_writes() -> list[Call]:
    big = {":v": s("x" * 3000)}
    return [
        put(key()), put(key(), **ABSENT), put(key() | {"n": n(1)}, **ABSENT, **SHOWN),
        delete("none", ConditionExpression="attribute_exists(pk)", **SHOWN),
        delete("none"), delete(ConditionExpression="attribute_exists(pk)"), get(),
        update("SET n = n - :v", {":v": n(1)}, ConditionExpression="n >= :v", **SHOWN),
        put(key("big") | {"x": big[":v"]}), put(key("big") | {"x": s("x")}),
        update("SET x = :v", big, Key=key("big")), get("big"), delete("big"),
        put(key("big") | {"x": s("é" * 600)}), get("big", ConsistentRead=True),
        put(key("big") | {"x": s("x" * 410_000)}),
    ]  # fmt: skip


PICKED: Mapping[str, Sequence[Call]] = {
    "conditions": _conditions(),
    "updates": _updates(),
    "return values": _return_values(),
    "transactions": _transactions(),
    "values": _values_calls(),
    "pages": _pages(),
    "single writes": _single_writes(),
}


# Drawn calls: few keys and few attributes, so that they meet.

_NUMBERS = ("0", "1", "-1", "2", "3", "1.5", "10", "2.50", "1E2")
_TEXTS = ("", "a", "ab", "b", "é")
_ATTRIBUTES = ("n", "k", "a", "l", "m", "st")


def random_calls(rng: random.Random, count: int) -> list[Call]:
    """Draw calls, of which most are valid."""
    kinds: list[Callable[[random.Random], Call]] = [
        _any_put, _any_put, _any_update, _any_update, _any_update, _any_delete,
        _any_get, _any_query, _any_transaction, _any_transaction,
    ]  # fmt: skip
    return [rng.choice(kinds)(rng) for _ in range(count)]


def _any_key(rng: random.Random) -> dict[str, Value]:
    return key(rng.choice("abcd"), rng.choice("pq"))


def _any_value(rng: random.Random, depth: int = 2) -> Value:
    draw = rng.randrange(9 if depth else 6)
    if draw < 3:
        return n(rng.choice(_NUMBERS))
    if draw < 5:
        return s(rng.choice(_TEXTS))
    if draw == 5:
        return {"SS": rng.sample(["a", "b", "c"], rng.randint(1, 3))}
    if draw == 6:
        return {"L": [_any_value(rng, depth - 1) for _ in range(rng.randrange(3))]}
    if draw == 7:
        return {"M": {name: _any_value(rng, depth - 1) for name in rng.sample("xy", 1)}}
    return {"BOOL": rng.random() < 0.5}


def _value_for(rng: random.Random, name: str) -> Value:
    """A value of the type the attribute mostly has."""
    likely: dict[str, Callable[[], Value]] = {
        "n": lambda: n(rng.choice(_NUMBERS)),
        "k": lambda: n(rng.choice(_NUMBERS)),
        "a": lambda: s(rng.choice(_TEXTS)),
        "l": lambda: {"L": [_any_value(rng, 0) for _ in range(rng.randint(0, 3))]},
        "m": lambda: {"M": {"x": n(rng.choice(_NUMBERS))}},
        "st": lambda: {"SS": rng.sample(["a", "b", "c"], rng.randint(1, 3))},
    }
    return likely[name]() if rng.random() < 0.9 else _any_value(rng)


def _any_item(rng: random.Random) -> dict[str, Value]:
    attributes = rng.sample(_ATTRIBUTES, rng.randint(0, 4))
    return _any_key(rng) | {name: _value_for(rng, name) for name in attributes}


def _inside(rng: random.Random, name: str) -> str:
    """The attribute, or now and then a place in it, or where it has none."""
    if rng.random() < 0.05:
        return name + rng.choice((".x", "[0]", "[1]"))
    inner = {"m": ".x", "l": "[0]"}.get(name, "")
    return name + (inner if rng.random() < 0.4 else "")


def _any_path(rng: random.Random) -> str:
    return _inside(rng, rng.choice(_ATTRIBUTES))


class _Drawn:
    """An expression under way, and the values it uses."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.values: dict[str, Value] = {}

    def value(self, value: Value | None = None) -> str:
        name = f":v{len(self.values)}"
        self.values[name] = value or _any_value(self.rng)
        return name

    def like(self, path: str) -> str:
        """A value of the type that `path` mostly has."""
        if path.endswith(".x"):
            return self.value(n(self.rng.choice(_NUMBERS)))
        return self.value(None if "[" in path else _value_for(self.rng, path))

    def either(self, path: str) -> str:
        return self.like(path) if self.rng.random() < 0.7 else _any_path(self.rng)

    def condition(self, depth: int = 2) -> str:
        rng, draw = self.rng, self.rng.randrange(9 if depth else 6)
        path = _any_path(rng)
        if draw == 0:
            return f"attribute_exists({path})"
        if draw == 1:
            return f"attribute_not_exists({path})"
        if draw == 2:
            return f"{rng.choice(('contains', 'begins_with'))}({path}, {self.value()})"
        if draw == 3:
            low, high = sorted(rng.sample(("0", "1", "2", "3"), 2))
            return f"{path} BETWEEN {self.value(n(low))} AND {self.value(n(high))}"
        if draw == 4:
            return f"{path} IN ({self.like(path)}, {self.like(path)})"
        if draw == 5:
            sign = rng.choice(("=", "<>", "<", "<=", ">", ">="))
            left = rng.choice((path, path, f"size({path})"))
            return f"{left} {sign} {self.either(path)}"
        if draw == 6:
            return f"NOT ({self.condition(depth - 1)})"
        word = rng.choice(("AND", "OR"))
        return f"({self.condition(depth - 1)}) {word} {self.condition(depth - 1)}"

    def assignment(self, path: str) -> str:
        draw = self.rng.randrange(4)
        if draw == 0 and path in ("n", "k", "m.x"):
            return f"{path} = {path} {self.rng.choice('+-')} {self.like(path)}"
        if draw == 1:
            return f"{path} = if_not_exists({_any_path(self.rng)}, {self.like(path)})"
        if draw == 2 and path == "l":
            return f"l = list_append({self.either('l')}, {self.either('l')})"
        return f"{path} = {self.either(path)}"

    def update(self) -> str:
        rng = self.rng
        parts: dict[str, list[str]] = {}
        for name in rng.sample(_ATTRIBUTES, rng.randint(1, 3)):
            clauses = ["SET", "SET", "REMOVE", "ADD"] + ["DELETE"] * (name == "st")
            if name in ("a", "l", "m") and rng.random() < 0.95:
                clauses.remove("ADD")
            clause = rng.choice(clauses)
            parts.setdefault(clause, []).append(self._action(clause, _inside(rng, name)))
        return " ".join(f"{clause} {', '.join(each)}" for clause, each in parts.items())

    def _action(self, clause: str, path: str) -> str:
        if clause == "SET":
            return self.assignment(path)
        return path if clause == "REMOVE" else f"{path} {self.like(path)}"

    def conditioned(self) -> dict[str, Any]:
        if self.rng.random() < 0.4:
            return {}
        shown = SHOWN if self.rng.random() < 0.5 else {}
        return {"ConditionExpression": self.condition(), **shown}


def _any_put(rng: random.Random) -> Call:
    drawn = _Drawn(rng)
    more = drawn.conditioned()
    return put(_any_item(rng), **more, **_values(drawn.values))


def _any_update(rng: random.Random) -> Call:
    drawn = _Drawn(rng)
    expression = drawn.update()
    more = drawn.conditioned()
    return update(expression, drawn.values, Key=_any_key(rng), **more)


def _any_delete(rng: random.Random) -> Call:
    drawn = _Drawn(rng)
    more = drawn.conditioned()
    params = {"TableName": TABLE, "Key": _any_key(rng), "ReturnValues": "ALL_OLD"}
    return Call("DeleteItem", params | more | _values(drawn.values))


def _any_get(rng: random.Random) -> Call:
    return get(Key=_any_key(rng), ConsistentRead=rng.random() < 0.5)


def _any_query(rng: random.Random) -> Call:
    drawn = _Drawn(rng)
    more: dict[str, Any] = {"ScanIndexForward": rng.random() < 0.5}
    if rng.random() < 0.5:
        more["Limit"] = rng.randint(1, 5)
    if rng.random() < 0.5:
        more["FilterExpression"] = drawn.condition()
    return query("pk = :p", drawn.values, **more)


def _any_transaction(rng: random.Random) -> Call:
    kinds = (_any_put, _any_update, _any_delete)
    calls = [rng.choice(kinds)(rng) for _ in range(rng.randint(1, 4))]
    parts = {str(_key_of(call)): part(call) for call in calls}
    for each in parts.values():
        for params in each.values():
            params.pop("ReturnValues", None)
    return transact(*parts.values())


def _key_of(call: Call) -> list[Value]:
    wanted = call.params.get("Key") or call.params["Item"]
    return [wanted["pk"], wanted["sk"]]
