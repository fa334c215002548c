"""What the edge promises: what is kept how long, who is kept out, what browsers are told."""

import json
import re
from typing import Any

import pytest

from antrean.handlers import public_api
from infra.build.zips import ROOT
from infra.local.template import read

EDGE: dict[str, Any] = read(ROOT / "infra" / "edge.yaml")["Resources"]
ORIGIN: dict[str, Any] = read(ROOT / "infra" / "origin.yaml")["Resources"]
DISTRIBUTION = EDGE["Distribution"]["Properties"]["DistributionConfig"]
BEHAVIOURS = {each["PathPattern"]: each for each in DISTRIBUTION["CacheBehaviors"]}
CACHED = ("/v1/offices*", "/v1/availability*")

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


@pytest.mark.parametrize(
    "path",
    [
        "/v1/offices",
        "/v1/offices/kotabumi",
        "/v1/offices/kotabumi/availability",
        "/v1/offices/kotabumi/board",
        "/v1/availability",
    ],
)
def test_what_everybody_sees_alike_is_kept_for_a_few_seconds(path: str) -> None:
    policy = EDGE["FewSeconds"]["Properties"]["CachePolicyConfig"]

    assert behaviour_of(path)["CachePolicyId"] == {"Ref": "FewSeconds"}
    assert 1 <= policy["MinTTL"] <= policy["DefaultTTL"] <= policy["MaxTTL"] <= 5


@pytest.mark.parametrize(
    "path",
    [
        "/v1/bookings",
        "/v1/bookings/K7QF2-M9PXT",
        "/v1/bookings/K7QF2-M9PXT/proof.svg",
        "/v1/staff/offices/kotabumi/rosters",
        "/v1/admin/audit",
    ],
)
def test_what_is_somebodys_own_is_never_kept(path: str) -> None:
    behaviour = behaviour_of(path)

    assert behaviour["TargetOriginId"] == "api"
    assert behaviour["CachePolicyId"] == CACHING_DISABLED
    assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert {"POST", "PATCH", "DELETE"} <= set(behaviour["AllowedMethods"])


def test_nothing_that_says_who_asks_reaches_what_is_kept() -> None:
    kept = EDGE["FewSeconds"]["Properties"]["CachePolicyConfig"]
    key = kept["ParametersInCacheKeyAndForwardedToOrigin"]

    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
    for pattern in CACHED:
        assert "OriginRequestPolicyId" not in BEHAVIOURS[pattern]
        assert BEHAVIOURS[pattern]["AllowedMethods"] == ["GET", "HEAD"]


def test_the_cached_routes_get_the_queries_they_take_and_no_other() -> None:
    paths = json.loads(public_api.app.get_openapi_json_schema())["paths"]
    taken = {
        parameter["name"]
        for path, item in paths.items()
        if path.startswith(("/v1/offices", "/v1/availability"))
        for parameter in item["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    kept = EDGE["FewSeconds"]["Properties"]["CachePolicyConfig"]
    queries = kept["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"]

    assert queries["QueryStringBehavior"] == "whitelist"
    assert set(queries["QueryStrings"]) == taken


def test_an_error_is_kept_for_a_second_at_most() -> None:
    kept = {
        each["ErrorCode"]: each["ErrorCachingMinTTL"]
        for each in DISTRIBUTION["CustomErrorResponses"]
    }

    assert {400, 403, 404, 500, 502, 503, 504} <= kept.keys()
    assert max(kept.values()) <= 1


def test_every_answer_tells_the_browser_to_be_careful() -> None:
    behaviours = [*BEHAVIOURS.values(), DISTRIBUTION["DefaultCacheBehavior"]]
    policy = EDGE["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    headers = policy["SecurityHeadersConfig"]

    assert all(each["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"} for each in behaviours)
    assert all("https" in each["ViewerProtocolPolicy"] for each in behaviours)
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    content = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert "default-src 'self'" in content
    assert "frame-ancestors 'none'" in content
    assert "unsafe" not in content


def test_the_firewall_counts_by_address_and_shows_nobodys_requests() -> None:
    firewall = EDGE["Firewall"]["Properties"]
    limits = {
        rule["Name"]: rule["Statement"]["RateBasedStatement"]["Limit"]
        for rule in firewall["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }

    assert limits == {
        "bookings-per-address": {"Ref": "BookingsPerAddress"},
        "codes-per-address": {"Ref": "CodesPerAddress"},
        "requests-per-address": {"Ref": "RequestsPerAddress"},
    }
    for each in [firewall, *firewall["Rules"], ORIGIN["OriginFirewall"]["Properties"]]:
        assert each["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_the_api_answers_to_the_distribution_alone() -> None:
    firewall = ORIGIN["OriginFirewall"]["Properties"]
    statement = firewall["Rules"][0]["Statement"]["ByteMatchStatement"]
    (api,) = [each for each in DISTRIBUTION["Origins"] if each["Id"] == "api"]
    (sent,) = api["OriginCustomHeaders"]

    assert firewall["DefaultAction"] == {"Block": {}}
    assert statement["SearchString"] == sent["HeaderValue"] == {"Ref": "OriginKey"}
    assert statement["FieldToMatch"] == {"SingleHeader": {"Name": sent["HeaderName"]}}


def test_the_web_bucket_is_read_by_the_distribution_alone() -> None:
    allow, deny = EDGE["WebBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert set(EDGE["WebBucket"]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert allow["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "aws:SourceArn" in allow["Condition"]["StringEquals"]
    assert deny["Effect"] == "Deny"
