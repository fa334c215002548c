"""docs/operations.md on the local stack: its walk word for word, and a sudden holiday."""

import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx

from infra.local.paths import ROOT
from tests.e2e.stack import LocalStack, wait_for

DOCUMENT = ROOT / "docs" / "operations.md"
WALK = re.compile(r"^## An office from nothing.*?(?=^## )", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:^```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
END = "--- the end of a block ---"


def steps() -> list[tuple[str, str | None]]:
    """The walk's commands and, where they stand there, their answers."""
    walk = WALK.search(DOCUMENT.read_text())
    assert walk is not None
    return [(commands, answers or None) for commands, answers in BLOCK.findall(walk[0])]


def make(home: Path) -> str:
    """`make -s token ROLE=... OFFICE=...` for a stack that lives in a directory of its own."""
    command = shlex.join([sys.executable, "-m", "infra.local", "--home", str(home)])
    return f"""make() {{
  local "${{@:3}}"
  {command} "$2" --role "$ROLE" ${{OFFICE:+--office "$OFFICE"}}
}}
"""


def walk(stack: LocalStack) -> list[str]:
    """What each step printed. Every command must succeed."""
    told = f"\necho; echo '{END}'\n"
    script = make(stack.paths.home) + told.join(["", *(commands for commands, _ in steps()), ""])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={"ORIGIN": stack.endpoints["origin"], "PATH": "/usr/bin:/bin"} | stack.ports,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split(f"\n{END}\n")[1:-1]


def says(printed: str, expected: str) -> bool:
    """Whether a step printed what the document says; `...` stands for anything."""
    pattern = ".*".join(map(re.escape, expected.strip().split("...")))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def test_the_walk_goes_as_the_document_says(stack: LocalStack) -> None:
    for (commands, expected), printed in zip(steps(), walk(stack), strict=True):
        if expected is not None:
            assert says(printed, expected), f"{commands}\nprinted\n{printed}\nnot\n{expected}"


DECREE = {"name": "Pemilu", "kind": "libur_nasional", "decree": "Keppres 1/2026"}


def shown(http: httpx.Client, office_id: str, day: str) -> tuple[str, str | None]:
    """A day's state as an office shows it, and the reason."""
    asked: dict[str, str | int] = {"from": day, "days": 1}
    answer = http.get(f"/v1/offices/{office_id}/availability", params=asked).json()
    (found,) = answer["days"]
    return found["state"], found["reason"]


def is_shown(http: httpx.Client, office_id: str, day: str, state: tuple[str, str | None]) -> bool:
    return shown(http, office_id, day) == state


def until_all_follow(http: httpx.Client, method: str, day: str, token: str) -> None:
    """Send a change of the calendar again until no office is left, as the document says."""
    for _ in range(20):
        answer = http.request(
            method,
            f"/v1/admin/calendar/{day}",
            json=DECREE if method == "PUT" else None,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200, answer.text
        if answer.json()["offices_left"] == 0:
            return
    raise AssertionError(answer.text)


def test_a_sudden_holiday_closes_every_office_and_its_end_opens_them_again(
    stack: LocalStack, http: httpx.Client
) -> None:
    offices = ("kotabumi", "merauke", "banda-aceh")
    days = http.get("/v1/offices/kotabumi/availability", params={"days": 31}).json()["days"]
    day = [day["date"] for day in days if day["state"] == "open"][-1]
    token = stack.running.token("admin")
    before = [shown(http, office_id, day) for office_id in offices]
    until_all_follow(http, "PUT", day, token)
    try:
        # Functions show what was some seconds ago.
        for office_id in offices:
            wait_for(partial(is_shown, http, office_id, day, ("closed", "Pemilu")))
    finally:
        until_all_follow(http, "DELETE", day, token)
    for office_id, state in zip(offices, before, strict=True):
        wait_for(partial(is_shown, http, office_id, day, state))


def test_the_document_is_read() -> None:
    assert len(steps()) >= 9
    assert sum(expected is not None for _, expected in steps()) >= 8
    assert says('{"a": 1, "b": [2]}', '{"a": ..., "b": [2]}')
    assert not says('{"a": 1, "b": [3]}', '{"a": ..., "b": [2]}')
