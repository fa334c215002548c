"""E9019: the API takes no more than the account's functions can."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack

QUOTAS = {"ThrottlingRateLimit": 2500, "ThrottlingBurstLimit": 1250}
"""Of an account in Jakarta until AWS raises them: a second, and at once."""


class Throttles(rule.Rule):
    """Above the quota AWS throttles every API of the account alike."""

    id = "E9019"
    shortdesc = "A stage throttles all routes within the account's quota, and some of them below"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, stage in stack.of("AWS::ApiGateway::Stage"):
            settings = {
                (each["HttpMethod"], each["ResourcePath"]): each
                for each in stage.get("MethodSettings", ())
            }
            everything = settings.pop(("*", "/*"), {})
            for key, quota in QUOTAS.items():
                most = stack.number(everything.get(key))
                if most is None or most > quota:
                    yield name, f"{key} of all routes is none, or above the quota of {quota}"
                elif not all(_below(stack, each, key, most) for each in settings.values()):
                    yield name, f"{key} of a route is not below that of all"


def _below(stack: Stack, settings: Properties, key: str, most: float) -> bool:
    limit = stack.number(settings.get(key))
    return limit is not None and limit < most
