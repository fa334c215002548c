"""The offices that a new stack begins with: Indonesia's, as on 17 November 2017 in Lampung.

That was the day of the national launch. Of Lampung's three offices only Kotabumi was ready; at
the others nobody could say when they would be (docs/local-stack.md names the source). Every other
office is taken as open.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from antrean.domain.offices import Office, OfficeStatus
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import all_offices, put_office

SOURCE: Final = Path(__file__).with_name("offices.csv")
NOT_READY: Final = (
    "Server pusat terganggu ketika semua kantor mengunggah datanya bersamaan; tanggal mulai belum "
    "diketahui. / The central server failed when all offices uploaded their data at once; the "
    "date of opening is not known yet."
)
PREPARING: Final = {"bandar-lampung": NOT_READY, "kalianda": NOT_READY}
"""Offices that do not take bookings yet, and the reason that applicants are given."""

SECONDS: Final = 30.0


def offices() -> Iterator[Office]:
    """Return the offices of offices.csv with their status on the day of the launch."""
    with SOURCE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            reason = PREPARING.get(row["office_id"])
            yield Office(
                office_id=row["office_id"],
                name=row["name"],
                office_class=row["office_class"],
                city=row["city"],
                province=row["province"],
                timezone=row["timezone"],
                daily_quota=int(row["daily_quota"]),
                quota_basis=row["quota_basis"],
                status=OfficeStatus.PREPARING if reason else OfficeStatus.OPEN,
                status_reason=reason,
            )


def load() -> int:
    """Write the offices that the table does not have yet and return how many there were.

    What is there stays: an admin may have changed it.
    """
    deadline = Deadline.after(SECONDS)
    there = {office.office_id for office in all_offices(deadline)}
    missing = [office for office in offices() if office.office_id not in there]
    for office in missing:
        put_office(office, deadline)
    return len(missing)
