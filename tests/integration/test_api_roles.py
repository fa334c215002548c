"""Who may do what: every protected route, asked by every role, at its own office and another.

Expired and forged tokens are API Gateway's to refuse: on every protected route in
tests/e2e/test_tokens.py, and that each has the authoriser in tests/unit/test_template_api.py.
What a caller may do is asked of the handlers themselves. The requests say too little to change
anything, so "let in" shows as any answer but 401 and 403.
"""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from antrean.api.roles import ADMIN, OFFICE_ADMIN, ROLES, STAFF
from antrean.handlers import admin_api, staff_api
from tests.support.gateway import Answer, Client, event, signed_in
from tests.support.worlds import SETTINGS, World

CLIENTS = {"admin": Client(admin_api.handler), "staff": Client(staff_api.handler)}
PARAMETERS = {"date": "2026-11-24", "import_id": "none", "label": "R0800-001"}

CALLERS: Mapping[str, tuple[str | None, dict[str, Any] | None]] = {
    "nobody": (None, None),
    "a token without a user": (None, {"cognito:groups": "admin"}),
    "a user of no group": ("", signed_in()),
    "an admin": (ADMIN, signed_in("admin")),
    "the office's own admin": (OFFICE_ADMIN, signed_in("office-admin:kotabumi")),
    "another office's admin": ("", signed_in("office-admin:kalianda")),
    "the office's own staff": (STAFF, signed_in("office:kotabumi")),
    "another office's staff": ("", signed_in("office:kalianda")),
    "staff of an office of a longer name": ("", signed_in("office:kotabumi-2")),
    "a group with the office's bare name": ("", signed_in("kotabumi")),
}
"""Each caller's role at Kotabumi: None is nobody, the empty text somebody without one."""


@pytest.fixture
def _stack(world: World) -> None:
    boto3.client("s3").create_bucket(
        Bucket=SETTINGS["ROSTER_BUCKET"],
        CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"},
    )
    world.has_office(open_days=1)


def ask(method: str, route: str, claims: dict[str, Any] | None) -> Answer:
    """Ask with a request that is allowed to say nothing."""
    known = PARAMETERS | {"office_id": "kotabumi"}
    path = {name: value for name, value in known.items() if f"{{{name}}}" in route}
    body: dict[str, Any] | None = {} if method in ("POST", "PUT", "PATCH") else None
    return CLIENTS[route.split("/")[2]](method, route, path=path, claims=claims, body=body)


def expected(route: tuple[str, str], role: str | None) -> int | None:
    """The refusal's status, or None for a caller who is let in."""
    if role is None:
        return 401
    of_office = "{office_id}" in route[1]
    let_in = role in ROLES[route] and (of_office or role == ADMIN)
    return None if let_in else 403


@pytest.mark.usefixtures("_stack")
def test_a_route_lets_in_whom_the_table_names_and_nobody_else() -> None:
    for route in sorted(ROLES):
        for who, (role, claims) in CALLERS.items():
            answer = ask(*route, claims)
            wanted = expected(route, role)
            if wanted is None:
                assert answer.status not in (401, 403), (route, who, answer)
            else:
                assert answer.status == wanted, (route, who, answer)
                assert answer.problem == {401: "unauthorised", 403: "forbidden"}[wanted]
                assert "kotabumi" not in answer.body.lower(), "a refusal tells nothing"


def test_the_table_is_what_was_decided() -> None:
    """Rosters hold people's names and NIKs: no admin reads them, only the office's own staff."""
    for (method, route), roles in ROLES.items():
        assert roles, f"{method} {route} is open to nobody"
        if method == "GET" and "/rosters" in route:
            assert roles == {STAFF}
        if route.startswith("/v1/admin/"):
            assert STAFF not in roles
            assert ADMIN in roles


def test_a_refused_caller_is_told_so_before_the_request_is_read(world: World) -> None:
    route = "/v1/admin/offices/{office_id}/days/{date}"
    for body in ("no json", "x" * 70_000, "[]", None):
        answer = CLIENTS["admin"](
            "PATCH", route, office_id="no-such-office", date="never", body=body
        )
        assert answer.problem == "unauthorised"
        answer = CLIENTS["admin"](
            "PATCH",
            route,
            office_id="no-such-office",
            date="never",
            body=body,
            claims=signed_in("office:no-such-office"),
        )
        assert answer.problem == "forbidden"


def test_a_path_parameter_of_another_office_does_not_borrow_a_role(world: World) -> None:
    """The gateway's reading of the path and the app's must both allow it."""
    world.has_office(open_days=1)
    route = "/v1/admin/offices/{office_id}/days"
    own = event("GET", route, office_id="kalianda", claims=signed_in("office-admin:kalianda"))
    for path in ("/v1/admin/offices/kotabumi/days", "/v1/admin/offices/kotabumi%2Fdays/days"):
        assert CLIENTS["admin"].send(own | {"path": path}).status in (403, 404)
