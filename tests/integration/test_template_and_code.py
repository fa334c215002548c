"""What template.yaml says and the code says too: routes, roles, settings, keys, times.

What holds for every template by itself is a rule of infra/lint/cfn_rules.
"""

import csv
import json
import re
from collections import defaultdict
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from antrean.api import app
from antrean.api.problems import KINDS, TYPE
from antrean.api.roles import ROLES
from antrean.domain.tickets import BookingStatus
from antrean.handlers import admin_api, public_api, publish_rosters, staff_api
from antrean.handlers.receive_receipts import ENDS
from antrean.handlers.send_messages import SECONDS
from antrean.imports import files
from antrean.messages.email_ses import TAG
from antrean.rosters import storage
from antrean.rosters.order import RUNS
from antrean.runtime.settings import RETENTION_DAYS
from antrean.store.items.booking import BOOKING, BookingItem
from antrean.store.items.message import LEASE
from infra.build.zips import PLATFORM, ROOT
from infra.cloudformation import read
from infra.lint.templates import OTHERS

TEMPLATE = read(ROOT / "template.yaml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
SHARED = TEMPLATE["Globals"]["Function"]
FUNCTIONS: dict[str, Any] = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
APPS = {
    "PublicFunction": public_api.whole_app(),
    "StaffFunction": staff_api.app,
    "AdminFunction": admin_api.app,
}
ROUTES = {
    (event["Properties"]["Method"], event["Properties"]["Path"]): (name, event["Properties"])
    for name in APPS
    for event in FUNCTIONS[name]["Events"].values()
}
"""(method, path) of every route: its function's logical id and the event's properties."""

ONLY_THE_GATEWAYS = {"too-many-requests"}
"""Problems that no function answers with."""

FOR_OTHERS = {
    "LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "PYTHONPATH",
}
"""Variables that Powertools and Python read."""

SENDING_SECONDS = 25
"""What one message takes at most."""


def of(name: str) -> Any:
    return RESOURCES[name]["Properties"]


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_one_name_everywhere(name: str) -> None:
    """Its handler's file, its own name, its log's and its service's are made of its logical id."""
    words = re.findall("[A-Z][a-z]+", name.removesuffix("Function"))
    dashed = "-".join(words).lower()
    file = f"{dashed}-api" if name in APPS else dashed
    function = FUNCTIONS[name]
    log_group = of(function["LoggingConfig"]["LogGroup"]["Ref"])

    assert function["Handler"] == f"antrean.handlers.{file.replace('-', '_')}.handler"
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{dashed}"}
    assert log_group["LogGroupName"] == {"Fn::Sub": f"/antrean/${{AWS::StackName}}/{dashed}"}
    assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == dashed


def test_every_handlers_file_is_a_functions() -> None:
    folder = ROOT / "functions/antrean/handlers"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "each_office", "each_record"}

    assert files == {function["Handler"].split(".")[2] for function in FUNCTIONS.values()}


# --- The API --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", APPS)
def test_the_gateway_has_the_routes_of_the_app_and_no_other(name: str) -> None:
    paths = APPS[name].get_openapi_schema().paths or {}
    served = {
        (method.upper(), path)
        for path, item in paths.items()
        for method in item.model_dump(exclude_none=True)
        if method in {"get", "post", "put", "patch", "delete"}
    }

    routed = {route for route, (function, _) in ROUTES.items() if function == name}

    assert routed == served


def test_every_route_that_wants_a_token_has_roles() -> None:
    assert {route for route, (_, event) in ROUTES.items() if "Auth" in event} == ROLES.keys()


def test_the_gateways_problems_are_those_of_the_functions() -> None:
    titles = {TYPE + kind.slug: kind.title for kind in KINDS.values()}
    for response in of("Api")["GatewayResponses"].values():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        if body["type"].removeprefix(TYPE) not in ONLY_THE_GATEWAYS:
            assert titles[body["type"]] == body["title"]


def test_the_route_that_is_held_below_the_rest_is_one() -> None:
    held = [(each["HttpMethod"], each["ResourcePath"]) for each in of("Api")["MethodSettings"]]

    assert held[0] == ("*", "/*")
    assert set(held[1:]) <= ROUTES.keys()


# --- Functions ------------------------------------------------------------------------------------


def test_functions_run_on_what_they_are_built_for() -> None:
    python = (ROOT / ".python-version").read_text().strip()

    assert (SHARED["Runtime"], SHARED["Architectures"]) == (f"python{python}", ["arm64"])
    assert PLATFORM.startswith("aarch64-")
    assert not any({"Architectures", "Runtime"} & set(function) for function in FUNCTIONS.values())


def test_every_variable_is_a_setting_and_every_setting_has_its_variable() -> None:
    source = (ROOT / "functions" / "antrean" / "runtime" / "settings.py").read_text()
    read_there = set(re.findall(r'env(?:\.get\(|\[)"([A-Z_]+)"', source))
    given = set(SHARED["Environment"]["Variables"])
    for function in FUNCTIONS.values():
        given |= set(function["Environment"]["Variables"])

    assert given - FOR_OTHERS == read_there


def test_the_retention_time_is_the_same_where_nobody_sets_it() -> None:
    assert TEMPLATE["Parameters"]["RetentionDays"]["Default"] == RETENTION_DAYS


def deadlines() -> dict[str, float]:
    """How long each function that has a deadline gives itself, in seconds."""
    handlers = {
        name: import_module(function["Handler"].removesuffix(".handler"))
        for name, function in FUNCTIONS.items()
    }
    found = {
        name: handler.SECONDS for name, handler in handlers.items() if hasattr(handler, "SECONDS")
    }
    rosters = FUNCTIONS["PublishRostersFunction"]["Events"]["Queue"]["Properties"]["BatchSize"]
    return {
        **found,
        **dict.fromkeys(APPS, app.SECONDS),
        "PublishRostersFunction": rosters * publish_rosters.SECONDS_PER_ROSTER,
    }


def test_every_function_but_the_streams_reader_has_a_deadline() -> None:
    assert FUNCTIONS.keys() - deadlines().keys() == {"OrderMessagesFunction"}


@pytest.mark.parametrize(("name", "seconds"), deadlines().items())
def test_a_function_gives_up_before_it_is_ended(name: str, seconds: float) -> None:
    """Or else it is ended in the middle of a write, and nobody hears of it."""
    assert seconds < FUNCTIONS[name].get("Timeout", SHARED["Timeout"])


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bucket", "prefix"),
    [
        ("RosterBucket", storage.PUBLIC_KEY.partition("/")[0] + "/"),
        ("ImportBucket", files.FOLDER),
    ],
)
def test_what_expires_is_what_is_written(bucket: str, prefix: str) -> None:
    rules = of(bucket)["LifecycleConfiguration"]["Rules"]

    assert [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule] == [prefix]


def test_an_upload_rings_where_uploads_are_written() -> None:
    (told,) = of("ImportBucket")["NotificationConfiguration"]["QueueConfigurations"]
    source = FUNCTIONS["StartImportFunction"]["Events"]["Queue"]["Properties"]

    assert told["Queue"] == source["Queue"]
    assert told["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": files.FOLDER}]}}


# --- Schedules ------------------------------------------------------------------------------------


def by_zone() -> dict[tuple[str, str], dict[str, str]]:
    """The expression in each zone, by function and run."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, function in FUNCTIONS.items():
        for event in function["Events"].values():
            if event["Type"] == "ScheduleV2" and "Input" in event["Properties"]:
                schedule = event["Properties"]
                said = json.loads(schedule["Input"])
                zone = schedule["ScheduleExpressionTimezone"]
                found[name, said.get("run", "")][zone] = schedule["ScheduleExpression"]
    return found


@pytest.mark.parametrize(("function", "run"), by_zone())
def test_a_zones_work_is_done_at_one_hour_of_every_zone_that_has_offices(
    function: str, run: str
) -> None:
    with (ROOT / "infra" / "seed" / "offices.csv").open() as offices:
        zones = {office["timezone"] for office in csv.DictReader(offices)}
    planned = by_zone()[function, run]

    assert planned.keys() == zones
    assert len(set(planned.values())) == 1


def test_every_run_of_rosters_is_planned_and_reminders_come_before() -> None:
    planned = by_zone()

    assert {run for function, run in planned if function == "PlanRostersFunction"} == RUNS.keys()
    evening, reminding = (
        int(planned[key]["Asia/Jakarta"].split()[1])
        for key in (("PlanRostersFunction", "evening"), ("RemindFunction", ""))
    )
    assert reminding < evening


# --- The stream -----------------------------------------------------------------------------------


@cache
def filters() -> dict[str, dict[str, Any]]:
    """What each function on the table's stream is called for."""
    found = {}
    for name, function in FUNCTIONS.items():
        for event in function["Events"].values():
            if event["Type"] == "DynamoDB":
                (wanted,) = event["Properties"]["FilterCriteria"]["Filters"]
                found[name] = json.loads(wanted["Pattern"])
    return found


def test_the_stream_shows_an_item_before_and_after() -> None:
    assert of("Table")["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.mark.parametrize("function", filters())
def test_the_stream_calls_for_bookings_alone(function: str) -> None:
    key = BookingItem.keyed("K7QF2M9PXT")
    keys = filters()[function]["dynamodb"]["Keys"]
    (prefix,) = keys["pk"]["S"]

    assert key.pk.startswith(prefix["prefix"])
    assert prefix["prefix"] == "BOOKING#"
    assert keys["sk"] == {"S": [BOOKING]}


def test_tombstones_are_left_where_the_ttl_removed_a_booking() -> None:
    wanted = filters()["LeaveTombstonesFunction"]

    assert wanted["eventName"] == ["REMOVE"]
    assert wanted["userIdentity"] == {
        "type": ["Service"],
        "principalId": ["dynamodb.amazonaws.com"],
    }


def test_messages_are_asked_for_where_a_booking_was_made_changed_or_cancelled() -> None:
    wanted = filters()["OrderMessagesFunction"]

    assert wanted["eventName"] == ["INSERT", "MODIFY"]
    assert wanted["dynamodb"]["NewImage"] == {"status": {"S": [*BookingStatus]}}


# --- Messages -------------------------------------------------------------------------------------


def test_a_lease_outlives_who_sends_and_the_queue_outlives_the_lease() -> None:
    queue, sender = of("MessageQueue"), FUNCTIONS["SendMessagesFunction"]

    assert sender["Timeout"] > SECONDS + SENDING_SECONDS, "a message begun at the last second"
    assert sender["Timeout"] < LEASE
    handed_over = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    assert handed_over > 2 * LEASE


@pytest.mark.parametrize("name", ["MailTakenRule", "MailBouncedRule", "MailComplainedRule"])
def test_a_receipt_holds_what_happened_and_our_tag_alone(name: str) -> None:
    (target,) = of(name)["Targets"]
    paths = target["InputTransformer"]["InputPathsMap"]

    assert paths == {"message": f"$.detail.mail.tags.{TAG}"}
    told = json.loads(target["InputTransformer"]["InputTemplate"].replace("<message>", '["a"]'))
    assert told.keys() == {"what", "message"}
    assert told["what"] in {"sent", *ENDS}


def test_mail_comes_from_the_identity_that_is_proven() -> None:
    parameters = TEMPLATE["Parameters"]

    sender = parameters["MailFrom"]["Default"]
    assert fnmatch(sender, f"*@{parameters['MailIdentity']['Default']}>")


# --- What others find it by -----------------------------------------------------------------------


def test_the_outputs_say_what_commands_and_other_templates_ask_for() -> None:
    sources = "\n".join(
        path.read_text()
        for directory in ("infra", "operations")
        for path in (ROOT / directory).rglob("*.py")
    )
    asked = set(re.findall(r"outputs\[['\"](\w+)['\"]\]", sources))
    for path in OTHERS:
        for parameter in read(path)["Parameters"].values():
            asked |= set(re.findall(r"stack's output (\w+)", parameter["Description"]))

    assert {"SecretId", "UserPoolClientId", "ApiStage"} <= asked
    assert asked <= TEMPLATE["Outputs"].keys()
