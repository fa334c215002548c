"""Who may do what: the roles of every protected route, in one table.

Roles are Cognito groups: `admin`; `office-admin:{office_id}` for quotas and closures of that
office; `office:{office_id}` for its staff. API Gateway has checked the token's signature, issuer,
audience and time before a function runs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from antrean.domain.audit import Author
from antrean.domain.errors import NotAllowed, NotSignedIn

ADMIN, OFFICE_ADMIN, STAFF = "admin", "office-admin", "office"

ROLES: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/v1/staff/offices/{office_id}/rosters"): frozenset({STAFF}),
    ("GET", "/v1/staff/offices/{office_id}/rosters/{date}"): frozenset({STAFF}),
    ("POST", "/v1/staff/offices/{office_id}/rosters/{date}"): frozenset({STAFF, ADMIN}),
    ("POST", "/v1/staff/offices/{office_id}/check-ins"): frozenset({STAFF}),
    ("POST", "/v1/staff/offices/{office_id}/call-next"): frozenset({STAFF}),
    ("POST", "/v1/staff/offices/{office_id}/recall"): frozenset({STAFF}),
    ("POST", "/v1/staff/offices/{office_id}/walk-ins"): frozenset({STAFF}),
    ("POST", "/v1/staff/offices/{office_id}/tickets/{date}/{label}/outcome"): frozenset({STAFF}),
    ("GET", "/v1/admin/offices/{office_id}/days"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("PATCH", "/v1/admin/offices/{office_id}/days/{date}"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("PATCH", "/v1/admin/offices/{office_id}/days"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("GET", "/v1/admin/offices/{office_id}/days/{date}/move"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("POST", "/v1/admin/offices/{office_id}/days/{date}/move"): frozenset({ADMIN}),
    ("GET", "/v1/admin/offices/{office_id}"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("PUT", "/v1/admin/offices/{office_id}"): frozenset({ADMIN}),
    ("POST", "/v1/admin/offices/{office_id}/status"): frozenset({ADMIN}),
    ("GET", "/v1/admin/offices/{office_id}/schedule"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("PUT", "/v1/admin/offices/{office_id}/schedule"): frozenset({ADMIN}),
    ("GET", "/v1/admin/offices/{office_id}/releases"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("PUT", "/v1/admin/offices/{office_id}/releases"): frozenset({ADMIN}),
    ("POST", "/v1/admin/offices/{office_id}/days/open"): frozenset({ADMIN}),
    ("GET", "/v1/admin/offices/{office_id}/statistics"): frozenset({OFFICE_ADMIN, ADMIN}),
    ("GET", "/v1/admin/calendar"): frozenset({ADMIN}),
    ("PUT", "/v1/admin/calendar/{date}"): frozenset({ADMIN}),
    ("DELETE", "/v1/admin/calendar/{date}"): frozenset({ADMIN}),
    ("POST", "/v1/admin/imports"): frozenset({ADMIN}),
    ("GET", "/v1/admin/imports/{import_id}"): frozenset({ADMIN}),
    ("GET", "/v1/admin/audit"): frozenset({ADMIN}),
}
"""What a route's office means: `office-admin` and `office` count for that office alone."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the user's stable id and their groups."""

    user: str
    groups: frozenset[str]

    def roles_at(self, office_id: str | None) -> frozenset[str]:
        """Return the roles that the groups give at an office."""
        own = {role for role in (OFFICE_ADMIN, STAFF) if f"{role}:{office_id}" in self.groups}
        return frozenset(own | (self.groups & {ADMIN}))


def caller_of(event: dict[str, Any]) -> Caller:
    """Return who sent an event. Raises `NotSignedIn` when API Gateway named nobody."""
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims = authorizer.get("claims") or {}
    if not claims.get("sub"):
        raise NotSignedIn("Send a valid token in the Authorization header.")
    return Caller(user=str(claims["sub"]), groups=frozenset(_groups(claims)))


def _groups(claims: dict[str, Any]) -> Iterable[str]:
    # AWS sends "a,b"; the local stack sends "[a, b]" or "[a b]".
    listed = str(claims.get("cognito:groups") or "").strip("[]")
    return listed.replace(",", " ").split()


def authorise(event: dict[str, Any]) -> Caller:
    """Return the caller of a protected route. Raises `NotSignedIn`, `NotAllowed`.

    A route without an entry in the table is forbidden to everybody.
    """
    office_id = (event.get("pathParameters") or {}).get("office_id")
    return _allowed(caller_of(event), event["httpMethod"], event["resource"], office_id)


def _allowed(caller: Caller, method: str, route: str, office_id: str | None) -> Caller:
    if not ROLES.get((method, route), frozenset()) & caller.roles_at(office_id):
        raise NotAllowed("Your groups do not allow this here.")
    return caller


def protect(app: APIGatewayRestResolver) -> None:
    """Make every route of `app` ask the table; `caller(app)` then says who it is.

    `authorise` goes by API Gateway's reading of the path and comes before the request is read;
    this goes by the route that runs. A caller needs both, so a path that the two read differently
    opens nothing.
    """
    app.use(middlewares=[_ask_again])


def _ask_again(
    app: APIGatewayRestResolver, following: Callable[[APIGatewayRestResolver], Response[Any]]
) -> Response[Any]:
    request, caller = app.request, caller_of(app.current_event.raw_event)
    office_id = request.path_parameters.get("office_id")
    app.append_context(caller=_allowed(caller, request.method, request.route, office_id))  # type: ignore[no-untyped-call]
    return following(app)


def caller(app: BaseRouter) -> Caller:
    """Return who calls the route that runs now; `app` is the app or the route's router."""
    who: Caller = app.context["caller"]
    return who


def author(app: BaseRouter) -> Author:
    """Return who asks for the change that the running request makes, for the record."""
    event: APIGatewayProxyEvent = app.current_event  # type: ignore[assignment]
    return Author(caller(app).user, event.request_context.request_id or "")
