"""E9023: an alarm reaches somebody who finds what to do."""

import re
from collections.abc import Iterator
from functools import cache

from infra.lint import rule
from infra.lint.rule import ROOT, Fault, Properties, Stack, text

RUNBOOK = "docs/runbook.md"


class Alarms(rule.Rule):
    """An alarm that nobody hears, or that says nothing to who hears it, is none."""

    id = "E9023"
    shortdesc = f"An alarm is sent when it begins and ends, and has its section in {RUNBOOK}"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, alarm in stack.of("AWS::CloudWatch::Alarm"):
            for problem in (*_sent(alarm), *_explained(alarm)):
                yield name, problem


def alarm_name(alarm: Properties) -> str:
    """Return an alarm's name without the stack's."""
    return text(alarm["AlarmName"]).removeprefix("${Stack}-")


@cache
def sections() -> dict[str, str]:
    """Return the runbook's sections by their headings."""
    found = re.findall(
        r"^### ([\w-]+)\n(.*?)(?=^##|\Z)",
        (ROOT / RUNBOOK).read_text(),
        re.MULTILINE | re.DOTALL,
    )
    return dict(found)


def _sent(alarm: Properties) -> Iterator[str]:
    for actions in ("AlarmActions", "OKActions"):
        if not alarm.get(actions):
            yield f"{actions} is missing"
    missing = alarm.get("TreatMissingData")
    if missing not in {"breaching", "notBreaching"}:
        yield "TreatMissingData says neither"
    elif alarm["ComparisonOperator"].startswith("LessThan") and missing != "breaching":
        yield "TreatMissingData is not breaching: nothing at all is less than anything"


def _explained(alarm: Properties) -> Iterator[str]:
    name = alarm_name(alarm)
    if not text(alarm.get("AlarmDescription")).endswith(f" {RUNBOOK}#{name}"):
        yield f"its description does not end with {RUNBOOK}#{name}"
    if name not in sections():
        yield f"{RUNBOOK} has no section {name}"
