"""Lets the local stack's functions live at another time: `make clock AT=2026-11-25T07:30`.

Python imports a module of this name by itself when it starts. This directory stands on the
`PYTHONPATH` of local functions alone; it is not part of what is deployed.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

CLOCK = "ANTREAN_CLOCK"
"""The environment variable that names the file with the seconds to add; no file adds none."""


class ShiftedClock:
    """The system's clock, and what the file says on top of it. Read at each look."""

    def __init__(self, system: Any, file: Path) -> None:
        self._system, self._file = system, file

    def now(self) -> datetime:
        """Return the instant it is for the stack."""
        now: datetime = self._system.now()
        with suppress(OSError, ValueError):
            now += timedelta(seconds=float(self._file.read_text()))
        return now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._system.sleep(seconds)


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        module._clock = ShiftedClock(module._clock, Path(os.environ[CLOCK]))  # type: ignore[attr-defined]


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "antrean.runtime.clock":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


if os.environ.get(CLOCK):
    import sys

    sys.meta_path.insert(0, _Finder())
