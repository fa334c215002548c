"""infra/openapi holds what the running code says of itself."""

import json
import re
from functools import cache
from typing import Any

import pytest

from antrean.api.roles import ROLES
from infra.build.openapi import APPS, FOLDER, description

METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def described(name: str) -> str:
    """An API's description; making one takes longer than what is asked of it."""
    return description(name)


def routes(name: str) -> set[tuple[str, str]]:
    """Method and path of every route in an API's description."""
    paths: dict[str, dict[str, Any]] = json.loads(described(name))["paths"]
    return {
        (method.upper(), path) for path, item in paths.items() for method in METHODS & set(item)
    }


@pytest.mark.parametrize("name", APPS)
def test_the_description_is_up_to_date(name: str) -> None:
    stored = (FOLDER / f"{name}.json").read_text()
    assert stored == described(name), "run `make openapi` and commit infra/openapi"


def test_every_description_is_of_an_api() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(APPS)


def test_the_same_code_gives_the_same_text() -> None:
    assert described("public") == description("public")


@pytest.mark.parametrize("name", APPS)
def test_every_operation_refuses_with_a_problem(name: str) -> None:
    document = json.loads(described(name))
    for path in document["paths"].values():
        for operation in path.values():
            assert set(operation["responses"]["default"]["content"]) == {"application/problem+json"}
            assert "422" not in operation["responses"]
    assert not [schema for schema in document["components"]["schemas"] if "ValidationE" in schema]


def test_what_is_referred_to_is_there() -> None:
    for name in APPS:
        text = described(name)
        referred = set(re.findall(r'"#/components/schemas/(\w+)"', text))
        assert referred <= set(json.loads(text)["components"]["schemas"])


def test_a_booking_is_described_as_it_is_answered() -> None:
    paths = json.loads(description("public"))["paths"]
    assert set(paths["/v1/bookings"]["post"]["responses"]) == {"200", "201", "default"}
    proof = paths["/v1/bookings/{code}/proof.svg"]["get"]["responses"]["200"]
    assert set(proof["content"]) == {"image/svg+xml"}


def test_protected_apis_say_how_to_sign_in_and_the_public_one_does_not() -> None:
    wanted = {name: "security" in json.loads(described(name)) for name in APPS}
    assert wanted == {"public": False, "staff": True, "admin": True}


def test_every_protected_route_stands_in_the_table_of_roles_and_the_reverse() -> None:
    assert routes("staff") | routes("admin") == set(ROLES)


def test_no_route_has_two_functions() -> None:
    names = list(APPS)
    for index, name in enumerate(names):
        for other in names[:index]:
            assert not routes(name) & routes(other)


def test_public_routes_are_outside_the_protected_paths() -> None:
    assert not [path for _, path in routes("public") if path.startswith(("/v1/staff", "/v1/admin"))]
    for name in ("staff", "admin"):
        assert all(path.startswith(f"/v1/{name}/") for _, path in routes(name))
