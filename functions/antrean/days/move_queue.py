"""The queue of moves: the API asks, the job does."""

import json
from typing import TYPE_CHECKING

from antrean.domain.moves import MoveProgress
from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@once
def _sqs() -> "SQSClient":
    # Imported here: only a move needs a second client.
    import boto3

    return boto3.client("sqs")


def enqueue_move(progress: MoveProgress) -> None:
    """Have the job go on with a move."""
    body = {"office_id": progress.office_id, "scope": progress.scope}
    _sqs().send_message(QueueUrl=settings().move_queue_url, MessageBody=json.dumps(body))
