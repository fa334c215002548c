"""E9002: what fails asynchronously ends in a dead-letter queue, and stays there for a while."""

from collections.abc import Iterator
from typing import Any

from infra.lint import rule
from infra.lint.rule import Fault, Stack, named, several

DAYS_KEPT = 14
"""The most that SQS keeps a message: long enough to be seen after a holiday."""

FEWEST_TRIES = 3


class DeadLetters(rule.Rule):
    """Without one, an event whose function keeps failing is thrown away unseen."""

    id = "E9002"
    shortdesc = "Whatever is called asynchronously has a dead-letter queue of its own"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        yield from _targets(stack)
        yield from _functions(stack)
        yield from _queues(stack)
        queues = dict(stack.of("AWS::SQS::Queue"))
        for name in sorted(dead_letter_queues(stack) & queues.keys()):
            if (stack.number(queues[name].get("MessageRetentionPeriod")) or 0) < DAYS_KEPT * 86400:
                yield name, f"keeps dead letters for less than {DAYS_KEPT} days"


def dead_letter_queues(stack: Stack) -> set[str]:
    """Return the logical ids of the queues that anything sends its dead letters to."""
    found = {named(target.get("DeadLetterConfig", {}).get("Arn")) for _, target in targets(stack)}
    for _, function in stack.of("AWS::Lambda::Function"):
        found.add(_of_function(function))
    for _, queue in stack.of("AWS::SQS::Queue"):
        found.add(named(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn")))
    for _, source in stack.of("AWS::Lambda::EventSourceMapping"):
        failed = source.get("DestinationConfig", {}).get("OnFailure", {})
        found.add(named(failed.get("Destination")))
    return found - {""}


def targets(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what schedules and rules call, with the logical id of the schedule or rule."""
    for name, schedule in stack.of("AWS::Scheduler::Schedule"):
        yield name, schedule["Target"]
    for name, event_rule in stack.of("AWS::Events::Rule"):
        for target in several(event_rule.get("Targets")):
            yield name, target


def _targets(stack: Stack) -> Iterator[Fault]:
    functions = dict(stack.of("AWS::Lambda::Function"))
    called = set()
    for name, target in targets(stack):
        queue, function = target.get("DeadLetterConfig", {}).get("Arn"), named(target["Arn"])
        if queue is None:
            yield name, "its target has no DeadLetterConfig"
        elif function in functions and named(queue) != _of_function(functions[function]):
            yield name, f"its dead-letter queue is not {function}'s"
        called.add(function)
    for name in sorted(called & functions.keys()):
        if not _of_function(functions[name]):
            yield name, "DeadLetterConfig is missing"


def _functions(stack: Stack) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for name, function in stack.of("AWS::Lambda::Function"):
        queue = _of_function(function)
        if queue and owners.setdefault(queue, name) != name:
            yield name, f"shares its dead-letter queue with {owners[queue]}"


def _queues(stack: Stack) -> Iterator[Fault]:
    queues = dict(stack.of("AWS::SQS::Queue"))
    sources = (source for _, source in stack.of("AWS::Lambda::EventSourceMapping"))
    for name in sorted({named(source.get("EventSourceArn")) for source in sources} & queues.keys()):
        redrive = queues[name].get("RedrivePolicy")
        if redrive is None:
            yield name, "RedrivePolicy is missing"
        elif (stack.number(redrive.get("maxReceiveCount")) or 0) < FEWEST_TRIES:
            yield name, f"gives a message up after fewer than {FEWEST_TRIES} tries"


def _of_function(function: dict[str, Any]) -> str:
    return named(function.get("DeadLetterConfig", {}).get("TargetArn"))
