"""The function behind the queue of rosters, which the staff API also calls."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.errors import NotFound
from antrean.rosters.publish import publish
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts

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
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _published(record)
    ]
    return {"batchItemFailures": failed}


def _publish_now(asked: Mapping[str, str]) -> dict[str, str]:
    day = date.fromisoformat(asked["date"])
    try:
        manifest = publish(
            asked["office_id"], day, Deadline.after(SECONDS_PER_ROSTER), rehearsal=True
        )
    except NotFound as reason:
        return {"refused": reason.detail}
    logger.info("roster published", extra={**asked, "count": manifest.count})
    return {"manifest": manifest.as_json().decode()}


def _published(record: Mapping[str, Any]) -> bool:
    asked: dict[str, str] = {}
    try:
        asked = json.loads(record["body"])
        day = date.fromisoformat(asked["date"])
        manifest = publish(asked["office_id"], day, Deadline.after(SECONDS_PER_ROSTER))
    except NotFound as reason:
        logger.info("no roster", extra={**asked, "reason": reason.detail})
    except Exception as error:  # noqa: BLE001 - one office's failure stops no other
        logger.error("roster not published", extra={**asked, **error_facts(error)})
        return False
    else:
        logger.info("roster published", extra={**asked, "count": manifest.count})
    return True
