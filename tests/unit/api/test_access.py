"""Who may do what."""

from typing import Any

import pytest

from antrean.api.access import ADMIN, OFFICE_ADMIN, ROLES, STAFF, Caller, authorise, caller_of
from antrean.domain.errors import Forbidden, Unauthorised
from tests.gateway import USER, event, signed_in

ROUTES = sorted(ROLES)
GROUP = {ADMIN: "admin", OFFICE_ADMIN: "office-admin:kotabumi", STAFF: "office:kotabumi"}


def asked(method: str, route: str, claims: dict[str, Any] | None, office: str = "kotabumi") -> Any:
    parameters = {"office_id": office, "date": "2026-11-24", "import_id": "1", "user_id": "1"}
    path = {name: value for name, value in parameters.items() if f"{{{name}}}" in route}
    return event(method, route, claims=claims, path=path)


@pytest.mark.parametrize(("method", "route"), ROUTES)
@pytest.mark.parametrize("role", GROUP)
def test_a_role_opens_its_routes_and_no_others(method: str, route: str, role: str) -> None:
    sent = asked(method, route, signed_in(GROUP[role]))
    is_of_office = "{office_id}" in route
    if role in ROLES[method, route] and (is_of_office or role == ADMIN):
        assert authorise(sent) == Caller(USER, frozenset({GROUP[role]}))
    else:
        with pytest.raises(Forbidden):
            authorise(sent)


@pytest.mark.parametrize(("method", "route"), ROUTES)
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
def test_groups_that_are_not_the_offices_open_nothing(
    method: str, route: str, groups: tuple[str, ...]
) -> None:
    with pytest.raises(Forbidden):
        authorise(asked(method, route, signed_in(*groups)))


@pytest.mark.parametrize(("method", "route"), ROUTES)
@pytest.mark.parametrize("claims", [None, {}, {"sub": ""}, {"cognito:groups": "admin"}])
def test_nobody_opens_nothing(method: str, route: str, claims: dict[str, Any] | None) -> None:
    with pytest.raises(Unauthorised):
        authorise(asked(method, route, claims))


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {"claims": None}}])
def test_an_event_without_an_authorizer_is_nobodys(context: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised):
        caller_of({"requestContext": context})
    with pytest.raises(Unauthorised):
        caller_of({})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_route_outside_the_table_is_forbidden_to_everybody(method: str) -> None:
    for route in ("/v1/admin/everything", "/v1/staff/offices/{office_id}"):
        with pytest.raises(Forbidden):
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
