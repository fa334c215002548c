"""E9003: roles name what they may do, and on what."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, several, text

WITHOUT_RESOURCE = frozenset({"sns:Publish"})
"""Actions that know no resource, so that a role must write "*": an SMS goes to a phone number."""

TOPICS = ":sns:*:*:*"


class NamedPermissions(rule.Rule):
    """A wildcard grants what nobody thought of, and what AWS adds later."""

    id = "E9003"
    shortdesc = "A role's allowing statements name their actions and resources"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, statements in _granted(stack):
            exempt = WITHOUT_RESOURCE if _no_topics(statements) else frozenset()
            for statement in statements:
                if statement["Effect"] == "Allow":
                    for problem in _problems(statement, exempt):
                        yield name, f"{problem} in {statement.get('Sid', 'a statement')}"
        for name, role in stack.of("AWS::IAM::Role"):
            for managed in several(role.get("ManagedPolicyArns")):
                if text(managed) and ":iam::aws:policy/service-role/" not in text(managed):
                    yield name, f"{text(managed)} is no policy of a service's role"


def _granted(stack: Stack) -> Iterator[tuple[str, list[Properties]]]:
    """Yield the statements of each role and policy, with its logical id."""
    for name, _ in stack.of("AWS::IAM::Role"):
        yield name, list(stack.statements(name))
    for name, policy in stack.of("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        yield name, several(policy["PolicyDocument"]["Statement"])


def _no_topics(statements: list[Properties]) -> bool:
    """Whether publishing to topics is denied: a role that sends SMS publishes to nothing else."""
    return any(
        statement["Effect"] == "Deny"
        and "sns:Publish" in several(statement["Action"])
        and any(text(each).endswith(TOPICS) for each in several(statement["Resource"]))
        for statement in statements
    )


def _problems(statement: Properties, exempt: frozenset[str]) -> Iterator[str]:
    actions = several(statement.get("Action"))
    if "NotAction" in statement or any("*" in str(action) for action in actions):
        yield "a wildcard action"
    everything = "*" in several(statement.get("Resource")) or "NotResource" in statement
    if everything and not set(actions) <= exempt:
        yield "a wildcard resource"
