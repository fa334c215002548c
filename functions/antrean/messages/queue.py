"""The sender's queue."""

from collections.abc import Iterable

from antrean.messages.wanted import Wanted
from antrean.queues import put
from antrean.settings import settings


def ask(wanted: Iterable[Wanted]) -> int:
    """Put each on the queue and return how many. Asking twice is harmless: it is sent once.

    Raises `NotAsked` when the queue refused some after several attempts.
    """
    return put(settings().message_queue_url, (each.body for each in wanted))
