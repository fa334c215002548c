"""E9025: who sends or logs is allowed to, before it is made."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.cfn_rules.dead_letters import targets
from infra.lint.rule import Fault, Stack, everywhere, named, several

S3, EVENTS = "s3.amazonaws.com", "events.amazonaws.com"


class MadeInOrder(rule.Rule):
    """A bucket or an API that is made first does not deploy; a rule's events are lost unseen."""

    id = "E9025"
    shortdesc = "Queues let those in that send to them; buckets and APIs are made after they may"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, bucket in stack.of("AWS::S3::Bucket"):
            after = several(stack.resources[name].get("DependsOn"))
            for queue in map(named, everywhere(bucket, "Queue")):
                if not set(_policies(stack, queue, S3)) & set(after):
                    yield name, f"does not depend on a policy that lets it send to {queue}"
        for name, target in targets(stack):
            dead = target.get("DeadLetterConfig", {}).get("Arn")
            for queue in filter(None, map(named, (target["Arn"], dead))):
                if (
                    stack.resources[name]["Type"] == "AWS::Events::Rule"
                    and stack.resources.get(queue, {}).get("Type") == "AWS::SQS::Queue"
                    and not list(_policies(stack, queue, EVENTS))
                ):
                    yield name, f"no policy lets it send to {queue}"
        accounts = dict(stack.of("AWS::ApiGateway::Account")).keys()
        for name, _ in stack.of("AWS::ApiGateway::RestApi"):
            if not accounts & {*several(stack.resources[name].get("DependsOn"))}:
                yield name, "does not depend on the account's role for access logs"


def _policies(stack: Stack, queue: str, service: str) -> Iterator[str]:
    """Yield the logical ids of the policies that let a service send to a queue."""
    for name, policy in stack.of("AWS::SQS::QueuePolicy"):
        for statement in several(policy["PolicyDocument"]["Statement"]):
            if (
                statement["Effect"] == "Allow"
                and service in several(statement["Principal"].get("Service"))
                and queue in map(named, several(statement["Resource"]))
                and queue in map(named, policy["Queues"])
            ):
                yield name
