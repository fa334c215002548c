"""E9006: what lets others in says whom, and from where."""

from collections.abc import Iterator
from itertools import chain

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, several

SOURCES = frozenset({"aws:SourceArn", "aws:SourceAccount"})
CALLERS = frozenset({"aws:PrincipalAccount", "kms:CallerAccount"})
OPERATORS = frozenset({"ArnEquals", "ArnLike", "StringEquals", "StringLike"})
DOCUMENTS = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
}


class ResourcePolicies(rule.Rule):
    """A service acts for whoever asks it, and "*" is everybody: both from other accounts, too."""

    id = "E9006"
    shortdesc = "A policy that lets a service or everybody in names the account or the resource"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for kind, document in DOCUMENTS.items():
            for name, properties in stack.of(kind):
                for statement in several(properties[document]["Statement"]):
                    if statement["Effect"] == "Allow":
                        for problem in _problems(statement, kind):
                            yield name, f"{problem} in {statement.get('Sid', 'a statement')}"
        for name, permission in stack.of("AWS::Lambda::Permission"):
            if not {"SourceArn", "SourceAccount"} & permission.keys():
                yield name, "neither SourceArn nor SourceAccount"


def _problems(statement: Properties, kind: str) -> Iterator[str]:
    principal = statement.get("Principal", "*")
    keys = _conditions(statement)
    if isinstance(principal, dict) and "Service" in principal and not keys & SOURCES:
        yield "a service without aws:SourceArn or aws:SourceAccount"
    if "*" in _accounts(principal):
        if not keys & CALLERS:
            yield "everybody, of any account,"
        if kind == "AWS::KMS::Key" and "kms:ViaService" not in keys:
            yield "everybody, through any service,"


def _accounts(principal: object) -> list[object]:
    return several(principal.get("AWS") if isinstance(principal, dict) else principal)


def _conditions(statement: Properties) -> set[str]:
    """Return the keys that must be there and have a certain value."""
    conditions = statement.get("Condition", {})
    return set(chain.from_iterable(conditions[each] for each in OPERATORS & conditions.keys()))
