"""E9008: what cannot be made again outlives the stack and a slip."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack

KEPT = (
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
)


class KeptData(rule.Rule):
    """A stack that is deleted, or a property that replaces its resource, takes the data along."""

    id = "E9008"
    shortdesc = "Data, keys and users are retained; a table can be taken back and forgets in time"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, resource in stack.resources.items():
            if resource["Type"] in KEPT:
                for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                    if resource.get(policy) != "Retain":
                        yield name, f"{policy} is not Retain"
        for name, pool in stack.of("AWS::Cognito::UserPool"):
            if pool.get("DeletionProtection") != "ACTIVE":
                yield name, "DeletionProtection is not ACTIVE"
        for name, table in stack.of("AWS::DynamoDB::Table"):
            for missing in _table(table):
                yield name, missing


def _table(table: Properties) -> Iterator[str]:
    recovery = table.get("PointInTimeRecoverySpecification", {})
    if recovery.get("PointInTimeRecoveryEnabled") is not True:
        yield "no point-in-time recovery"
    if table.get("DeletionProtectionEnabled") is not True:
        yield "DeletionProtectionEnabled is not true"
    if table.get("TimeToLiveSpecification", {}).get("Enabled") is not True:
        yield "no time to live: personal data is kept for ever"
    if table.get("BillingMode") != "PAY_PER_REQUEST":
        yield "not on demand: the release minute would be throttled"
