"""Collects the figures of a run and prints them as one table at its end."""

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from os import cpu_count, getloadavg

import pytest

from tests.bench.table import Row, lines

_rows: list[Row] = []


@pytest.fixture
def report() -> Callable[..., None]:
    """Takes the figures of a benchmark, in the order they are to be printed."""

    def report(*rows: Row) -> None:
        _rows.extend(rows)

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _rows:
        terminalreporter.section("figures")
        terminalreporter.write_line(
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cpu_count()} x {platform.machine()}, "
            f"load {getloadavg()[0]:.1f} at the end, Python {platform.python_version()}"
        )
        for line in lines(_rows):
            terminalreporter.write_line(line)
