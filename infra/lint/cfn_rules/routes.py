"""E9017: every route is named, and those of staff and admins want a token."""

from collections.abc import Iterator
from typing import Any

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, named

METHODS = frozenset({"delete", "get", "patch", "post", "put"})
PROTECTED = ("/v1/admin/", "/v1/staff/")
AUTHORISER = "x-amazon-apigateway-authorizer"


class Routes(rule.Rule):
    """A route that the gateway passes on unasked is open to everybody."""

    id = "E9017"
    shortdesc = "A route has a method and a path below /v1/; those of staff and admins want a token"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, api in stack.of("AWS::ApiGateway::RestApi"):
            body = api.get("Body", {})
            trusted = _trusted(stack, body)
            for path, methods in body.get("paths", {}).items():
                if not path.startswith("/v1/") or "+}" in path:
                    yield name, f"{path} is not one path below /v1/"
                for method, operation in methods.items():
                    for problem in _operation(path, method, operation, trusted):
                        yield name, f"{method.upper()} {path} {problem}"


def _trusted(stack: Stack, body: Properties) -> set[str]:
    """Return the authorisers that ask a user pool of this template."""
    pools = dict(stack.of("AWS::Cognito::UserPool")).keys()
    schemes = body.get("components", {}).get("securitySchemes", {})
    return {
        name
        for name, scheme in schemes.items()
        if scheme.get(AUTHORISER, {}).get("type") == "cognito_user_pools"
        and {named(each) for each in scheme[AUTHORISER].get("providerARNs", ())} <= pools
    }


def _operation(path: str, method: str, operation: Any, trusted: set[str]) -> Iterator[str]:
    if method not in METHODS:
        yield "is no method by name"
        return
    asks = [name for each in operation.get("security", ()) for name in each]
    if path.startswith(PROTECTED):
        if not asks or not set(asks) <= trusted:
            yield "asks no user pool of this template who calls"
    elif asks:
        yield "wants a token, which applicants have none of"
