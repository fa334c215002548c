"""E9026: what SES tells of a mail is heard, without the address."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, everywhere, several

TAGS = "$.detail.mail.tags."


class Mail(rule.Rule):
    """An event of SES names whom it wrote to; only our own tag may go on."""

    id = "E9026"
    shortdesc = "Each event of SES has a rule that passes our tag on; lasting bounces count"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        heard = set()
        for name, event_rule in stack.of("AWS::Events::Rule"):
            pattern = event_rule.get("EventPattern", {})
            if "aws.ses" in pattern.get("source", ()):
                detail = pattern.get("detail", {})
                heard |= {str(kind).upper() for kind in detail.get("eventType", ())}
                for problem in (*_pattern(detail), *_targets(event_rule)):
                    yield name, problem
        for name, told in stack.of("AWS::SES::ConfigurationSetEventDestination"):
            for kinds in everywhere(told, "MatchingEventTypes"):
                for kind in sorted(set(kinds) - heard):
                    yield name, f"no rule hears {kind}"
                for kind in sorted(heard - set(kinds)):
                    yield name, f"does not tell {kind}, which a rule waits for"
        for name, settings in stack.of("AWS::SES::ConfigurationSet"):
            reasons = settings.get("SuppressionOptions", {}).get("SuppressedReasons", ())
            if not {"BOUNCE", "COMPLAINT"} <= set(reasons):
                yield name, "SES goes on writing to who bounced or complained"


def _pattern(detail: Properties) -> Iterator[str]:
    if "ses:configuration-set" not in detail.get("mail", {}).get("tags", {}):
        yield "hears the mail of other configuration sets"
    if "Bounce" in detail.get("eventType", ()) and detail.get("bounce") != {
        "bounceType": ["Permanent"]
    }:
        yield "a full mailbox counts as a bounce for ever"


def _targets(event_rule: Properties) -> Iterator[str]:
    for target in several(event_rule.get("Targets")):
        paths = target.get("InputTransformer", {}).get("InputPathsMap")
        if not paths or not all(path.startswith(TAGS) for path in paths.values()):
            yield "passes on more than our tag: the event names the address"
