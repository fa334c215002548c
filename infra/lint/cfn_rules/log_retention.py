"""E9001: logs are kept for a set time."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Stack, named


class LogRetention(rule.Rule):
    """A function without a log group of its own gets one from Lambda, which keeps it for ever."""

    id = "E9001"
    shortdesc = "Every log goes to a log group of the template, which has a retention time"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        groups = dict(stack.of("AWS::Logs::LogGroup"))
        for name, group in groups.items():
            if "RetentionInDays" not in group:
                yield name, "RetentionInDays is missing: the log is kept for ever"
        for name, function in stack.of("AWS::Lambda::Function"):
            if named(function.get("LoggingConfig", {}).get("LogGroup")) not in groups:
                yield name, "LoggingConfig.LogGroup is not a log group of this template"
        for name, stage in stack.of("AWS::ApiGateway::Stage"):
            if named(stage.get("AccessLogSetting", {}).get("DestinationArn")) not in groups:
                yield name, "AccessLogSetting.DestinationArn is not a log group of this template"
