"""The function behind the queue of imports' rows."""

import json
from collections import Counter
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.errors import NotFound
from antrean.domain.imports import Import
from antrean.handlers.each_record import ComesAgain, Failures, each_message
from antrean.imports.apply import NotYet, apply_row
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.office_import import get_import

SECONDS = 45.0
"""The time for one message of ten rows; the function ends after 60."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Apply the rows that the messages name; a message with a row left comes again."""
    return each_message(event, _apply, "rows not applied")


def _apply(body: str) -> None:
    """Apply a message's rows. Raises `ComesAgain` when one is left."""
    message, deadline = json.loads(body), Deadline.after(SECONDS)
    import_id: str = message["import_id"]
    try:
        import_ = get_import(import_id, deadline)
    except NotFound:  # its report was deleted meanwhile
        logger.warning("rows of no import", extra={"import_id": import_id})
        return
    outcomes = Counter(_apply_one(import_, number, deadline) for number in message["rows"])
    logger.info("rows applied", extra={"import_id": import_id, "rows": dict(outcomes)})
    if outcomes["left"]:
        raise ComesAgain


def _apply_one(import_: Import, number: int, deadline: Deadline) -> str:
    """Return what became of a row: its state, or `left`. One row's failure stops no other."""
    try:
        return apply_row(import_, number, deadline)
    except NotYet:
        return "left"
    except Exception as error:  # noqa: BLE001
        logger.error("row not applied", extra=error_facts(error))
        return "left"
