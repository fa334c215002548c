"""The commands of the local stack: what they start, what they keep, what they leave behind."""

import base64
import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.emulator import HOST, LAUNCHER, python
from infra.local.paths import Paths
from infra.local.people import people
from infra.local.run import reserved
from tests.e2e.stack import LocalStack, free_ports


@pytest.fixture
def idle(tmp_path_factory: pytest.TempPathFactory) -> LocalStack:
    """A stack that was never started."""
    return LocalStack(Paths(tmp_path_factory.mktemp("idle") / "local"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield other.getsockname()[1]


def _first_open_day(http: httpx.Client) -> str:
    days = http.get("/v1/offices/langsa/availability").json()["days"]
    return str(next(day["date"] for day in days[1:] if day["state"] == "open"))


def _book(http: httpx.Client, name: str, day: str) -> dict[str, Any]:
    person = next(people(name))
    answer = http.post(
        "/v1/bookings",
        json=person.request("langsa", day),
        headers={"Idempotency-Key": person.key},
    )
    assert answer.is_success, answer.text
    booking: dict[str, Any] = answer.json()
    return booking


@pytest.mark.parametrize("how", ["ctrl-c", "stop"])
def test_a_stack_that_ends_leaves_nothing_behind_and_goes_on_where_it_was(
    stack: LocalStack, http: httpx.Client, how: str
) -> None:
    day = _first_open_day(http)
    before = _book(http, how, day)
    endpoints = stack.endpoints
    if how == "ctrl-c":
        assert stack.interrupt() == 0
    else:
        assert stack.run("stop").stdout == "The local stack has ended; its data is kept.\n"
        assert stack.process is not None
        assert stack.process.wait() == 0
    assert stack.left_behind() == []
    assert "its data is kept" in stack.printed

    stack.start()
    assert stack.endpoints == endpoints
    assert "Loaded" not in stack.printed
    assert _book(http, how, day) == before  # the same key: the booking is still there
    path = f"/v1/bookings/{before['code']}"
    read = http.get(path, headers={"Authorization": f"Bearer {before['token']}"})
    assert read.json()["tickets"][0]["number"] == before["tickets"][0]["number"]
    assert stack.running.get("/v1/offices/kalianda").json()["status"] == "preparing"


def test_a_stack_whose_emulator_dies_says_so_ends_and_starts_again(stack: LocalStack) -> None:
    assert stack.kill_emulator() == 1
    assert stack.printed.splitlines()[-1].startswith("The emulator ended by itself; ")
    assert stack.left_behind() == []
    answer = stack.run("token")
    assert answer.returncode == 1
    assert answer.stderr == "No local stack is running: start it with `make run`.\n"
    assert stack.start().running.get("/v1/offices/kotabumi").json()["status"] == "open"


def test_a_stack_whose_main_process_is_killed_saves_its_data_and_ends(
    stack: LocalStack, http: httpx.Client
) -> None:
    day = _first_open_day(http)
    before = _book(http, "killed", day)
    stack.kill()
    stack.run("stop")
    assert stack.left_behind() == []
    stack.start()
    assert _book(http, "killed", day) == before


def test_a_second_stack_in_the_same_place_is_refused(stack: LocalStack) -> None:
    second = stack.run("run", **free_ports("PORT", "AWS_PORT"))
    origin = stack.endpoints["origin"]
    assert second.returncode == 1
    assert second.stderr == f"The local stack runs already at {origin}: `make stop` ends it.\n"
    assert stack.running.get("/v1/offices/kotabumi").is_success


@pytest.mark.parametrize("variable", ["PORT", "AWS_PORT"])
def test_a_port_in_use_is_one_line_that_says_what_to_do(
    idle: LocalStack, taken_port: int, variable: str
) -> None:
    refused = idle.run("run", **{variable: str(taken_port)})
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        f"Port {taken_port} is in use by another program: "
        f"choose another with {variable}={taken_port + 1} make run.\n"
    )
    assert idle.left_behind() == []


def test_a_missing_uv_is_one_line_that_says_what_to_do(
    idle: LocalStack, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    monkeypatch.delenv("UV", raising=False)
    refused = idle.run("run", PATH=str(empty), ANTREAN_EMULATOR=str(empty / "ministack"))
    assert refused.returncode == 1
    assert refused.stderr == "uv is missing, which installs the emulator: use `make run`.\n"
    assert idle.left_behind() == []


def test_another_version_of_the_emulator_is_refused(tmp_path: Path) -> None:
    another = tmp_path / "ministack-9.9.9.dist-info"
    another.mkdir()
    (another / "METADATA").write_text("Name: ministack\nVersion: 9.9.9\n")
    refused = subprocess.run(
        [python(), LAUNCHER],
        env={name: str(tmp_path) for name in ("PYTHONPATH", "HOME", "TMPDIR")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert ", not 9.9.9: " in refused.stderr


def test_answers_do_not_wait_for_an_acknowledgement() -> None:
    # asyncio switches Nagle's algorithm off for sockets that name TCP, and for no others.
    with reserved(0, "PORT") as held:
        assert held.proto == socket.IPPROTO_TCP


def test_a_port_that_is_none_is_refused(idle: LocalStack) -> None:
    refused = idle.run("run", PORT="http")
    assert refused.returncode == 1
    assert refused.stderr == "PORT=http is not a port: take a number from 1024 to 65535.\n"


def test_stopping_what_does_not_run_is_no_error(idle: LocalStack) -> None:
    ended = idle.run("stop")
    assert (ended.returncode, ended.stdout) == (0, "No local stack was running.\n")


def test_a_reset_throws_the_data_away(idle: LocalStack) -> None:
    idle.paths.state.mkdir(parents=True)
    (idle.paths.state / "dynamodb.json").write_text("{}")
    reset = idle.run("reset")
    assert reset.stdout == "The local stack's data is gone: `make run` starts afresh.\n"
    assert not idle.paths.state.exists()


def test_a_token_is_of_the_role_and_of_that_office_alone(
    stack: LocalStack, http: httpx.Client
) -> None:
    printed = stack.run("token", "--role", "staff", "--office", "merauke")
    assert printed.returncode == 0, printed.stderr
    token = printed.stdout.strip()
    assert _claims(token)["cognito:groups"] == ["office:merauke"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert http.get("/v1/staff/offices/merauke/rosters", headers=bearer).status_code == 200
    assert http.get("/v1/staff/offices/kotabumi/rosters", headers=bearer).status_code == 403
    assert http.get("/v1/staff/offices/merauke/rosters").status_code == 401
    assert http.get("/v1/admin/audit?office_id=merauke", headers=bearer).status_code == 403


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (("--role", "staff", "--office", "atlantis"), "There is no office 'atlantis': "),
        (("--role", "staff"), "ROLE=admin is of no office; ROLE=staff and "),
        (
            ("--role", "admin", "--office", "kotabumi"),
            "ROLE=admin is of no office; ROLE=staff and ",
        ),
        (("--role", "king"), "There is no role 'king': "),
    ],
)
def test_a_token_that_cannot_be_had_is_one_line_that_says_why(
    stack: LocalStack, asked: tuple[str, ...], line: str
) -> None:
    refused = stack.run("token", *asked)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith(line)
    assert refused.stderr.count("\n") == 1


def test_a_user_can_sign_in_with_what_is_printed(stack: LocalStack) -> None:
    printed = stack.run("user", "--role", "office-admin", "--office", "merauke").stdout
    assert (
        printed == f"office-admin.merauke@antrean.test (password {stack.endpoints['password']})\n"
    )


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
