"""A local stack of the tests' own: its directory is temporary, its ports are free ones."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.deploy import STACK
from infra.local.emulator import HOST
from infra.local.paths import ROOT, Paths
from infra.local.running import Running

START_SECONDS = 300.0
"""When to give up on a start: the machine may have much else to do."""

PATIENCE_SECONDS = 900.0
"""When to give up on what queues and schedules do. A message whose call failed once, as on a busy
machine, comes again after its queue's visibility timeout: 540 s for messages."""


@dataclass
class LocalStack:
    """`make run` as a child process, and the other commands against it."""

    paths: Paths
    ports: dict[str, str] = field(default_factory=lambda: free_ports("PORT", "AWS_PORT"))
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> "LocalStack":
        """Start it and wait until it says where it is."""
        self.paths.home.mkdir(parents=True, exist_ok=True)
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local", "--home", str(self.paths.home), "run"],
                cwd=ROOT,
                env=os.environ | self.ports,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self.paths.endpoints.exists():
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < until, self.printed
            time.sleep(0.1)
        return self

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the local stack to its end."""
        return self.run_module(
            "infra.local", "--home", str(self.paths.home), *command, **environment
        )

    def run_module(self, *module: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a module of the project to its end."""
        return subprocess.run(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=os.environ | self.ports | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait()

    def kill_emulator(self) -> int:
        """Kill the emulator; return the exit code of `make run`, which cannot go on without."""
        assert self.process is not None
        os.kill(json.loads(self.paths.processes.read_text())["emulator"], signal.SIGKILL)
        return self.process.wait()

    def kill(self) -> None:
        """Kill `make run` itself, which can then end nothing."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Stop it, if it runs, in whatever state it is."""
        self.run("stop")
        if self.process is not None:
            self.process.wait()

    @property
    def printed(self) -> str:
        """What `make run` printed since the last start."""
        return self._output.read_text()

    @property
    def running(self) -> Running:
        """The stack, for those who use it."""
        return Running.of(self.paths)

    @property
    def endpoints(self) -> Mapping[str, Any]:
        """What it says of itself."""
        endpoints: Mapping[str, Any] = json.loads(self.paths.endpoints.read_text())
        return endpoints

    def workers(self, function: str) -> int:
        """Return how many processes run a function of the stack."""
        folder = f"ministack-lambda-{STACK}-{function}-"
        return sum(folder in command for command in self._processes())

    def left_behind(self) -> list[str]:
        """Return what a stack that ended should have taken along: processes, files, ports."""
        files = [self.paths.temporary, self.paths.endpoints, self.paths.processes]
        return [
            *self._processes(),
            *(str(file) for file in files if file.exists()),
            *(f"port {port}" for port in self.ports.values() if _listening(int(port))),
        ]

    def _processes(self) -> list[str]:
        """Return the commands in which, or in whose environment, our directory stands."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended
                command = (process / "cmdline").read_text()
                if str(self.paths.home) in command + (process / "environ").read_text():
                    found.append(command.replace("\0", " "))
        return found

    @property
    def _output(self) -> Path:
        return self.paths.home.with_suffix(".out")


def wait_for[T](look: Callable[[], T]) -> T:
    """Return what `look` finds as soon as it finds something."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < until, f"not within {PATIENCE_SECONDS:.0f} s"
        time.sleep(0.2)
    return found


def free_ports(*names: str) -> dict[str, str]:
    """Return free ports of this machine under those names."""
    held = [socket.socket() for _ in names]
    try:
        for each in held:
            each.bind((HOST, 0))
        return {name: str(s.getsockname()[1]) for name, s in zip(names, held, strict=True)}
    finally:
        for each in held:
            each.close()


def _listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0
