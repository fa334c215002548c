"""`make audit-ledger`: check every invariant of a table, from the operator's machine.

Reads the table of the local stack that runs, or with `--stack` that of a stack on AWS, with the
caller's profile.
"""

import argparse
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from antrean.domain.errors import Unavailable
from antrean.runtime.deadline import Deadline
from infra.local.paths import CannotGoOn, Paths
from operations.invariants import check_invariants
from operations.sign_in import sign_in

HOUR = 3_600.0


def main(arguments: list[str] | None = None) -> int:
    """Print each breach on a line; exit 1 when there is one, 2 without a table to read."""
    options = _parser().parse_args(arguments)
    try:
        sign_in(options.stack, Paths(options.home) if options.home else Paths())
        breaches = check_invariants(Deadline.after(HOUR), quiet=options.quiet)
    except (CannotGoOn, Unavailable, BotoCoreError, ClientError) as reason:
        print(f"audit-ledger: {reason}", file=sys.stderr)
        return 2
    for breach in breaches:
        print(f"{breach.about}: {breach.wrong}")
    print(f"{len(breaches)} breaches")
    return 1 if breaches else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operations.check_invariants", description=__doc__
    )
    parser.add_argument("--stack", help="a stack on AWS instead of the local one")
    parser.add_argument("--home", type=Path, help="the local stack's directory instead of .local")
    parser.add_argument(
        "--quiet", action="store_true", help="nothing is under way: numbers nobody filed count too"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
