"""Runs ministack in its own environment, made fit for this project.

Started by `infra.local.emulator` as `python launcher.py` with ministack's interpreter: it may
import ministack and the standard library, and nothing of ours. What it adds:

- At most `ANTREAN_WORKERS` worker processes a function; a call beyond them waits for one.
  ministack starts a process for every concurrent call, each of which imports everything again:
  20 clients at once would cost 20 cold starts on 2 cores.
- A shorter wait for a function's log lines. ministack waits up to 50 ms after a call that
  logged nothing.
- Every mail that SES takes is kept as a file (ministack remembers its texts alone), and what SES
  tells of it is told.
- A schedule's input names the scheduled time, as EventBridge Scheduler fills it in.
- A table's stream is kept from run to run, as its items are.
- It stops, state saved, as soon as its standard input ends, so that it never outlives the
  process that started it, however that one died; and it takes its workers along.

All of this stands on the inner parts of one version of ministack, so it refuses any other.
"""

import asyncio
import base64
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ministack.core.lambda_runtime as runtime
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb, eventbridge, lambda_svc, ses_v2

MINISTACK = "1.5.33"
"""The version that this was read and measured on; `infra/local/ministack` installs it."""

FIRST_LINE_WAIT = 0.002
"""Seconds to wait for the first log line of a call that has answered (ministack: 0.050)."""

IDLE_CONFIRM = 0.001
"""Seconds without a further line after which a call's log is complete (ministack: 0.005)."""

CALL_SECONDS = 10.0
"""Seconds that a call may go on after the stack was told to stop."""

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"

SIMULATOR = "simulator.amazonses.com"
OUTCOMES: dict[str, dict[str, Any]] = {
    "bounce": {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}},
    "complaint": {"eventType": "Complaint"},
}
"""What becomes of a mail to an address of the simulator, as on AWS."""

draining = threading.Event()
"""Set when no batch of a queue or a stream may be taken any more."""

closed = threading.Event()
"""Set when no call may begin any more."""


def cap_workers(most: int) -> None:
    """Let at most `most` worker processes of one function exist; further calls wait in turn."""
    acquire, release = runtime.acquire_worker, runtime.release_worker
    freed = threading.Condition()

    def acquire_or_wait(*args: Any, **kwargs: Any) -> tuple[Any, str]:
        with freed:
            while not closed.is_set():
                worker, reason = acquire(*args, **{**kwargs, "max_concurrency": most})
                if worker is not None:
                    return worker, reason
                # Also wakes by itself: a worker that failed leaves the pool without a release.
                freed.wait(timeout=0.5)
            return None, "func_cap"

    def release_and_tell(worker: Any) -> None:
        with freed:
            release(worker)
            freed.notify_all()  # one may wait for another function

    for module in (runtime, lambda_svc):
        module.acquire_worker = acquire_or_wait
        module.release_worker = release_and_tell


def shorten_log_wait() -> None:
    """Answer as soon as a call's log lines are in, without the 50 ms for those that never come."""
    drain = runtime.Worker._drain_stderr_bounded

    def drain_quickly(
        self: Any, first_line_wait: float = FIRST_LINE_WAIT, idle_confirm: float = IDLE_CONFIRM
    ) -> str:
        lines: str = drain(self, first_line_wait, idle_confirm)
        return lines

    runtime.Worker._drain_stderr_bounded = drain_quickly


def fill_in_scheduled_time() -> None:
    """Put the time for `<aws.scheduler.scheduled-time>` in the input of a schedule that fires.

    ministack fires within some 10 seconds after the minute, so the minute it is in is meant.
    """
    invoke = eventbridge._invoke_target

    def invoke_with_time(target: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        minute = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:00Z")
        if SCHEDULED_TIME in target.get("Input", ""):
            target = {**target, "Input": target["Input"].replace(SCHEDULED_TIME, minute)}
        return invoke(target, *args, **kwargs)

    eventbridge._invoke_target = invoke_with_time


def keep_mails(folder: Path) -> None:
    """Write each mail that is sent to a file in `folder`, named by the time; mail programs open it.

    Only this user may read them: they hold addresses.
    """
    handle = ses_v2.handle_request

    async def handle_and_keep(
        method: str, path: str, headers: Any, body: bytes, query_params: Any
    ) -> Any:
        answer = await handle(method, path, headers, body, query_params)
        if method == "POST" and path.endswith("/outbound-emails") and answer[0] == HTTPStatus.OK:
            mail = base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}.eml").write_bytes(mail)
            tell_of_mail(json.loads(body))
        return answer

    ses_v2.handle_request = handle_and_keep


def tell_of_mail(sent: dict[str, Any]) -> None:
    """Tell EventBridge what SES tells of a mail; its mailbox simulator's addresses bounce, too."""
    to = sent["Destination"]["ToAddresses"]
    mail = {
        "destination": to,
        "tags": {each["Name"]: [each["Value"]] for each in sent["EmailTags"]}
        | {"ses:configuration-set": [sent["ConfigurationSetName"]]},
    }
    name, _, domain = to[0].partition("@")
    simulated = name.split("+")[0] if domain == SIMULATOR else ""
    for event in ({"eventType": "Send"}, OUTCOMES.get(simulated, {"eventType": "Delivery"})):
        entry = {"Source": "aws.ses", "Detail": json.dumps(event | {"mail": mail})}
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def keep_streams() -> None:
    """Save what is unread of a table's stream with the table, and start no reader behind its end.

    ministack saves how far each function has read, counted from the stream's first record, and
    not the records. After a start the count begins at 0 again: a function that had read 20,000
    records would be called after 20,000 more. With the count kept the positions hold, and what
    a function has not read it reads later. Records that all have read are not kept, although
    AWS keeps them for a day: those of a new stack's slots alone take 16 MB and seconds.
    """
    get_state, restore_tables = dynamodb.get_state, dynamodb.load_persisted_state
    restore_functions = lambda_svc.load_persisted_state

    def get_state_with_streams() -> dict[str, Any]:
        streams = AccountRegionScopedDict()
        read = positions_of(lambda_svc._esms, lambda_svc._dynamodb_stream_positions)
        for key, _ in dynamodb._stream_records.all_items():
            end = stream_end(key)
            first = min((position for _, stream, position in read if stream == key), default=end)
            account, region, table = key
            unread = dynamodb.stream_records_since(
                table, first, end - first, account_id=account, region=region
            )
            streams.set_scoped(*key, {"first": first, "unread": unread})
        return {"streams": streams, **get_state()}

    def restore_tables_with_streams(data: dict[str, Any]) -> None:
        # Before the tables: who reads a stream looks for its table first.
        for key, stream in data.get("streams", AccountRegionScopedDict()).all_items():
            dynamodb._stream_trimmed.set_scoped(*key, stream["first"])
            dynamodb._stream_records.set_scoped(*key, stream["unread"])
        restore_tables(data)

    def restore_functions_within_streams(data: dict[str, Any]) -> None:
        # The positions are saved after the tables; a function may have read on in between.
        positions = data["dynamodb_stream_positions"]
        for mapping, stream, position in positions_of(data["esms"], positions):
            positions.set_scoped(*mapping, min(position, stream_end(stream)))
        restore_functions(data)

    dynamodb.get_state = get_state_with_streams
    dynamodb.load_persisted_state = restore_tables_with_streams
    lambda_svc.load_persisted_state = restore_functions_within_streams


type Key = tuple[str, str, str]
"""An account, a region and a name."""


def positions_of(
    mappings: AccountRegionScopedDict, positions: AccountRegionScopedDict
) -> list[tuple[Key, Key, int]]:
    """Return the mappings that read a table's stream: each with the table and how far it has."""
    return [
        (key, (*key[:2], mapping["EventSourceArn"].split("/")[1]), position)
        for key, mapping in mappings.all_items()
        if (position := positions.get_scoped(*key)) is not None
    ]


def stream_end(table: Key) -> int:
    """Return the position behind the last record of a table's stream."""
    account, region, name = table
    end: int = dynamodb.stream_end_position(name, account_id=account, region=region)
    return end


def take_no_batch_at_the_end() -> None:
    """Leave queues and streams alone once the stack was told to stop.

    A batch that is taken and not dealt with stays away for its queue's visibility timeout, also
    over a restart: nine minutes for messages.
    """
    for name in ("_poll_sqs", "_poll_dynamodb_streams"):
        setattr(lambda_svc, name, until_draining(getattr(lambda_svc, name)))


def until_draining(poll: Callable[[], bool]) -> Callable[[], bool]:
    """Return a poll that finds nothing when the stack was told to stop."""
    return lambda: not draining.is_set() and poll()


async def end_calls() -> None:
    """Give the calls that run some seconds, then kill their workers: ministack waits for them.

    Meanwhile ministack answers, so that a call can write down what it has done.
    """
    draining.set()
    until = time.monotonic() + CALL_SECONDS
    while (runtime.workers_in_use() or lambda_svc._esm_inflight) and time.monotonic() < until:
        await asyncio.sleep(0.05)
    closed.set()
    await asyncio.to_thread(runtime.reset)


async def run(host: str, port: int) -> None:
    """Serve until SIGTERM, SIGINT or the end of standard input."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def watch_parent() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(stop.set)

    async def stopping() -> None:
        await stop.wait()
        await end_calls()

    threading.Thread(target=watch_parent, daemon=True, name="parent").start()
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(app, config, shutdown_trigger=stopping)


if __name__ == "__main__":
    if (installed := version("ministack")) != MINISTACK:
        sys.exit(f"launcher.py fits ministack {MINISTACK}, not {installed}: read what it changes.")
    cap_workers(int(os.environ["ANTREAN_WORKERS"]))
    shorten_log_wait()
    fill_in_scheduled_time()
    keep_streams()
    take_no_batch_at_the_end()
    keep_mails(Path(os.environ["STATE_DIR"]) / "mails")
    asyncio.run(run(os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])))
    runtime.reset()  # whatever was started while it ended
