"""`make demo` tells its story on the deployed stack, as often as it is asked to."""

import re

import pytest

from infra.local import demo
from infra.local.paths import Paths
from tests.e2e.stack import LocalStack

DIFFERS = re.compile(r"^  NOT  booking at langsa +409 office-not-open.*\n +but: \d+ ", re.MULTILINE)


def test_the_demo_finds_all_as_it_should_be_twice_on_one_stack(
    stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        code = demo.main(stack.paths)
        told = capsys.readouterr().out
        assert code == 0, told
        assert "NOT" not in told


def test_the_demo_fails_and_says_where_when_an_office_is_not_as_it_should_be(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "NOT_OPEN", "langsa")
    assert demo.main(stack.paths) == 1
    # What it answers depends on the date: the day that the demo asks for may be a holiday there.
    assert DIFFERS.search(capsys.readouterr().out)


def test_the_demo_without_a_stack_says_how_to_start_one(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main(Paths(tmp_path_factory.mktemp("nothing"))) == 1
    assert capsys.readouterr().err == "No local stack is running: start it with `make run`.\n"
