"""E9014: nothing that AWS logs or shows says who somebody is."""

import json
import re
from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, everywhere, named, several

LOGGED = frozenset(
    {
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
)
"""What the access log may say: neither who, nor from where, nor a path with a booking's code."""


class Logged(rule.Rule):
    """Bodies hold names and NIKs, paths hold booking codes, DEBUG logs whole items."""

    id = "E9014"
    shortdesc = "Neither gateway, firewall nor libraries log bodies, paths, addresses or items"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, function in stack.of("AWS::Lambda::Function"):
            level = function.get("Environment", {}).get("Variables", {}).get("LOG_LEVEL")
            parameter = stack.parameters.get(named(level), {})
            allowed = parameter.get("AllowedValues", ["DEBUG"]) if parameter else several(level)
            if "DEBUG" in allowed:
                yield name, "its LOG_LEVEL may be DEBUG"
        for name, stage in stack.of("AWS::ApiGateway::Stage"):
            for problem in _stage(stage):
                yield name, problem
        for name, firewall in stack.of("AWS::WAFv2::WebACL"):
            if any(each is not False for each in everywhere(firewall, "SampledRequestsEnabled")):
                yield name, "samples requests, with paths that hold booking codes"


def _stage(stage: Properties) -> Iterator[str]:
    for settings in stage.get("MethodSettings", ()):
        if settings.get("DataTraceEnabled") is not False:
            yield "logs bodies (DataTraceEnabled)"
        if settings.get("LoggingLevel") != "OFF":
            yield "logs paths (LoggingLevel)"
        if settings.get("MetricsEnabled") is not True:
            yield "a route has no metrics (MetricsEnabled)"
    access = stage.get("AccessLogSetting", {}).get("Format", "{}")
    for variable in sorted(set(re.findall(r"\$context\.([\w.]+)", access)) - LOGGED):
        yield f"the access log says {variable}"
    try:
        if not all(isinstance(value, str) for value in json.loads(access).values()):
            yield "the access log has a value without quotes: an empty one is not JSON"
    except ValueError:
        yield "the access log is not JSON"
