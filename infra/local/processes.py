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

from infra.local.places import CannotGoOn, Places

STOP_SECONDS: Final = 30.0


@contextmanager
def only_stack(places: Places) -> Iterator[int]:
    """Hold the lock for the length of a `with` block; gives its file descriptor.

    Raises `CannotGoOn` when a stack runs already.
    """
    places.home.mkdir(parents=True, exist_ok=True)
    lock = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _taken(lock):
            raise CannotGoOn(f"The local stack runs already{_where(places)}: `make stop` ends it.")
        write_processes(places)
        yield lock
    finally:
        os.close(lock)


def write_processes(places: Places, *children: int) -> None:
    """Write down this process and its children, the first to be asked to end first."""
    places.processes.write_text(json.dumps([os.getpid(), *children]))


def end(places: Places) -> bool:
    """End the stack that runs, in order; False when none ran. Leaves no temporary files.

    Raises `CannotGoOn` when it cannot be ended.
    """
    if not places.home.exists():
        return False
    lock = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if _taken(lock):
            return False
        for number in (signal.SIGTERM, signal.SIGKILL):
            _signal_first_alive(places, number)
            if _taken(lock, STOP_SECONDS):
                return True
        raise CannotGoOn(f"The stack does not end; its processes: {places.processes.read_text()}")
    finally:
        _clear(places)
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


def _signal_first_alive(places: Places, number: signal.Signals) -> None:
    """Signal the stack's main process, or its emulator when only that is left.

    By force, all of them: a main process that was killed could not end the emulator.
    """
    for pid in json.loads(places.processes.read_text()):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            if number is signal.SIGTERM:
                return


def _clear(places: Places) -> None:
    shutil.rmtree(places.temporary, ignore_errors=True)
    for file in (places.endpoints, places.processes):
        file.unlink(missing_ok=True)


def _where(places: Places) -> str:
    with suppress(OSError, ValueError, KeyError):
        return f" at {json.loads(places.endpoints.read_text())['origin']}"
    return ""
