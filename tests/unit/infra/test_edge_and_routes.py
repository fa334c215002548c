"""What CloudFront keeps of the API's routes, and for whom it opens the API."""

import json
import re
from typing import Any

import pytest

from antrean.api.roles import ROLES
from antrean.handlers import public_api
from infra.build.zips import ROOT
from infra.cloudformation import read

EDGE: dict[str, Any] = read(ROOT / "infra" / "edge.yaml")["Resources"]
ORIGIN: dict[str, Any] = read(ROOT / "infra" / "origin.yaml")["Resources"]
DISTRIBUTION = EDGE["Distribution"]["Properties"]["DistributionConfig"]
BEHAVIOURS = {each["PathPattern"]: each for each in DISTRIBUTION["CacheBehaviors"]}
PUBLIC: dict[str, Any] = json.loads(public_api.whole_app().get_openapi_json_schema())["paths"]

OWN = sorted(
    {path for path in PUBLIC if path.startswith("/v1/bookings")} | {path for _, path in ROLES}
)
"""Routes whose answers are for one person."""

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def behaviour_of(path: str) -> dict[str, Any]:
    """The first behaviour that fits, as CloudFront chooses."""
    for pattern, behaviour in BEHAVIOURS.items():
        if re.fullmatch(pattern.replace("*", ".*"), path):
            found: dict[str, Any] = behaviour
            return found
    default: dict[str, Any] = DISTRIBUTION["DefaultCacheBehavior"]
    return default


@pytest.mark.parametrize("path", ["/", "/index.html", "/js/book.js"])
def test_pages_come_from_the_bucket(path: str) -> None:
    assert behaviour_of(path)["TargetOriginId"] == "web"


@pytest.mark.parametrize("path", sorted(PUBLIC.keys() - set(OWN)))
def test_what_everybody_sees_alike_is_kept_for_a_few_seconds(path: str) -> None:
    assert PUBLIC[path].keys() == {"get"}
    assert behaviour_of(path)["CachePolicyId"] == {"Ref": "FewSeconds"}


@pytest.mark.parametrize("path", OWN)
def test_what_is_somebodys_own_is_never_kept(path: str) -> None:
    behaviour = behaviour_of(path)

    assert behaviour["TargetOriginId"] == "api"
    assert behaviour["CachePolicyId"] == CACHING_DISABLED
    assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert {"POST", "PUT", "PATCH", "DELETE"} <= set(behaviour["AllowedMethods"])


def test_the_cached_routes_get_the_queries_they_take_and_no_other() -> None:
    taken = {
        parameter["name"]
        for path, item in PUBLIC.items()
        if path not in OWN
        for parameter in item["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    kept = EDGE["FewSeconds"]["Properties"]["CachePolicyConfig"]
    queries = kept["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"]

    assert set(queries["QueryStrings"]) == taken


def test_the_firewall_counts_the_routes_that_take_places_and_guess_codes() -> None:
    counted = {
        match["SearchString"]: match["PositionalConstraint"]
        for rule in EDGE["Firewall"]["Properties"]["Rules"]
        for match in matches(rule["Statement"])
        if match["FieldToMatch"] == {"UriPath": {}}
    }

    assert counted == {"/v1/bookings": "EXACTLY", "/v1/bookings/": "STARTS_WITH"}
    assert "post" in PUBLIC["/v1/bookings"]


def matches(statement: Any) -> list[Any]:
    """The matches of a statement, however deep."""
    if not isinstance(statement, dict | list):
        return []
    if isinstance(statement, dict) and "ByteMatchStatement" in statement:
        return [statement["ByteMatchStatement"]]
    parts = statement.values() if isinstance(statement, dict) else statement
    return [match for part in parts for match in matches(part)]


def test_the_api_answers_to_the_distribution_alone() -> None:
    allowed, *_ = ORIGIN["OriginFirewall"]["Properties"]["Rules"]
    statement = allowed["Statement"]["ByteMatchStatement"]
    (api,) = [each for each in DISTRIBUTION["Origins"] if each["Id"] == "api"]
    (sent,) = api["OriginCustomHeaders"]

    assert statement["SearchString"] == sent["HeaderValue"] == {"Ref": "OriginKey"}
    assert statement["FieldToMatch"] == {"SingleHeader": {"Name": sent["HeaderName"]}}
