"""E9007: what is stored is encrypted."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.cfn_rules.buckets import public_buckets
from infra.lint.rule import Fault, Stack, everywhere

SHORTEST_SECRET = 32


class Encryption(rule.Rule):
    """Names and NIKs lie in the table and the files; with a key of ours each use is on record."""

    id = "E9007"
    shortdesc = "Data is encrypted, with a key of this account where it may be personal"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, table in stack.of("AWS::DynamoDB::Table"):
            encryption = table.get("SSESpecification", {})
            if not (encryption.get("SSEEnabled") and encryption.get("KMSMasterKeyId")):
                yield name, "SSESpecification names no key of ours"
        for name, bucket in stack.of("AWS::S3::Bucket"):
            rules = list(everywhere(bucket, "ServerSideEncryptionByDefault"))
            if not rules:
                yield name, "BucketEncryption is missing"
            elif name not in public_buckets(stack) and not all(
                "KMSMasterKeyID" in each for each in rules
            ):
                yield name, "BucketEncryption names no key of ours"
        for name, queue in stack.of("AWS::SQS::Queue"):
            if not (queue.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in queue):
                yield name, "its messages are not encrypted"
        yield from _keys_and_secrets(stack)


def _keys_and_secrets(stack: Stack) -> Iterator[Fault]:
    for name, key in stack.of("AWS::KMS::Key"):
        if "KeyUsage" not in key and key.get("EnableKeyRotation") is not True:
            yield name, "EnableKeyRotation is missing"
    for name, secret in stack.of("AWS::SecretsManager::Secret"):
        if "KmsKeyId" not in secret:
            yield name, "KmsKeyId is missing"
        length = stack.number(secret.get("GenerateSecretString", {}).get("PasswordLength"))
        if "SecretString" in secret or (length or 0) < SHORTEST_SECRET:
            yield name, f"is not {SHORTEST_SECRET} generated characters or more"
