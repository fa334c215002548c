"""The queue of moves: the API asks, the function behind the queue does."""

import json

from antrean.domain.moves import MoveProgress
from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings


def enqueue_move(progress: MoveProgress) -> None:
    """Have the function begin or go on with a move. Asking twice is harmless.

    Raises `NotEnqueued`.
    """
    body = {"office_id": progress.office_id, "scope": progress.scope}
    enqueue(settings().move_queue_url, [json.dumps(body)])
