"""`make export-person` and `make erase-person` on the local stack."""

import json
import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from infra.local.paths import ROOT
from tests.e2e.stack import LocalStack
from tests.support.people import booking_json, key, person

SOMEBODY = person(8_001)


def run(stack: LocalStack, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the commands; the NIK comes by standard input, as it must."""
    return subprocess.run(
        [sys.executable, "-m", "operations.person", *command, "--home", str(stack.paths.home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "functions"},
        input=f"{SOMEBODY.nik}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_persons_data_is_exported_and_erased(
    stack: LocalStack, http: httpx.Client, tmp_path: Path
) -> None:
    made = http.post(
        "/v1/bookings",
        headers={"Idempotency-Key": key(8_001)},
        json=booking_json(SOMEBODY, day=tomorrow()),
    )
    assert made.status_code == 201, made.text

    file = tmp_path / "person.json"
    exported = run(stack, "export", "--file", str(file))
    assert exported.returncode == 0, exported.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text())
    assert [booking["code"] for booking in told["bookings"]] == [made.json()["code"]]
    assert told["tickets"][0]["nik"] == SOMEBODY.nik
    assert run(stack, "export", "--file", str(file)).returncode == 1, "it is there already"

    refused = run(stack, "erase")
    assert refused.returncode == 1
    assert "CANCEL=1" in refused.stderr
    erased = run(stack, "erase", "--cancel")
    assert erased.returncode == 0, erased.stderr
    assert "1 bookings" in erased.stdout
    for done in (exported, refused, erased):
        assert SOMEBODY.nik not in done.stdout + done.stderr
        assert SOMEBODY.name not in done.stdout + done.stderr

    again = tmp_path / "again.json"
    assert run(stack, "export", "--file", str(again)).returncode == 0
    assert json.loads(again.read_text())["bookings"] == []


def tomorrow() -> str:
    return (datetime.now(ZoneInfo("Asia/Jakarta")) + timedelta(days=1)).date().isoformat()
