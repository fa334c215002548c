"""E9004: who touches a table says which items."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, several

OPERATOR, KEYS = "ForAllValues:StringLike", "dynamodb:LeadingKeys"
ON_ITEMS = frozenset(
    f"dynamodb:{verb}"
    for verb in (
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    )
)
"""What names the partition it works on. A scan names none, so that the condition lets it pass; a
batch of writes knows no condition, which the invariants need."""


class TableItems(rule.Rule):
    """One table holds everything: a role that may touch all of it may read and forge anything."""

    id = "E9004"
    shortdesc = "A role that touches a table is held to partitions by their keys"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, _ in stack.of("AWS::IAM::Role"):
            for statement in stack.statements(name):
                actions = {
                    str(action)
                    for action in several(statement.get("Action"))
                    if str(action).startswith("dynamodb:")
                }
                if statement["Effect"] == "Allow" and actions:
                    for problem in _problems(statement, actions):
                        yield name, f"{problem} in {statement.get('Sid', 'a statement')}"


def _problems(statement: Properties, actions: set[str]) -> Iterator[str]:
    for action in sorted(actions - ON_ITEMS):
        yield f"{action}, which names no item,"
    keys = several(statement.get("Condition", {}).get(OPERATOR, {}).get(KEYS))
    if not keys:
        yield f"no {OPERATOR} of {KEYS}"
    elif "*" in keys:
        yield f"every item ({KEYS} of *)"
