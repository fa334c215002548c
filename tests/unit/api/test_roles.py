"""Who may do what."""

from typing import Any

import pytest

from antrean.api.roles import ADMIN, OFFICE_ADMIN, ROLES, STAFF, Caller, authorise, caller_of
from antrean.domain.errors import NotAllowed, NotSignedIn
from tests.support.gateway import USER, event, signed_in

ROUTES = sorted(ROLES)
GROUP = {ADMIN: "admin", OFFICE_ADMIN: "office-admin:kotabumi", STAFF: "office:kotabumi"}


def asked(method: str, route: str, claims: dict[str, Any] | None, office: str = "kotabumi") -> Any:
    parameters = {"office_id": office, "date": "2026-11-24", "import_id": "1"}
    parameters |= {"user_id": "1", "label": "R0800-001"}
    path = {name: value for name, value in parameters.items() if f"{{{name}}}" in route}
    return event(method, route, claims=claims, path=path)


def routes_open_to(groups: tuple[str, ...]) -> list[tuple[str, str]]:
    """The routes that open to a user of these groups, at Kotabumi."""
    found = []
    for route in ROUTES:
        try:
            authorise(asked(*route, signed_in(*groups)))
        except NotAllowed:
            continue
        found.append(route)
    return found


@pytest.mark.parametrize("role", GROUP)
def test_a_role_opens_its_routes_and_no_others(role: str) -> None:
    assert routes_open_to((GROUP[role],)) == [
        route
        for route in ROUTES
        if role in ROLES[route] and ("{office_id}" in route[1] or role == ADMIN)
    ]


def test_who_is_let_in_is_known_by_user_and_groups() -> None:
    claims = signed_in("admin", "office:kotabumi")
    caller = authorise(asked("GET", "/v1/admin/audit", claims))
    assert caller == Caller(USER, frozenset({"admin", "office:kotabumi"}))


@pytest.mark.parametrize(
    "groups",
    [
        (),
        ("",),
        ("Admin",),
        ("admins",),
        ("office",),
        ("office:",),
        ("office-admin:",),
        ("office:kalianda", "office-admin:kalianda"),
        ("office:kotabumi2", "office-admin:kotabumi2"),
        ("office:Kotabumi", "office-admin:KOTABUMI"),
        ("xoffice:kotabumi", "my-office-admin:kotabumi"),
        ("office:*", "office-admin:*"),
        ("kotabumi",),
    ],
    ids=lambda groups: ",".join(groups) or "none",
)
def test_groups_that_are_not_the_offices_open_nothing(groups: tuple[str, ...]) -> None:
    assert routes_open_to(groups) == []


@pytest.mark.parametrize("claims", [None, {}, {"sub": ""}, {"cognito:groups": "admin"}])
def test_nobody_opens_nothing(claims: dict[str, Any] | None) -> None:
    for route in ROUTES:
        with pytest.raises(NotSignedIn):
            authorise(asked(*route, claims))


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {"claims": None}}])
def test_an_event_without_an_authorizer_is_nobodys(context: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        caller_of({"requestContext": context})
    with pytest.raises(NotSignedIn):
        caller_of({})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_route_outside_the_table_is_forbidden_to_everybody(method: str) -> None:
    for route in ("/v1/admin/everything", "/v1/staff/offices/{office_id}"):
        with pytest.raises(NotAllowed):
            authorise(asked(method, route, signed_in(*GROUP.values())))


@pytest.mark.parametrize(
    "listed",
    [
        "admin,office:kotabumi",
        "[admin, office:kotabumi]",
        "[admin office:kotabumi]",
        "admin office:kotabumi",
    ],
)
def test_groups_are_read_as_aws_and_the_local_stack_write_them(listed: str) -> None:
    caller = caller_of(
        {"requestContext": {"authorizer": {"claims": {"sub": USER, "cognito:groups": listed}}}}
    )
    assert caller.groups == {"admin", "office:kotabumi"}


def test_a_user_of_two_offices_has_each_offices_role_there_alone() -> None:
    caller = Caller(USER, frozenset({"office:kotabumi", "office-admin:kalianda"}))
    assert caller.roles_at("kotabumi") == {STAFF}
    assert caller.roles_at("kalianda") == {OFFICE_ADMIN}
    assert caller.roles_at("metro") == set()
    assert caller.roles_at(None) == set()
