"""The walk of docs/operations.md, done word for word on the local stack."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from infra.local.places import ROOT
from tests.e2e.stack import LocalStack

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
    script = make(stack.places.home) + told.join(["", *(commands for commands, _ in steps()), ""])
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


def test_the_document_is_read() -> None:
    assert len(steps()) >= 9
    assert sum(expected is not None for _, expected in steps()) >= 8
    assert says('{"a": 1, "b": [2]}', '{"a": ..., "b": [2]}')
    assert not says('{"a": 1, "b": [3]}', '{"a": ..., "b": [2]}')
