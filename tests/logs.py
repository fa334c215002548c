"""What was logged, as the functions' log has it."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Every record of the test that any logger let through, with its fields and traceback."""
    formatter = LambdaPowertoolsFormatter()
    return [json.loads(formatter.format(record)) for record in caplog.get_records("call")]


def text(caplog: pytest.LogCaptureFixture) -> str:
    """All of it as one text, to look for what must not be in it."""
    return json.dumps(lines(caplog), ensure_ascii=False)
