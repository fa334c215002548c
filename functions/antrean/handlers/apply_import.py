"""The function behind the queue of imports' rows."""

import json
from collections import Counter
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.errors import NotFound
from antrean.domain.imports import Import
from antrean.imports.apply import NotYet, apply_row
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.store.items.office_import import get_import

SECONDS = 45.0
"""The time for one message of ten rows; the function ends after 60."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Apply the rows that the messages name; a message with a row left comes again."""
    failed = []
    for record in event["Records"]:
        try:
            done = _apply(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 - the other messages go on
            logger.error("rows not applied", extra=error_facts(error))
            done = False
        if not done:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _apply(asked: dict[str, Any]) -> bool:
    """Apply a message's rows; False when one is left."""
    deadline = Deadline.after(SECONDS)
    import_id: str = asked["import_id"]
    try:
        import_ = get_import(import_id, deadline)
    except NotFound:  # its report was deleted meanwhile
        logger.warning("rows of no import", extra={"import_id": import_id})
        return True
    outcomes = Counter(_apply_one(import_, number, deadline) for number in asked["rows"])
    logger.info("rows applied", extra={"import_id": import_id, "rows": dict(outcomes)})
    return not outcomes["left"]


def _apply_one(import_: Import, number: int, deadline: Deadline) -> str:
    """Return what became of a row: its state, or `left`. One row's failure stops no other."""
    try:
        return apply_row(import_, number, deadline)
    except NotYet:
        return "left"
    except Exception as error:  # noqa: BLE001
        logger.error("row not applied", extra=error_facts(error))
        return "left"
