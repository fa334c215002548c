"""One stack a checkout: who runs it, and how it is ended.

A lock that the operating system frees with its last holder says whether a stack runs; the
emulator inherits it, so that it is free only when nothing of the stack is left. The file beside
it only says whom to ask to end.
"""

import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from infra.local.paths import CannotGoOn, Paths

STOP_SECONDS: Final = 120.0


@contextmanager
def only_stack(paths: Paths) -> Iterator[int]:
    """Hold the lock for the length of a `with` block; gives its file descriptor.

    Raises `CannotGoOn` when a stack runs already.
    """
    paths.home.mkdir(parents=True, exist_ok=True)
    lock = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _taken(lock):
            raise CannotGoOn(f"The local stack runs already{_where(paths)}: `make stop` ends it.")
        try:
            write_processes(paths)
            yield lock
        finally:
            _clear(paths)
    finally:
        os.close(lock)


def write_processes(paths: Paths, emulator: int | None = None) -> None:
    """Write down this process, which is asked to end first, and its emulator."""
    paths.processes.write_text(json.dumps({"main": os.getpid(), "emulator": emulator}))


def end(paths: Paths) -> bool:
    """End the stack that runs, in order; False when none ran. Leaves no temporary files.

    Raises `CannotGoOn` when it cannot be ended.
    """
    if not paths.home.exists():
        return False
    lock = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if _taken(lock):
            return False
        for ask in (_ask, _force):
            ask(**json.loads(paths.processes.read_text()))
            if _taken(lock, STOP_SECONDS):
                return True
        raise CannotGoOn(f"The stack does not end; its processes: {paths.processes.read_text()}")
    finally:
        _clear(paths)
        os.close(lock)


def _taken(lock: int, seconds: float = 0.0) -> bool:
    """Take the lock, waiting for it for at most `seconds`; False when another holds it."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.1)
        else:
            return True


def _ask(main: int, emulator: int | None) -> None:
    """Ask the main process to end the stack, or the emulator when only that is left."""
    for pid in filter(None, (main, emulator)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
            return


def _force(main: int, emulator: int | None) -> None:
    """Kill the main process, the emulator and its workers, which are one process group."""
    with suppress(ProcessLookupError):
        os.kill(main, signal.SIGKILL)
    if emulator is not None:
        with suppress(ProcessLookupError):
            os.killpg(emulator, signal.SIGKILL)


def _clear(paths: Paths) -> None:
    """Remove what is there only while a stack runs."""
    shutil.rmtree(paths.temporary, ignore_errors=True)
    for file in (paths.endpoints, paths.processes):
        file.unlink(missing_ok=True)


def _where(paths: Paths) -> str:
    with suppress(OSError, ValueError, KeyError):
        return f" at {json.loads(paths.endpoints.read_text())['origin']}"
    return ""
