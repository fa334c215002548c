"""The function that S3 tells of uploaded files, through a queue."""

import json
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.errors import NotFound
from antrean.domain.imports import OtherContent
from antrean.handlers.each_record import Failures, each_message
from antrean.imports.files import import_of, uploaded
from antrean.imports.start import start_import
from antrean.runtime.deadline import Deadline

SECONDS = 240.0
"""The time for one file; the function ends after 300."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Check the files that the messages name; failed messages come again."""
    return each_message(event, _start_all, "import not started")


def _start_all(body: str) -> None:
    for import_id in _imports(body):
        _start(import_id)


def _imports(body: str) -> list[str]:
    """Return the imports that a message of S3 is about; its test message is about none."""
    return [import_of(each["s3"]["object"]["key"]) for each in json.loads(body).get("Records", [])]


def _start(import_id: str) -> None:
    try:
        import_ = start_import(import_id, uploaded(import_id), Deadline.after(SECONDS))
    except NotFound:
        logger.warning("a file of no import", extra={"import_id": import_id})
    except OtherContent:
        logger.warning("a second file of one import", extra={"import_id": import_id})
    else:
        counts = {state.value: count for state, count in import_.counts.items()}
        logger.info(
            "import started",
            extra={"import_id": import_id, "state": import_.state, "counts": counts},
        )
