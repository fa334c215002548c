"""E9022: a firewall counts by address at the edge, and lets nobody else in behind it."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Stack, everywhere


class Firewalls(rule.Rule):
    """One machine that asks all day takes the places of a day, or the money of a month."""

    id = "E9022"
    shortdesc = "CloudFront's firewall limits each address; a regional one blocks by default"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, firewall in stack.of("AWS::WAFv2::WebACL"):
            if firewall["Scope"] == "REGIONAL":
                if firewall["DefaultAction"] != {"Block": {}}:
                    yield name, "DefaultAction is not Block: it can be walked around"
            elif not any(
                each["AggregateKeyType"] == "IP" and "ScopeDownStatement" not in each
                for each in everywhere(firewall, "RateBasedStatement")
            ):
                yield name, "no limit to all that one address asks"
