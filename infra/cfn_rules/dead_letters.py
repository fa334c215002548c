"""E9002: what fails asynchronously ends in a dead-letter queue."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

type Resources = dict[str, dict[str, Any]]


class DeadLetters(CloudFormationLintRule):  # type: ignore[misc]
    """Without one, an event whose function keeps failing is thrown away unseen."""

    id = "E9002"
    shortdesc = "Whatever is called asynchronously has a dead-letter queue"
    description = shortdesc
    tags = ("resources", "lambda", "sqs", "scheduler")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return what breaks the rule."""
        return [
            RuleMatch(["Resources", name, "Properties"], f"{missing} is missing")
            for name, missing in self._missing(cfn)
        ]

    def _missing(self, cfn: Template) -> Iterator[tuple[str, str]]:
        functions: Resources = cfn.get_resources("AWS::Lambda::Function")
        schedules: Resources = cfn.get_resources("AWS::Scheduler::Schedule")
        queues: Resources = cfn.get_resources("AWS::SQS::Queue")
        sources: Resources = cfn.get_resources("AWS::Lambda::EventSourceMapping")
        called = set()
        for name, schedule in schedules.items():
            target = schedule["Properties"]["Target"]
            called.add(_named(target["Arn"]))
            if "DeadLetterConfig" not in target:
                yield name, "Target.DeadLetterConfig"
        for name, rule in cfn.get_resources("AWS::Events::Rule").items():
            for target in rule["Properties"].get("Targets", []):
                called.add(_named(target["Arn"]))
                if "DeadLetterConfig" not in target:
                    yield name, "DeadLetterConfig of a target"
        for name in called & functions.keys():
            if "DeadLetterConfig" not in functions[name]["Properties"]:
                yield name, "DeadLetterConfig"
        read = {_named(source["Properties"].get("EventSourceArn")) for source in sources.values()}
        for name in read & queues.keys():
            if "RedrivePolicy" not in queues[name]["Properties"]:
                yield name, "RedrivePolicy"


def _named(value: object) -> str:
    """Return the logical id that an ARN is taken from; the empty text for another kind of ARN."""
    match value:
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
        case _:
            return ""
