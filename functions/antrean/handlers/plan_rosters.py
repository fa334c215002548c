"""The scheduled function that asks for the rosters of a time zone's offices."""

from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.handlers.each_office import scheduled_instant
from antrean.rosters.order import RUNS, due_rosters, enqueue_rosters
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices

SECONDS = 30.0
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Ask for the rosters of the offices of `timezone` (an IANA name).

    `run` is `evening` (unless it says otherwise) or `morning`; `scheduled_at` (RFC 3339) is the
    instant the run was meant for: a late or repeated run asks for the same dates.
    """
    zone = event["timezone"]
    ahead = RUNS[event.get("run", "evening")]
    at = scheduled_instant(event)
    rosters = enqueue_rosters(due_rosters(all_offices(Deadline.after(SECONDS)), zone, at, ahead))
    logger.info("rosters asked for", extra={"timezone": zone, "rosters": rosters})
    return {"rosters": rosters}
