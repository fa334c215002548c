"""E9009: buckets are private, and forget in time."""

from collections.abc import Iterator
from itertools import chain

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, everywhere, named, several, text

BLOCKED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
CLOUDFRONT = "cloudfront.amazonaws.com"
MOST_DAYS_AFTER = 30
"""How long a version that was replaced or deleted may stay."""


class Buckets(rule.Rule):
    """Rosters and uploads hold personal data: only by policy, over TLS, and for a set time."""

    id = "E9009"
    shortdesc = "A bucket is private, over TLS alone, versioned, and deletes what is old"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        public = public_buckets(stack)
        for name, bucket in stack.of("AWS::S3::Bucket"):
            for problem in chain(_access(bucket), _versions(stack, bucket)):
                yield name, problem
            if name not in public and not _expires(bucket):
                yield name, "nothing in it expires"
            if not any(_tls_only(each, name) for each in _policy(stack, name)):
                yield name, "no policy denies access without TLS"


def public_buckets(stack: Stack) -> set[str]:
    """Return the logical ids of the buckets that CloudFront shows to everybody."""
    return {
        named(policy["Bucket"])
        for _, policy in stack.of("AWS::S3::BucketPolicy")
        if any(
            "cloudfront.amazonaws.com" in several(each) for each in everywhere(policy, "Service")
        )
    }


def _access(bucket: Properties) -> Iterator[str]:
    block = bucket.get("PublicAccessBlockConfiguration", {})
    for each in BLOCKED:
        if block.get(each) is not True:
            yield f"{each} is not true"
    if list(everywhere(bucket, "ObjectOwnership")) != ["BucketOwnerEnforced"]:
        yield "ObjectOwnership is not BucketOwnerEnforced"
    for origins in everywhere(bucket, "AllowedOrigins"):
        if "*" in several(origins):
            yield "pages of any origin may use it"


def _versions(stack: Stack, bucket: Properties) -> Iterator[str]:
    if "NotificationConfiguration" in bucket:
        return  # a box for uploads, which are read once
    if bucket.get("VersioningConfiguration", {}).get("Status") != "Enabled":
        yield "not versioned"
    days = [
        stack.number(each.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"))
        for each in _rules(bucket)
    ]
    if not any(each is not None and each <= MOST_DAYS_AFTER for each in days):
        yield f"a former version may stay for more than {MOST_DAYS_AFTER} days"


def _expires(bucket: Properties) -> bool:
    return any("ExpirationInDays" in each for each in _rules(bucket))


def _rules(bucket: Properties) -> list[Properties]:
    rules = several(bucket.get("LifecycleConfiguration", {}).get("Rules"))
    return [each for each in rules if each.get("Status") == "Enabled"]


def _policy(stack: Stack, bucket: str) -> Iterator[Properties]:
    for _, policy in stack.of("AWS::S3::BucketPolicy"):
        if named(policy["Bucket"]) == bucket:
            yield from several(policy["PolicyDocument"]["Statement"])


def _tls_only(statement: Properties, bucket: str) -> bool:
    resources = several(statement["Resource"])
    return (
        (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        and bucket in map(named, resources)
        and f"${{{bucket}.Arn}}/*" in map(text, resources)
    )
