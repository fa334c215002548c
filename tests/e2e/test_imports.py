"""An import on the local stack, as an admin's machine does it: link, PUT, queues, report."""

from typing import Any

import httpx
import pytest

from infra.seed.offices import SOURCE
from tests.e2e.stack import PATIENCE_SECONDS, LocalStack, wait_for
from tests.support.uploads import row, table_of

SEED = {line.split(",")[0]: line for line in SOURCE.read_text().splitlines()}
FILE = table_of(
    SEED["meulaboh"].replace(",60,", ",61,"),
    row("no-office", daily_quota="many"),
    SEED["lhokseumawe"],
)
"""A correction, a row that is wrong, and an office as it is. None is new: the stack is for all."""


@pytest.fixture
def admin(stack: LocalStack) -> dict[str, str]:
    """The headers of an admin."""
    return {"Authorization": f"Bearer {stack.running.token('admin')}"}


def imported(http: httpx.Client, admin: dict[str, str], *, dry_run: bool) -> Any:
    """Import the file; its report when it is done."""
    begun = http.post("/v1/admin/imports", json={"dry_run": dry_run}, headers=admin)
    assert begun.status_code == 201, begun.text
    told = begun.json()
    put = httpx.put(
        told["upload_url"], content=FILE, headers=told["upload_headers"], timeout=PATIENCE_SECONDS
    )
    assert put.status_code == 200, put.text

    def report() -> Any:
        answer = http.get(f"/v1/admin/imports/{told['import_id']}", headers=admin)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.json()["state"] == "done" else None

    return wait_for(report)


def states(report: Any) -> list[str]:
    return [each["state"] for each in report["rows"]]


def test_an_uploaded_file_changes_offices(http: httpx.Client, admin: dict[str, str]) -> None:
    assert states(imported(http, admin, dry_run=True)) == ["would_apply", "invalid", "unchanged"]
    assert http.get("/v1/offices/meulaboh").json()["daily_quota"] == 60

    report = imported(http, admin, dry_run=False)

    assert states(report) == ["applied", "invalid", "unchanged"]
    assert report["rows"][1]["problems"][0]["column"] == "daily_quota"
    shown = http.get("/v1/admin/offices/meulaboh", headers=admin).json()
    assert (shown["daily_quota"], shown["status"]) == (61, "open")
    assert states(imported(http, admin, dry_run=False)) == ["unchanged", "invalid", "unchanged"]
