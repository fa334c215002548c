"""Alarms and dashboard look at what the stack has, and the runbook speaks of each alarm."""

import json
import re
from typing import Any

import pytest

from infra.build.zips import ROOT
from infra.cloudformation import read
from infra.lint.cfn_rules.alarms import alarm_name, sections
from infra.lint.cfn_rules.dead_letters import dead_letter_queues
from infra.lint.rule import Stack
from infra.lint.templates import expand

OBSERVABILITY = read(ROOT / "infra" / "observability.yaml")
TEMPLATE = read(ROOT / "template.yaml")
MAIN = TEMPLATE["Resources"]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
ALARMS: dict[str, Any] = {
    alarm_name(properties): properties
    for _, properties in Stack(OBSERVABILITY).of("AWS::CloudWatch::Alarm")
}
DASHBOARD: str = OBSERVABILITY["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]


def named(kind: str, key: str) -> set[str]:
    """The names that the stack `${AWS::StackName}` gives its resources of a type."""
    return {
        resource["Properties"][key]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        for resource in MAIN.values()
        if resource["Type"] == kind
    }


def alarmed(dimension: str) -> set[str]:
    """The values, without the stack's name, that alarms give a dimension."""
    pattern = rf'"Name": "{dimension}", "Value": {{"Fn::Sub": "\${{Stack}}-([\w-]+)"'
    return set(re.findall(pattern, json.dumps(OBSERVABILITY)))


def shown(dimension: str) -> set[str]:
    """The values, without the stack's name, that the dashboard gives a dimension."""
    return set(re.findall(rf'"{dimension}", "\${{Stack}}-([\w-]+)"', DASHBOARD))


def test_each_section_of_the_runbook_has_its_alarm() -> None:
    assert sections().keys() == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_a_section_says_what_it_means_where_to_look_and_what_to_do(name: str) -> None:
    section = sections()[name].lower()

    assert "**means**" in section
    assert "**first look**" in section
    assert "**do**" in section


def test_the_links_of_the_runbook_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK)) <= anchors


@pytest.mark.parametrize(
    ("kind", "dimension"),
    [("AWS::Serverless::Function", "FunctionName"), ("AWS::SQS::Queue", "QueueName")],
)
def test_the_dashboard_shows_all_that_the_stack_has_and_alarms_look_at_no_other(
    kind: str, dimension: str
) -> None:
    have = named(kind, dimension)

    assert shown(dimension) == have
    assert alarmed(dimension) <= have


def test_every_dead_letter_queue_rings() -> None:
    queues = {
        MAIN[queue]["Properties"]["QueueName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        for queue in dead_letter_queues(Stack(expand(read(ROOT / "template.yaml"))))
    }

    assert len(queues) > 10
    for name in queues:
        alarm = ALARMS[name]
        assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
        assert f"-{name}" in json.dumps(alarm["Dimensions"])


def test_throttled_requests_are_counted_in_the_access_log() -> None:
    count = OBSERVABILITY["Resources"]["ThrottledRequests"]["Properties"]
    log = MAIN["ApiLogs"]["Properties"]["LogGroupName"]["Fn::Sub"]

    assert count["LogGroupName"]["Fn::Sub"] == log.replace("${AWS::StackName}", "${Stack}")
    assert '"status":"$context.status"' in MAIN["Api"]["Properties"]["AccessLogSetting"]["Format"]


def test_the_silence_of_scheduled_work_is_an_alarm() -> None:
    """That it breaches is a rule of every alarm of "fewer than"; that there is one is not."""
    silent = {name for name, each in ALARMS.items() if each["TreatMissingData"] == "breaching"}

    assert {"sweep-stopped", "days-not-opened", "rosters-not-planned", "not-reminded"} <= silent
