"""`make run`: the stack from nothing, or from where it was, to one origin that answers."""

import errno
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import httpx
import uvicorn

from infra.local import emulator, processes
from infra.local.days import open_days
from infra.local.deploy import Cloud, Deployment, deploy
from infra.local.origin import application
from infra.local.paths import ROOT, CannotGoOn, Paths
from infra.local.users import PASSWORD, Member, Pool

DEMO_OFFICE: Final = "kotabumi"
USERS: Final = {
    "admin": Member("admin"),
    "staff": Member("staff", DEMO_OFFICE),
    "office-admin": Member("office-admin", DEMO_OFFICE),
}

BACKLOG: Final = 2048
"""Connections that may wait to be accepted."""


def run(paths: Paths, port: int, aws_port: int) -> None:
    """Serve the local stack on `port` until it is told to end.

    Raises `CannotGoOn`, with nothing left running, when it cannot.
    """
    began = time.monotonic()
    with (
        ending_in_order(),
        processes.only_stack(paths) as lock,
        reserved(port, "PORT") as origin,
    ):
        with reserved(aws_port, "AWS_PORT"):
            pass
        print("Starting the local stack ...", flush=True)
        with emulator.running(paths, aws_port, keep_open=lock) as aws:
            processes.write_processes(paths, aws.process.pid)
            try:
                deployment = _set_up(Cloud(aws.url), f"http://localhost:{port}")
            except Exception:
                aws.check()  # if it has died, that is the reason and the rest its consequence
                raise
            origin.listen(BACKLOG)  # from here on a client waits rather than being refused
            _announce(paths, deployment, port, time.monotonic() - began)
            _serve(origin, deployment, aws)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into KeyboardInterrupt, once.

    What follows the first is ignored: the state is being saved.
    """
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def reserved(port: int, variable: str) -> Iterator[socket.socket]:
    """Hold a port of 127.0.0.1, not listening yet, for the length of a `with` block."""
    # The protocol is named, or asyncio would leave Nagle's algorithm on: 40 ms an answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((emulator.HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotGoOn(f"Port {port} cannot be had: {error.strerror}.") from error
            raise CannotGoOn(
                f"Port {port} is in use by another program: "
                f"choose another with {variable}={port + 1} make run."
            ) from error
        yield held


def _set_up(cloud: Cloud, origin: str) -> Deployment:
    """Deploy the stack and give it what a new one needs; what is there stays."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    on_path = os.pathsep.join([str(ROOT / "infra/local/clock"), packages])
    deployment = deploy(
        cloud,
        ROOT / "template.yaml",
        ROOT / "functions",
        {"PublicOrigin": origin, "LocalPythonPath": on_path},
    )
    _as_in_a_function(deployment)
    from infra.seed import holidays, offices  # read the settings that were just set

    if new := offices.load():
        print(f"Loaded {new} offices.", flush=True)
    changed = new + holidays.load() > 0  # before the days are opened: they are opened closed then
    open_days(deployment, [office.office_id for office in offices.offices()], changed=changed)
    pool = Pool(cloud, deployment.outputs["UserPoolId"], deployment.outputs["UserPoolClientId"])
    for member in USERS.values():
        pool.ensure(member)
    _check(deployment)
    return deployment


def _as_in_a_function(deployment: Deployment) -> None:
    """Give this process what a function has: the package and the settings that find the table."""
    sys.path.insert(0, str(ROOT / "functions"))
    os.environ.update(
        TABLE_NAME=deployment.outputs["TableName"],
        AWS_ENDPOINT_URL=deployment.cloud.url,
        AWS_REGION=emulator.REGION,
        AWS_DEFAULT_REGION=emulator.REGION,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - the emulator takes any
    )


def _check(deployment: Deployment) -> None:
    """Raise `CannotGoOn` unless the API answers with the offices; also warms its function."""
    answer = httpx.get(f"{deployment.api}/v1/offices", params={"province": "Lampung"}, timeout=30)
    if answer.status_code != httpx.codes.OK:
        raise CannotGoOn(f"The API does not answer ({answer.status_code}): {answer.text[:200]}")


def _announce(paths: Paths, deployment: Deployment, port: int, seconds: float) -> None:
    origin = f"http://localhost:{port}"
    outputs = deployment.outputs
    users = {role: member.username for role, member in USERS.items()}
    endpoints = {
        "origin": origin,
        "api": f"{origin}/v1",
        "region": emulator.REGION,
        "aws_endpoint": deployment.cloud.url,
        "table": outputs["TableName"],
        "roster_bucket": outputs["RosterBucketName"],
        "users": users,
        "password": PASSWORD,
        "user_pool_id": outputs["UserPoolId"],
        "user_pool_client_id": outputs["UserPoolClientId"],
    }
    partial = paths.endpoints.with_suffix(".part")
    partial.write_text(json.dumps(endpoints, indent=2) + "\n")
    partial.replace(paths.endpoints)
    print(
        f"""
Antrean runs at {origin} (ready after {seconds:.0f} s)

  pages         {origin}/
  API           {origin}/v1
  AWS           {deployment.cloud.url}, region {emulator.REGION}
  users         {", ".join(users.values())}
                (password {PASSWORD}; `make token ROLE=admin` prints a token)
  table         {outputs["TableName"]}
  rosters       s3://{outputs["RosterBucketName"]}
  log           {_short(paths.log)}
  all of this   {_short(paths.endpoints)}

Ctrl-C or `make stop` ends it and keeps its data; `make reset` throws the data away.""",
        flush=True,
    )


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _serve(origin: socket.socket, deployment: Deployment, aws: emulator.Emulator) -> None:
    """Serve the origin until a signal, or until the emulator ends by itself (`CannotGoOn`)."""
    server = uvicorn.Server(
        uvicorn.Config(
            application(deployment.api, ROOT / "web"),
            log_level="warning",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=3,
        )
    )

    def watch() -> None:
        aws.process.wait()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True, name="emulator").start()
    server.run(sockets=[origin])
    aws.check()
