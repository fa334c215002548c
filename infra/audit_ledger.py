"""`make audit-ledger`: check every invariant of a table, from the operator's machine."""

import os
import sys

from antrean.store.calls import Budget
from antrean.store.ledger import audit_ledger

HOUR = 3_600.0


def main() -> int:
    """Print each breach on a line; exit 1 when there is one, 2 without a table to read."""
    if "TABLE_NAME" not in os.environ:
        print("audit-ledger: set TABLE_NAME (and AWS credentials, or AWS_ENDPOINT_URL)")
        return 2
    breaches = audit_ledger(Budget.of(HOUR), quiet="--quiet" in sys.argv[1:])
    for breach in breaches:
        print(f"{breach.about}: {breach.wrong}")
    print(f"{len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
