"""E9024: a dashboard can be read."""

import json
from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Stack, text


class Dashboards(rule.Rule):
    """CloudWatch refuses a body that is not JSON only when it is deployed."""

    id = "E9024"
    shortdesc = "A dashboard is JSON, and each of its widgets has a title of its own"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, dashboard in stack.of("AWS::CloudWatch::Dashboard"):
            try:
                widgets = json.loads(text(dashboard["DashboardBody"]))["widgets"]
            except ValueError:
                yield name, "DashboardBody is not JSON"
                continue
            titles = [each["properties"].get("title") for each in widgets]
            if None in titles or len(set(titles)) < len(titles):
                yield name, "a widget has no title of its own"
