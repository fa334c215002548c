"""E9020: CloudFront keeps what everybody sees alike, for seconds, and nothing of anybody's own."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack

NOT_KEPT = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's policy CachingDisabled."""

READS = {"GET", "HEAD"}
MOST_SECONDS = 5
ERRORS = frozenset({400, 403, 404, 405, 500, 502, 503, 504})
MOST_SECONDS_OF_ERRORS = 1


class Distributions(rule.Rule):
    """What is kept is shown to others: a booking to whoever asks next, a fault to everybody."""

    id = "E9020"
    shortdesc = "A distribution keeps the API's answers for seconds and without who asked"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, distribution in stack.of("AWS::CloudFront::Distribution"):
            config = distribution["DistributionConfig"]
            for problem in (*_behaviours(config), *_errors(config), *_ways_in(config)):
                yield name, problem
        for name, policy in stack.of("AWS::CloudFront::CachePolicy"):
            for problem in _kept(policy["CachePolicyConfig"]):
                yield name, problem


def _behaviours(config: Properties) -> Iterator[str]:
    apis = {each["Id"] for each in config["Origins"] if "CustomOriginConfig" in each}
    for behaviour in (config["DefaultCacheBehavior"], *config.get("CacheBehaviors", ())):
        path = behaviour.get("PathPattern", "*")
        if behaviour["ViewerProtocolPolicy"] == "allow-all":
            yield f"{path} is answered without TLS"
        if "ResponseHeadersPolicyId" not in behaviour:
            yield f"{path} has no ResponseHeadersPolicyId"
        if behaviour["TargetOriginId"] in apis and behaviour.get("CachePolicyId") != NOT_KEPT:
            if not set(behaviour.get("AllowedMethods", READS)) <= READS:
                yield f"{path} is kept and changes something"
            if "OriginRequestPolicyId" in behaviour:
                yield f"{path} is kept and passes on who asks"


def _errors(config: Properties) -> Iterator[str]:
    kept = {
        each["ErrorCode"]: each["ErrorCachingMinTTL"]
        for each in config.get("CustomErrorResponses", ())
    }
    for code in sorted(ERRORS - kept.keys()):
        yield f"{code} is kept for 10 seconds, CloudFront's default"
    for code, seconds in kept.items():
        if seconds > MOST_SECONDS_OF_ERRORS:
            yield f"{code} is kept for {seconds} seconds"


def _ways_in(config: Properties) -> Iterator[str]:
    if "WebACLId" not in config:
        yield "no firewall (WebACLId)"
    for origin in config["Origins"]:
        custom = origin.get("CustomOriginConfig", {"OriginProtocolPolicy": "https-only"})
        if custom["OriginProtocolPolicy"] != "https-only":
            yield f"asks {origin['Id']} without TLS"


def _kept(config: Properties) -> Iterator[str]:
    if not 1 <= config["MinTTL"] <= config["DefaultTTL"] <= config["MaxTTL"] <= MOST_SECONDS:
        yield f"keeps for less than one second or more than {MOST_SECONDS}"
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    if key["CookiesConfig"] != {"CookieBehavior": "none"}:
        yield "keeps by cookies"
    if key["HeadersConfig"] != {"HeaderBehavior": "none"}:
        yield "keeps by headers"
    if key["QueryStringsConfig"]["QueryStringBehavior"] not in {"none", "whitelist"}:
        yield "keeps by any query: a made-up one reaches the API each time"
