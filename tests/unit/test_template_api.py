"""What template.yaml promises of the API: routes, who passes, throttles, logs, problems."""

import json
import re
from typing import Any

import pytest

from antrean.api.problems import KINDS, TYPE
from antrean.api.roles import ROLES
from antrean.handlers import admin_api, public_api, staff_api
from infra.build.zips import ROOT
from infra.local.template import read

TEMPLATE = read(ROOT / "template.yaml")
API = TEMPLATE["Resources"]["Api"]["Properties"]
APPS = {
    "PublicFunction": public_api.app,
    "StaffFunction": staff_api.app,
    "AdminFunction": admin_api.app,
}
RESPONSES: dict[str, Any] = API["GatewayResponses"]

ROUTES = {
    (event["Properties"]["Method"], event["Properties"]["Path"]): (name, event["Properties"])
    for name in APPS
    for event in TEMPLATE["Resources"][name]["Properties"]["Events"].values()
}
"""(method, path) of every route: its function's logical id and the event's properties."""

LOGGED = {
    "error.responseType",
    "httpMethod",
    "integrationLatency",
    "requestId",
    "requestTime",
    "resourcePath",
    "responseLatency",
    "responseLength",
    "status",
}
"""What the access log may say: neither who, nor from where, nor a path with a booking's code."""

OWN_ANSWERS = {
    "ACCESS_DENIED": 403,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "EXPIRED_TOKEN": 401,
    "INTEGRATION_TIMEOUT": 504,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}

ONLY_THE_GATEWAYS = {"too-many-requests"}
"""Problems that no function answers with."""


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


def test_every_route_is_named() -> None:
    for method, path in ROUTES:
        assert method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
        assert path.startswith("/v1/")
        assert "proxy+" not in path


def test_staff_and_admin_routes_want_a_token_and_the_others_none() -> None:
    protected = {route for route, (_, event) in ROUTES.items() if "Auth" in event}

    assert protected == {
        (method, path) for method, path in ROUTES if path.startswith(("/v1/staff/", "/v1/admin/"))
    }
    assert all(ROUTES[route][1]["Auth"] == {"Authorizer": "Staff"} for route in protected)
    assert API["Auth"]["Authorizers"]["Staff"] == {
        "UserPoolArn": {"Fn::GetAtt": ["UserPool", "Arn"]}
    }


def test_every_route_that_wants_a_token_has_roles() -> None:
    assert {route for route, (_, event) in ROUTES.items() if "Auth" in event} == ROLES.keys()


def test_the_api_is_throttled_and_booking_is_held_below_the_rest() -> None:
    everything, booking = API["MethodSettings"]
    defaults = {name: each.get("Default") for name, each in TEMPLATE["Parameters"].items()}

    assert (everything["HttpMethod"], everything["ResourcePath"]) == ("*", "/*")
    assert (booking["HttpMethod"], booking["ResourcePath"]) == ("POST", "/v1/bookings")
    for settings, rate, burst in (
        (everything, "ApiRateLimit", "ApiBurstLimit"),
        (booking, "BookingRateLimit", "BookingBurstLimit"),
    ):
        assert settings["ThrottlingRateLimit"] == {"Ref": rate}
        assert settings["ThrottlingBurstLimit"] == {"Ref": burst}
    # An account's quota in Jakarta, until it is raised: 2,500 a second, bursts of 1,250.
    assert defaults["BookingRateLimit"] < defaults["ApiRateLimit"] <= 2500
    assert defaults["BookingBurstLimit"] < defaults["ApiBurstLimit"] <= 1250


def test_the_gateway_logs_neither_bodies_nor_paths() -> None:
    for settings in API["MethodSettings"]:
        assert settings["DataTraceEnabled"] is False
        assert settings["LoggingLevel"] == "OFF"
        assert settings["MetricsEnabled"] is True


def test_the_access_log_holds_no_personal_data() -> None:
    log = API["AccessLogSetting"]

    assert set(re.findall(r"\$context\.([\w.]+)", log["Format"])) <= LOGGED
    assert log["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
    assert all(isinstance(value, str) for value in json.loads(log["Format"]).values())


def test_the_account_may_write_access_logs_before_the_api_wants_to() -> None:
    assert TEMPLATE["Resources"]["Api"]["DependsOn"] == "ApiAccount"


@pytest.mark.parametrize("name", RESPONSES)
def test_what_the_gateway_answers_by_itself_is_a_problem(name: str) -> None:
    response = RESPONSES[name]
    body = json.loads(response["ResponseTemplates"]["application/json"])

    headers = response["ResponseParameters"]["Headers"]
    assert headers["Content-Type"] == "'application/problem+json'"
    assert headers["Cache-Control"] == "'no-store'"
    assert body.keys() >= {"type", "title", "detail", "instance"}
    assert body["instance"] == "urn:antrean:request:$context.requestId"
    assert body.get("status") == response.get("StatusCode")


def test_the_gateway_answers_with_the_right_statuses() -> None:
    statuses = {name: response.get("StatusCode") for name, response in RESPONSES.items()}

    assert statuses == {**OWN_ANSWERS, "DEFAULT_4XX": None, "DEFAULT_5XX": None}


def test_the_gateways_problems_are_those_of_the_functions() -> None:
    titles = {TYPE + kind.slug: kind.title for kind in KINDS.values()}
    for response in RESPONSES.values():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        if body["type"].removeprefix(TYPE) not in ONLY_THE_GATEWAYS:
            assert titles[body["type"]] == body["title"]


def test_the_gateway_says_when_to_come_again_and_how_to_sign_in() -> None:
    for name, response in RESPONSES.items():
        headers = response["ResponseParameters"]["Headers"]
        again = response.get("StatusCode") in {429, 504} or name == "DEFAULT_5XX"
        assert ("Retry-After" in headers) == again
        assert ("WWW-Authenticate" in headers) == (response.get("StatusCode") == 401)
