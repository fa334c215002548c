"""A function that starts cold: settings, client and secret come from where the template says."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.codes import booking_code, display_code, manage_token
from antrean.handlers.public_api import handler
from antrean.runtime.secret import secret
from antrean.store.dynamodb import CONNECT_TIMEOUT, READ_TIMEOUT, table
from tests.support.gateway import Client
from tests.support.people import booking_json, key, person
from tests.support.worlds import SECRET, World

FUNCTIONS = Path(__file__).parents[2] / "functions"


def test_the_first_request_finds_everything_itself(cold_world: World) -> None:
    cold_world.has_office(open_days=2)
    sent = {"headers": {"Idempotency-Key": key(1)}, "body": booking_json(person(1))}
    made = Client(handler)("POST", "/v1/bookings", **sent)
    assert made.status == 201
    assert secret() == SECRET.encode()
    assert made.json["code"] == display_code(booking_code(SECRET.encode(), key(1)))
    assert made.json["token"] == manage_token(SECRET.encode(), key(1))


def test_the_stores_client_gives_up_in_time_and_leaves_trying_again_to_the_store(
    cold_world: World,
) -> None:
    config: Any = table().connection.client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (CONNECT_TIMEOUT, READ_TIMEOUT)
    assert config.retries["total_max_attempts"] == 1


def test_nothing_is_read_from_the_environment_at_import() -> None:
    """A function that lacks a setting fails where it needs it, not where it starts."""
    modules = [
        "antrean." + ".".join(path.relative_to(FUNCTIONS / "antrean").with_suffix("").parts)
        for path in sorted((FUNCTIONS / "antrean").rglob("*.py"))
        if path.stem != "__init__"
    ]
    code = f"import os; os.environ.clear(); import {', '.join(modules)}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=FUNCTIONS)


@pytest.mark.parametrize(
    ("handler", "not_before_it_is_needed"),
    [
        ("public_api", ["boto3", "antrean.api.availability.routes", "antrean.api.board.routes"]),
        ("staff_api", ["boto3"]),
        ("admin_api", ["boto3"]),
    ],
)
def test_what_a_first_request_may_not_need_is_not_imported_before_it(
    handler: str, not_before_it_is_needed: list[str]
) -> None:
    code = f"import sys, antrean.handlers.{handler}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=FUNCTIONS, capture_output=True, text=True
    )
    assert not set(not_before_it_is_needed) & set(run.stdout.split())


def test_a_function_that_started_for_anything_answers_everything() -> None:
    """404 and 405 alike, whatever was asked for first."""
    code = """
from tests.support.gateway import Client
from antrean.handlers.public_api import handler
ask = Client(handler)
print(ask("PUT", "/v1/bookings").status, ask("GET", "/v1/bookings").headers.get("allow"))
print(ask("PUT", "/v1/offices").headers.get("allow"), ask("GET", "/v1/nothing").status)
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=FUNCTIONS.parent,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{FUNCTIONS}:."},
    )
    answers = [line for line in run.stdout.splitlines() if not line.startswith("{")]
    assert answers == ["405 POST", "GET 404"]
