"""The function behind the queue of moves."""

import json
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.days.move_day import run_move
from antrean.days.move_queue import go_on_later
from antrean.handlers.each_record import Failures, each_message
from antrean.offices.find import recent_office
from antrean.runtime.deadline import Deadline

SECONDS = 240.0
"""How long one run goes on; a day that takes longer asks for another run."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Go on with the moves that the messages name; failed messages come again."""
    return each_message(event, _go_on, "move not finished")


def _go_on(body: str) -> None:
    message: dict[str, str] = json.loads(body)
    deadline = Deadline.after(SECONDS)
    progress = run_move(recent_office(message["office_id"], deadline), message["scope"], deadline)
    logger.info(
        "moved",
        extra={
            **message,
            "moved": progress.moved,
            "left_behind": progress.left,
            "without_place": progress.without_place,
            "state": progress.state,
        },
    )
    go_on_later(progress, deadline)
