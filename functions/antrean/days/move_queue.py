"""The queue of moves: the API asks, the function behind the queue does."""

import json

from antrean.domain.moves import DONE, WAITING, MoveProgress
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings
from antrean.store.items.move import note_next_run

LEEWAY = 60
"""Seconds by which a run may come before the instant that was noted for it."""


def enqueue_move(progress: MoveProgress, delay: int = 0) -> None:
    """Have the function begin or go on with a move, after `delay` seconds. Twice is harmless.

    Raises `NotEnqueued`.
    """
    body = {"office_id": progress.office_id, "scope": progress.scope}
    enqueue(settings().move_queue_url, [json.dumps(body)], delay)


def go_on_later(progress: MoveProgress, deadline: Deadline) -> None:
    """Ask for the run that a move needs after one that left it as `progress` says; none when done.

    One run at a time is on its way to a move that waits: what was asked for twice becomes one
    again. It is noted after it was asked for, so that none is lost. Raises `NotEnqueued`,
    `Unavailable`.
    """
    if progress.state == DONE:
        return
    now = clock.epoch()
    if progress.state != WAITING:
        enqueue_move(progress, progress.pause)
    elif progress.again_at <= now:
        enqueue_move(progress, progress.pause)
        note_next_run(progress, now + progress.pause - LEEWAY, deadline)
