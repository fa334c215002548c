"""E9001: logs are kept for a set time."""

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template


class LogRetention(CloudFormationLintRule):  # type: ignore[misc]
    """A function without a log group of its own gets one from Lambda, which keeps it for ever."""

    id = "E9001"
    shortdesc = "Every function has a log group of the template, every log group a retention time"
    description = shortdesc
    tags = ("resources", "lambda", "logs")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return what breaks the rule."""
        groups = cfn.get_resources("AWS::Logs::LogGroup")
        matches = [
            RuleMatch(["Resources", name], "RetentionInDays is missing: the log is kept for ever")
            for name, group in groups.items()
            if "RetentionInDays" not in group.get("Properties", {})
        ]
        for name, function in cfn.get_resources("AWS::Lambda::Function").items():
            group = function["Properties"].get("LoggingConfig", {}).get("LogGroup")
            if not isinstance(group, dict) or group.get("Ref") not in groups:
                message = "LoggingConfig.LogGroup is not a log group of this template"
                matches.append(RuleMatch(["Resources", name, "Properties"], message))
        return matches
