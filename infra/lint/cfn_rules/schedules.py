"""E9011: what is scheduled runs at its zone's hour, and is not repeated for too long."""

import json
import re
from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, named

MOST_REPEATS, MOST_SECONDS = 10, 7200
INSTANT = "<aws.scheduler.scheduled-time>"
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}


class Schedules(rule.Rule):
    """A run that comes late, twice at once or in another zone does the wrong day's work."""

    id = "E9011"
    shortdesc = "A schedule says its zone and instant, limits its repeats, and does not overlap"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, schedule in stack.of("AWS::Scheduler::Schedule"):
            retry = schedule["Target"].get("RetryPolicy", {})
            repeats = stack.number(retry.get("MaximumRetryAttempts"))
            age = stack.number(retry.get("MaximumEventAgeInSeconds"))
            if repeats is None or repeats > MOST_REPEATS or age is None or age > MOST_SECONDS:
                yield name, f"repeats more than {MOST_REPEATS} times or {MOST_SECONDS} seconds"
            if schedule["ScheduleExpression"].startswith("rate("):
                for problem in _overlaps(stack, schedule):
                    yield name, problem
            elif "ScheduleExpressionTimezone" not in schedule:
                yield name, "no ScheduleExpressionTimezone: the hour is UTC's"
            if "Input" in schedule["Target"]:
                for problem in _input(schedule):
                    yield name, problem


def _overlaps(stack: Stack, schedule: Properties) -> Iterator[str]:
    """Yield why a run may go on beside the next one, which does what it left undone."""
    function = named(schedule["Target"]["Arn"])
    if function not in stack.resources:
        return
    timeout = stack.number(stack.resources[function]["Properties"].get("Timeout"))
    if timeout is None or timeout >= _period(schedule["ScheduleExpression"]):
        yield f"a run of {function} may last until the next"
    invoked = {
        named(each["FunctionName"]): each.get("MaximumRetryAttempts")
        for _, each in stack.of("AWS::Lambda::EventInvokeConfig")
    }
    repeats = schedule["Target"].get("RetryPolicy", {}).get("MaximumRetryAttempts")
    if repeats != 0 or invoked.get(function) != 0:
        yield f"a run of {function} is repeated beside the next"


def _period(expression: str) -> int:
    """Return the seconds of a rate."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    return int(found[1]) * UNITS[found[2]] if found else 0


def _input(schedule: Properties) -> Iterator[str]:
    try:
        said = json.loads(schedule["Target"]["Input"])
    except ValueError:
        yield "Input is not JSON"
        return
    if said.get("timezone") != schedule.get("ScheduleExpressionTimezone"):
        yield "Input says another timezone"
    if said.get("scheduled_at") != INSTANT:
        yield "Input does not say when it was to run: a late repeat takes another day for its own"
