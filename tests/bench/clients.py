"""Clients of a bench: processes of their own, told by a pipe what to do, that begin together."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests.engines.dynamodb_local import DynamoDBLocal


@contextmanager
def clients(
    count: int, server: DynamoDBLocal, name: str, work: Callable[..., Any]
) -> Iterator[Sequence[Connection]]:
    """Have this many clients for the length of a `with` block; yield the pipes to them.

    Each runs `work(number, endpoint, table name, its pipe, barrier)`, which says "ready" first and
    ends at None.
    """
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(count)
    ours, processes = [], []
    for number in range(count):
        here, there = spawn.Pipe()
        process = spawn.Process(
            target=work, args=(number, server.endpoint, name, there, barrier), daemon=True
        )
        process.start()
        there.close()
        ours.append(here)
        processes.append(process)
    try:
        for connection in ours:
            assert connection.recv() == "ready"
        yield ours
        for connection in ours:
            connection.send(None)
    finally:
        for process in processes:
            process.join(10)
            process.kill()
