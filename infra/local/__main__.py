"""The commands of the local stack: `python -m infra.local run|stop|reset|token|user|clock`."""

import argparse
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from infra.local.paths import CannotGoOn, Paths

WIB = ZoneInfo("Asia/Jakarta")
"""What a time without an offset means to `clock`."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the process's exit code."""
    options = _parser().parse_args(arguments)
    paths = Paths(options.home.resolve()) if options.home else Paths()
    try:
        match options.command:
            case "run":
                _run(paths)
            case "stop":
                _stop(paths)
            case "reset":
                _reset(paths)
            case "token":
                _token(paths, options.role, options.office)
            case "user":
                _user(paths, options.role, options.office)
            case "clock":
                _clock(paths, options.at)
    except CannotGoOn as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--home", type=Path, help="the stack's directory instead of .local")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the stack and serve it; PORT and AWS_PORT choose ports")
    commands.add_parser("stop", help="end the stack that runs, and keep its data")
    commands.add_parser("reset", help="end the stack that runs, and throw its data away")
    for name, what in (
        ("token", "print an ID token of a user, made when missing"),
        ("user", "make a user when missing, and print how to sign in"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--role", default="admin", help="admin, staff or office-admin")
        command.add_argument("--office", help="an office's id, for staff and office-admin")
    clock = commands.add_parser("clock", help="move the functions' time; without --at, back")
    clock.add_argument("--at", default="", help="an instant, such as 2026-11-25T07:30+07:00")
    return parser


def _run(paths: Paths) -> None:
    from infra.local.run import run

    try:
        run(paths, _port("PORT", 8080), _port("AWS_PORT", 4566))
    except KeyboardInterrupt:
        print("\nThe local stack has ended; its data is kept.")


def _stop(paths: Paths) -> None:
    from infra.local import processes

    ended = processes.end(paths)
    print(
        "The local stack has ended; its data is kept." if ended else "No local stack was running."
    )


def _reset(paths: Paths) -> None:
    from infra.local import processes

    processes.end(paths)
    shutil.rmtree(paths.state, ignore_errors=True)
    paths.clock.unlink(missing_ok=True)
    print("The local stack's data is gone: `make run` starts afresh.")


def _token(paths: Paths, role: str, office_id: str | None) -> None:
    from infra.local.running import Running

    print(Running.of(paths).token(role, office_id))


def _user(paths: Paths, role: str, office_id: str | None) -> None:
    from infra.local.running import Running
    from infra.local.users import PASSWORD

    member = Running.of(paths).member(role, office_id)
    print(f"{member.username} (password {PASSWORD})")


def _clock(paths: Paths, text: str) -> None:
    """Move the time of the stack's functions; it goes on from there as time does."""
    if not text:
        paths.clock.unlink(missing_ok=True)
        print("The functions' time is the machine's again.")
        return
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CannotGoOn(f"{text} is not an instant: write 2026-11-25T07:30+07:00.") from None
    at = at if at.tzinfo else at.replace(tzinfo=WIB)
    paths.home.mkdir(parents=True, exist_ok=True)
    partial = paths.clock.with_suffix(".part")
    partial.write_text(str((at - datetime.now(UTC)).total_seconds()))
    partial.replace(paths.clock)
    print(f"For the functions it is {at.isoformat()} now. `make clock` takes it back.")


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotGoOn(f"{variable}={text} is not a port: take a number from 1024 to 65535.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
