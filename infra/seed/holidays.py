"""The holidays that a new stack begins with, from the maintained library python-holidays.

`python -m infra.seed.holidays 2027 2028` writes those years' into the table that TABLE_NAME names,
with the credentials of the environment. Nothing is read from the library at run time: what stands
in the table is the calendar, and admins keep it (docs/operations.md).
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import version
from typing import Final

import holidays

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.holiday import holidays_between, put_holiday

DECREES: Final = {2026: "SKB 3 Menteri 1497/2025, 2/2025, 5/2025"}
"""The joint decree of the three ministers for a year, where a source names its numbers:
https://disdiksmg.semarangkota.go.id (SKB 3 Menteri 2026). A decree that is not known here is the
admins' to fill in."""

KINDS: Final = {
    holidays.GOVERNMENT: HolidayKind.COLLECTIVE_LEAVE,  # what the library calls cuti bersama
    holidays.PUBLIC: HolidayKind.NATIONAL,
}
"""The library's categories; the later one decides about a date that is in both."""

SECONDS: Final = 30.0


def of_years(years: Iterable[int]) -> Iterator[Holiday]:
    """Yield the holidays of some years by date, in Indonesian, with the decree or the source."""
    wanted = sorted(years)
    found: dict[date, Holiday] = {}
    for category, kind in KINDS.items():
        listed = holidays.country_holidays(
            "ID", years=wanted, categories=(category,), language="id", expand=False
        )
        found |= {day: Holiday(day, name, kind, _decree(day.year)) for day, name in listed.items()}
    for day in sorted(found):
        yield found[day]


def _decree(year: int) -> str:
    return DECREES.get(year, f"seeded from python-holidays {version('holidays')}")


def load(years: Iterable[int] | None = None) -> int:
    """Write the holidays that the table does not have yet and return how many there were.

    Of this year and the next, unless `years` says otherwise. What is there stays: an admin may
    have changed it.
    """
    deadline, this_year = Deadline.after(SECONDS), clock.now().year
    wanted = sorted(years or (this_year, this_year + 1))
    there = holidays_between(date(wanted[0], 1, 1), date(wanted[-1], 12, 31), deadline)
    missing = [holiday for holiday in of_years(wanted) if holiday.day not in there]
    for holiday in missing:
        put_holiday(holiday, deadline)
    return len(missing)


if __name__ == "__main__":
    print(f"Loaded {load([int(year) for year in sys.argv[1:]] or None)} holidays.")
