"""Synthetic people and offices for every suite.

Nobody here exists: the region codes of the NIKs are real, so that they pass every check, but dates
and sequence numbers are made up from a counter.
"""

import uuid
from datetime import date, timedelta
from typing import Any

from antrean.booking.book import BookingRequest
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.slots import Lane
from antrean.domain.tickets import Applicant, Contact
from infra.local import people as local

REGIONS = ("180301", "317101", "327301", "357801", "640101", "737101", "810101", "917101")
"""Districts of Lampung Utara, Jakarta, Bandung, Surabaya, Paser, Makassar, Maluku, Jayapura."""
FIRST_NAMES = ("Siti", "Budi", "Dewi", "Agus", "Rina", "Yusuf", "Maria", "I Wayan", "Nur'aini")
LAST_NAMES = ("Aminah", "Santoso", "Lestari", "Hasibuan", "Wonda", "Tuasikal", "Putri", "Siregar")
SEQUENCES = 9_999
DAYS = 10_000

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""WIB, WITA and WIT: UTC+7, +8 and +9, without daylight saving."""

TUESDAY = date(2026, 11, 24)
"""The day after the Monday on which tests begin (`tests.support.clocks`)."""

PHONE = "+6281234567890"


def nik(born: date, sequence: int, *, woman: bool = False, region: str = REGIONS[0]) -> str:
    """A NIK that agrees with a birth date."""
    return local.well_made_nik(region, born, sequence, woman=woman)


def person(number: int = 1, born: date | None = None, **facts: Any) -> Applicant:
    """The adult of this number, or somebody born on `born`; different numbers, different NIKs."""
    sequence = number % SEQUENCES + 1
    if born is None:
        born = date(1975, 1, 1) + timedelta(days=number * 37 % DAYS)
    first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number % len(LAST_NAMES)]
    its_nik = nik(born, sequence, woman=number % 2 == 1, region=REGIONS[number % len(REGIONS)])
    return Applicant(its_nik, f"{first} {last}", born, **facts)


def people(count: int, first: int = 1) -> tuple[Applicant, ...]:
    """Some adults, numbered from `first`."""
    return tuple(person(number) for number in range(first, first + count))


def applicant_json(applicant: Applicant) -> dict[str, Any]:
    """A person as a client sends them."""
    more = {"priority_ground": applicant.ground, "guardian_name": applicant.guardian_name}
    given = {member: value for member, value in more.items() if value}
    return local.applicant_json(applicant.nik, applicant.name, applicant.birth_date, **given)


def booking_json(
    *applicants: Applicant, office_id: str = "kotabumi", day: str = "2026-11-24", **more: Any
) -> dict[str, Any]:
    """The body of a booking request; `more` are further members, such as `window`."""
    return {
        "office_id": office_id,
        "date": day,
        "applicants": [applicant_json(applicant) for applicant in applicants or people(1)],
        "contact": {"phone": PHONE},
        **more,
    }


def key(number: int) -> str:
    """The idempotency key of this number: a UUID."""
    return str(uuid.UUID(int=number + (4 << 76) + (8 << 60)))


def a_request(number: int, *party: Applicant, **changes: Any) -> BookingRequest:
    """The request of the idempotency key `number`: by the person `number`, for the next day."""
    facts: dict[str, Any] = {
        "office_id": "kotabumi",
        "day": TUESDAY,
        "start": None,
        "lane": Lane.REGULAR,
        "overflow": Overflow.NEXT_DATE,
        "party": party or (person(number),),
        "contact": Contact(PHONE),
    }
    return BookingRequest(key(number), **(facts | changes))


def an_office(office_id: str = "kotabumi", **changes: Any) -> Office:
    """An open office in Jakarta's zone with 20 places a day, except as `changes` say."""
    city = office_id.replace("-", " ").title()
    facts: dict[str, Any] = {
        "name": f"Kantor Imigrasi {city}",
        "office_class": "Kelas III Non TPI",
        "city": city,
        "province": "Lampung",
        "timezone": "Asia/Jakarta",
        "daily_quota": 20,
        "status": OfficeStatus.OPEN,
    }
    return Office(office_id, **(facts | changes))
