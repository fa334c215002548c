"""E9016: staff sign in with two factors, and nobody signs up."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack

SHORTEST_PASSWORD = 12
MOST_MINUTES = 60
BY_PASSWORD_ALONE = frozenset(
    {
        "ADMIN_NO_SRP_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "USER_PASSWORD_AUTH",
    }
)


class Users(rule.Rule):
    """Who has a staff account reads the names and NIKs of an office's applicants."""

    id = "E9016"
    shortdesc = "Users have a second factor, are made by admins, and are signed out in an hour"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, pool in stack.of("AWS::Cognito::UserPool"):
            for problem in _pool(stack, pool):
                yield name, problem
        for name, client in stack.of("AWS::Cognito::UserPoolClient"):
            for problem in _client(stack, client):
                yield name, problem


def _pool(stack: Stack, pool: Properties) -> Iterator[str]:
    if pool.get("MfaConfiguration") != "ON":
        yield "MfaConfiguration is not ON"
    if pool.get("EnabledMfas") != ["SOFTWARE_TOKEN_MFA"]:
        yield "a second factor other than an app (EnabledMfas): an SMS can be taken over"
    if pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly") is not True:
        yield "everybody may sign up"
    password = pool.get("Policies", {}).get("PasswordPolicy", {})
    if (stack.number(password.get("MinimumLength")) or 0) < SHORTEST_PASSWORD:
        yield f"a password may be shorter than {SHORTEST_PASSWORD} characters"


def _client(stack: Stack, client: Properties) -> Iterator[str]:
    for flow in client.get("ExplicitAuthFlows", ()):
        if flow in BY_PASSWORD_ALONE:
            yield f"sends passwords to the server ({flow})"
    if client.get("PreventUserExistenceErrors") != "ENABLED":
        yield "says who has an account (PreventUserExistenceErrors)"
    if client.get("EnableTokenRevocation") is not True:
        yield "nobody can be signed out (EnableTokenRevocation)"
    units = client.get("TokenValidityUnits", {})
    for token in ("AccessToken", "IdToken"):
        minutes = stack.number(client.get(f"{token}Validity"))
        if units.get(token) != "minutes" or minutes is None or minutes > MOST_MINUTES:
            yield f"its {token} is good for more than {MOST_MINUTES} minutes"
