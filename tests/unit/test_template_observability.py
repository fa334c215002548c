"""Every alarm can be acted on: it is sent, and the runbook has a section for it and no other."""

import json
import re
from typing import Any

import pytest

from infra.build.zips import ROOT
from infra.local.template import read

OBSERVABILITY = read(ROOT / "infra" / "observability.yaml")
MAIN = read(ROOT / "template.yaml")["Resources"]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()

ALARMS: dict[str, Any] = {
    resource["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${Stack}-"): resource["Properties"]
    for resource in OBSERVABILITY["Resources"].values()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
SECTIONS: dict[str, str] = dict(
    re.findall(r"^### ([\w-]+)\n(.*?)(?=^##|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
)


def named(kind: str, key: str) -> set[str]:
    """The names that the stack `${AWS::StackName}` gives its resources of a type."""
    return {
        resource["Properties"][key]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        for resource in MAIN.values()
        if resource["Type"] == kind
    }


def looked_at(dimension: str) -> set[str]:
    """The values, without the stack's name, that alarms and dashboard give a dimension."""
    text = json.dumps(OBSERVABILITY)
    alarms = rf'"Name": "{dimension}", "Value": {{"Fn::Sub": "\${{Stack}}-([\w-]+)"'
    dashboard = rf'\\"{dimension}\\", \\"\${{Stack}}-([\w-]+)\\"'
    return set(re.findall(alarms, text)) | set(re.findall(dashboard, text))


def test_each_alarm_has_its_section_and_each_section_its_alarm() -> None:
    assert SECTIONS.keys() == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_a_section_says_what_it_means_where_to_look_and_what_to_do(name: str) -> None:
    section = SECTIONS[name].lower()

    assert "**means**" in section
    assert "**first look**" in section
    assert "**do**" in section


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_sent_when_it_begins_and_ends_and_names_its_section(name: str) -> None:
    alarm = ALARMS[name]

    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert alarm["AlarmDescription"].endswith(f" docs/runbook.md#{name}")
    assert alarm["TreatMissingData"] in {"breaching", "notBreaching"}


def test_the_links_of_the_runbook_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK)) <= anchors


def test_alarms_and_dashboard_look_at_what_the_stack_has() -> None:
    functions = named("AWS::Serverless::Function", "FunctionName")
    queues = named("AWS::SQS::Queue", "QueueName")

    assert looked_at("FunctionName") == functions
    assert looked_at("QueueName") <= queues


def test_every_dead_letter_queue_rings() -> None:
    dead = {name for name in named("AWS::SQS::Queue", "QueueName") if name.endswith("-dead")}

    for name in dead:
        assert ALARMS[name]["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert ALARMS[name]["Threshold"] == 0


def test_throttled_requests_are_counted_in_the_access_log() -> None:
    count = OBSERVABILITY["Resources"]["ThrottledRequests"]["Properties"]
    log = MAIN["ApiLogs"]["Properties"]["LogGroupName"]["Fn::Sub"]

    assert count["LogGroupName"]["Fn::Sub"] == log.replace("${AWS::StackName}", "${Stack}")
    assert '"status":"$context.status"' in MAIN["Api"]["Properties"]["AccessLogSetting"]["Format"]


def test_silence_of_scheduled_work_is_an_alarm() -> None:
    for name in ("sweep-stopped", "days-not-opened", "rosters-not-planned", "not-reminded"):
        assert ALARMS[name]["TreatMissingData"] == "breaching"


def test_the_dashboard_is_json() -> None:
    body = OBSERVABILITY["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]

    titles = [widget["properties"]["title"] for widget in json.loads(body)["widgets"]]

    assert len(titles) == len(set(titles)) == 10
