"""Synthetic applicants of Lampung, always the same ones for the same run.

Every NIK that the project makes up is made here: `tests/support/people.py` builds on it.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

PROVINCE: Final = "18"
"""Lampung, in the region codes that a NIK begins with."""

REGENCIES: Final = ("01", "02", "03", "04", "05", "06", "07", "08", "71", "72")
"""Of Lampung: among them 03, Lampung Utara, whose seat is Kotabumi."""

GIVEN: Final = (
    *("Agus", "Bambang", "Dedi", "Eko", "Hendra", "Joko", "Rizky", "Slamet", "Wayan", "Yusuf"),
    *("Dewi", "Endang", "Fitri", "Indah", "Lestari", "Made", "Putri", "Ratna", "Siti", "Wulan"),
)
FAMILY: Final = (
    *("Hidayat", "Kurniawan", "Lubis", "Nugroho", "Pratama", "Saputra", "Setiawan", "Siregar"),
    *("Handayani", "Maharani", "Permata", "Rahayu", "Safitri", "Utami", "Wahyuni", "Yuliana"),
)
WOMEN: Final = frozenset(GIVEN[len(GIVEN) // 2 :])
YOUNGEST, OLDEST = date(2004, 12, 31), date(1968, 1, 1)
"""Adults below 60: none needs a guardian or may use the priority lane."""


@dataclass(frozen=True, slots=True)
class Person:
    """An applicant who does not exist, with the idempotency key of their request."""

    nik: str
    name: str
    birth_date: date
    phone: str
    key: str

    def request(self, office_id: str, day: str, **wishes: str) -> dict[str, Any]:
        """Return the body of a booking for this person alone."""
        return {
            "office_id": office_id,
            "date": day,
            **wishes,
            "applicants": [applicant_json(self.nik, self.name, self.birth_date)],
            "contact": {"phone": self.phone},
        }


def people(run: str) -> Iterator[Person]:
    """Yield without end the people of a run, no two with the same NIK or key.

    Another run's people are others: two runs share a NIK about once in a thousand million pairs.
    """
    draw = random.Random(run)  # noqa: S311 - nothing is guarded by it
    seen = set()
    while True:
        given, family = draw.choice(GIVEN), draw.choice(FAMILY)
        born = OLDEST + timedelta(days=draw.randrange((YOUNGEST - OLDEST).days))
        region = f"{PROVINCE}{draw.choice(REGENCIES)}{draw.randrange(1, 20):02}"
        nik = well_made_nik(region, born, draw.randrange(1, 10_000), woman=given in WOMEN)
        if nik in seen:
            continue
        seen.add(nik)
        yield Person(
            nik=nik,
            name=f"{given} {family}",
            birth_date=born,
            phone=f"+62812{draw.randrange(10**7, 10**8)}",
            key=str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        )


def well_made_nik(region: str, born: date, sequence: int, *, woman: bool) -> str:
    """Return a NIK that parses: region, birth date (a woman's day plus 40), sequence."""
    day = born.day + (40 if woman else 0)
    return f"{region}{day:02}{born:%m%y}{sequence:04}"


def applicant_json(nik: str, name: str, birth_date: date, **more: str) -> dict[str, str]:
    """Return a person as a client sends them; `more` are further members."""
    return {"nik": nik, "name": name, "birth_date": birth_date.isoformat(), **more}
