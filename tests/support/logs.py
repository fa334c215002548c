"""What was logged, as the functions' log has it."""

import json
import logging
from typing import Any

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Every record of the test that any logger let through, with its fields and traceback."""
    return [json.loads(_formatter(each).format(each)) for each in caplog.get_records("call")]


def text(caplog: pytest.LogCaptureFixture) -> str:
    """All of it as one text, to look for what must not be in it."""
    return json.dumps(lines(caplog), ensure_ascii=False)


def _formatter(record: logging.LogRecord) -> logging.Formatter:
    """The formatter of the record's own logger, which knows what each line is to say."""
    for handler in logging.getLogger(record.name).handlers:
        if isinstance(handler.formatter, LambdaPowertoolsFormatter):
            return handler.formatter
    return LambdaPowertoolsFormatter()
