"""The queue of an import's rows: the check puts them there, the job takes some at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from antrean.domain.imports import ImportRow
from antrean.runtime.queues import enqueue
from antrean.runtime.settings import settings

ROWS_TOGETHER = 10
"""Rows of one message."""

LATER = 30
"""Seconds by which a unit's row is sent later than the row of its kanim."""


def enqueue_rows(import_id: str, rows: Iterable[ImportRow]) -> None:
    """Have the job apply these rows. Asking twice is harmless. Raises `NotEnqueued`."""
    rows, queue = list(rows), settings().import_queue_url
    enqueue(queue, _bodies(import_id, [row.number for row in rows if row.after is None]))
    units = _bodies(import_id, [row.number for row in rows if row.after is not None])
    enqueue(queue, units, delay=LATER)


def _bodies(import_id: str, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the messages' bodies, each with some rows."""
    for batch in batched(numbers, ROWS_TOGETHER, strict=False):
        yield json.dumps({"import_id": import_id, "rows": list(batch)})
