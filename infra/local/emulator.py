"""ministack: its environment of its own, and its life as a child process."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from infra.local.paths import ROOT, CannotGoOn, Paths

HOST: Final = "127.0.0.1"
REGION: Final = "ap-southeast-3"
"""Jakarta."""

ACCOUNT: Final = "000000000000"
WORKERS: Final = 6
"""The most processes of one function. Two cores gain nothing from more; each takes 60 MB."""

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 60.0
PROJECT: Final = ROOT / "infra/local/ministack"
LAUNCHER: Final = ROOT / "infra/local/launcher.py"


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running ministack."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise `CannotGoOn` when the process has ended."""
        if self.process.poll() is not None:
            raise CannotGoOn(f"The emulator ended by itself; {self.log} says why.")


def python() -> Path:
    """Return ministack's interpreter, making its environment when its lock file has changed.

    An environment of its own, because ministack pins another botocore than the functions use.
    ANTREAN_EMULATOR may name another directory for it than .local/ministack.
    Raises `CannotGoOn` without uv, or when uv cannot make it.
    """
    environment = Path(os.environ.get("ANTREAN_EMULATOR") or ROOT / ".local/ministack")
    interpreter = environment / "bin/python"
    made_from = environment / ".made-from"
    lock = hashlib.sha256((PROJECT / "uv.lock").read_bytes()).hexdigest()
    if interpreter.exists() and made_from.exists() and made_from.read_text() == lock:
        return interpreter
    uv = os.environ.get("UV") or shutil.which("uv")  # uv names itself in UV to what it runs
    if uv is None:
        raise CannotGoOn("uv is missing, which installs the emulator: use `make run`.")
    print("Installing the emulator (once) ...", flush=True)
    made = subprocess.run(
        [uv, "sync", "--locked", "--quiet", "--project", str(PROJECT)],
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
        check=False,
    )
    if made.returncode != 0:
        raise CannotGoOn("uv could not install the emulator (above): is there a network?")
    made_from.write_text(lock)
    return interpreter


@contextmanager
def running(paths: Paths, port: int, keep_open: int) -> Iterator[Emulator]:
    """Run ministack for the length of a `with` block, with the state of the last run.

    It inherits the file descriptor `keep_open`, and so holds the lock on it for as long as it
    lives. Raises `CannotGoOn` when it does not come up.
    """
    interpreter = python()
    shutil.rmtree(paths.temporary, ignore_errors=True)
    paths.temporary.mkdir(parents=True)
    with paths.log.open("wb") as log:
        process = subprocess.Popen(
            [interpreter, LAUNCHER],
            env=_environment(paths, port),
            # Its end is the launcher's sign that we are gone, even if we were killed.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[keep_open],
            start_new_session=True,  # Ctrl-C is for us: we stop it in order
        )
    try:
        emulator = Emulator(f"http://{HOST}:{port}", process, paths.log)
        _wait_until_ready(emulator)
        yield emulator
    finally:
        _stop(process)


def _environment(paths: Paths, port: int) -> dict[str, str]:
    """Return the emulator's whole environment: nothing of the caller's AWS settings gets in.

    Every function's process inherits it.
    """
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(paths.temporary),  # no ~/.aws either
        "LANG": "C.UTF-8",
        "TMPDIR": str(paths.temporary),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(paths.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(paths.state / "s3"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "ANTREAN_WORKERS": str(WORKERS),
        "ANTREAN_CLOCK": str(paths.clock),
    }


def _wait_until_ready(emulator: Emulator) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        emulator.check()
        try:
            if httpx.get(f"{emulator.url}/_ministack/ready", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise CannotGoOn(
        f"The emulator did not start within {START_SECONDS:.0f} s; {emulator.log} may say why."
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let it save its state and take its workers along; end it by force if it does not."""
    if process.stdin:
        process.stdin.close()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise CannotGoOn(
            "The emulator did not stop in time and was killed: what this run changed is lost."
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # workers of one that died
