"""`make export-person`, `make erase-person`: what an operator does for a person who asks for it.

Asks for the person's NIK, which is shown, logged and kept nowhere. Works on the local stack that
runs, or with `--stack` on a stack on AWS, with the caller's profile.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from antrean.domain.codes import person_hash
from antrean.domain.errors import ChangedMeanwhile, Unavailable
from antrean.domain.nik import InvalidNik, parse_nik
from antrean.runtime import clock
from infra.local.paths import CannotGoOn, Paths
from operations.sign_in import sign_in

HOUR = 3_600.0


def _asked_person() -> str:
    """Return the hash of the person whose NIK is typed, unseen, or comes by standard input."""
    from antrean.runtime.secret import secret

    if sys.stdin.isatty():
        typed = getpass.getpass("NIK of the person (not shown): ")
    else:
        typed = sys.stdin.readline()
    try:
        nik = parse_nik(typed.strip())
    except InvalidNik:
        raise CannotGoOn("That is no NIK: it has 16 digits, and begins with a region.") from None
    return person_hash(secret(), nik.value)


def _export(options: argparse.Namespace, person: str, _who: str) -> str:
    from antrean.runtime.deadline import Deadline
    from operations.person_data import export

    kept = export(person, Deadline.after(HOUR))
    name = f"person-{datetime.fromtimestamp(clock.epoch(), UTC):%Y%m%dT%H%M%SZ}.json"
    file: Path = options.file or Path(name)
    _write(file, json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    return f"{len(kept['bookings'])} bookings, {len(kept['tickets'])} tickets: {file}"


def _write(file: Path, text: str) -> None:
    """Write a new file that its owner alone can read. Raises `CannotGoOn` when it is there."""
    try:
        opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise CannotGoOn(f"{file} is there already: give another FILE.") from None
    with os.fdopen(opened, "w") as out:
        out.write(text)


def _erase(options: argparse.Namespace, person: str, who: str) -> str:
    from antrean.rosters.request_now import publish_now
    from antrean.runtime.deadline import Deadline
    from operations.erase_person import StillLive, erase

    try:
        done = erase(person, who, Deadline.after(HOUR), publish_now, cancel=options.cancel)
    except StillLive as live:
        raise CannotGoOn(str(live)) from None
    return (
        f"erased from {done.bookings} bookings, {done.tickets} tickets, rosters of {done.days} days"
    )


COMMANDS: dict[str, Callable[[argparse.Namespace, str, str], str]] = {
    "export": _export,
    "erase": _erase,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; exit 1 with one line that says what to do when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m operations.person", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--stack", help="a stack on AWS instead of the local one that runs")
    parser.add_argument("--home", type=Path, help="the local stack's directory instead of .local")
    parser.add_argument("--file", type=Path, help="where an export is written")
    parser.add_argument("--cancel", action="store_true", help="cancel a live booking first")
    options = parser.parse_args(arguments)
    try:
        who = sign_in(options.stack, Paths(options.home) if options.home else Paths())
        print(COMMANDS[options.command](options, _asked_person(), who))
    except (CannotGoOn, ChangedMeanwhile) as reason:
        print(f"{options.command}: {reason}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError, Unavailable) as error:
        print(f"{options.command}: not finished; run it again. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
