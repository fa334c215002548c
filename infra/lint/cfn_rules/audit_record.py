"""E9005: nobody changes what is on the record."""

from collections.abc import Iterator
from itertools import product

from infra.lint import rule
from infra.lint.rule import Fault, Stack, several
from infra.policies import Request, allows

CHANGES = ("DeleteItem", "UpdateItem")
KEYS = (("AUDIT#kotabumi",), ("AUDIT#kotabumi", "AUDIT#kalianda"))
"""Entries of the record, one and several. Whether IAM is shown the keys of a transaction one by
one or together is not documented."""


class AuditRecord(rule.Rule):
    """An entry that could be changed or deleted would prove nothing."""

    id = "E9005"
    shortdesc = "No role may change or delete an entry of the audit record"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for role, _ in stack.of("AWS::IAM::Role"):
            statements = [
                each
                for each in stack.statements(role)
                if any(str(action).startswith("dynamodb:") for action in several(each["Action"]))
            ]
            for (table, _), verb in product(stack.of("AWS::DynamoDB::Table"), CHANGES):
                action = f"dynamodb:{verb}"
                asked = [Request(action, table, {"dynamodb:LeadingKeys": keys}) for keys in KEYS]
                if any(allows(statements, each) for each in asked):
                    yield role, f"may {verb} what is on the record in {table}"
