"""The function behind the queue of rosters, which the staff API also calls."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.errors import NotFound
from antrean.handlers.each_record import each_message
from antrean.rosters.publish import publish
from antrean.runtime.deadline import Deadline

SECONDS_PER_ROSTER = 10.0
"""The time for one roster; five of them fit into the function's minute."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Publish the rosters that a batch of the queue asks for, or the one that the staff API does.

    Of a batch, those that fail are named, and come again by themselves; the others are done. The
    staff API is answered with the manifest, or with why there is none.
    """
    if "Records" not in event:
        return _publish_now(event)
    return each_message(event, _publish, "roster not published", _office_and_date)


def _publish_now(order: Mapping[str, str]) -> dict[str, str]:
    day = date.fromisoformat(order["date"])
    try:
        manifest = publish(
            order["office_id"], day, Deadline.after(SECONDS_PER_ROSTER), rehearsal=True
        )
    except NotFound as reason:
        return {"refused": reason.detail}
    logger.info("roster published", extra={**order, "count": manifest.count})
    return {"manifest": manifest.as_json().decode()}


def _publish(body: str) -> None:
    order: dict[str, str] = json.loads(body)
    day = date.fromisoformat(order["date"])
    try:
        manifest = publish(order["office_id"], day, Deadline.after(SECONDS_PER_ROSTER))
    except NotFound as reason:
        logger.info("no roster", extra={**order, "reason": reason.detail})
    else:
        logger.info("roster published", extra={**order, "count": manifest.count})


def _office_and_date(body: str) -> Mapping[str, object]:
    """Return the office and the date that a message names, nothing of one that cannot be read."""
    try:
        order = json.loads(body)
    except ValueError:
        return {}
    return order if isinstance(order, dict) else {}
