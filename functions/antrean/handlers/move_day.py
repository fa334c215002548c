"""The function behind the queue of moves."""

import json
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.days.move_day import run_move
from antrean.days.move_queue import enqueue_move
from antrean.domain.moves import DONE
from antrean.offices.find import recent_office
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts

SECONDS = 240.0
"""How long one run goes on; a day that takes longer asks for another run."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Go on with the moves that the messages name; failed messages come again."""
    failed = []
    for record in event["Records"]:
        try:
            _go_on(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 - the other messages go on
            logger.error("move not finished", extra=error_facts(error))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _go_on(asked: dict[str, str]) -> None:
    deadline = Deadline.after(SECONDS)
    progress = run_move(recent_office(asked["office_id"], deadline), asked["scope"], deadline)
    logger.info(
        "moved",
        extra={
            **asked,
            "moved": progress.moved,
            "without_place": progress.without_place,
            "state": progress.state,
        },
    )
    if progress.state != DONE:
        enqueue_move(progress)
