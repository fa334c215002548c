"""The queue of an import's rows: the check asks, the job applies them, some at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from antrean.domain.imports import ImportRow
from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings

ROWS = 10
"""Rows of one message."""

LATER = 30
"""Seconds by which a unit's row comes later than the row of its kanim."""


def enqueue_rows(import_id: str, rows: Iterable[ImportRow]) -> None:
    """Have the job apply these rows. Asking twice is harmless. Raises `NotEnqueued`."""
    rows, queue = list(rows), settings().import_queue_url
    enqueue(queue, _bodies(import_id, [row.number for row in rows if row.after is None]))
    units = _bodies(import_id, [row.number for row in rows if row.after is not None])
    enqueue(queue, units, delay=LATER)


def _bodies(import_id: str, numbers: Sequence[int]) -> Iterator[str]:
    for some in batched(numbers, ROWS, strict=False):
        yield json.dumps({"import_id": import_id, "rows": list(some)})
