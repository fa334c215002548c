"""Who may book together, in which lane, and what the officer is told about them.

Ages are those of the office's local date of the visit. The sources of the rules and the choices
where they are silent stand in ADR 0008.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from antrean.domain.errors import FieldProblem, InvalidRequest
from antrean.domain.names import InvalidName, clean_name
from antrean.domain.nik import BirthInNik, InvalidNik, Nik, parse_nik
from antrean.domain.slots import Lane
from antrean.domain.tickets import LARGEST_PARTY, Applicant

OWN_CARD_FROM: Final = 17
"""Years: who is younger has no KTP of their own (UU 24/2013, Art. 63) and is accompanied."""

ADULT_FROM: Final = 18
"""Years: who is younger is a child and cannot answer for another (UU 35/2014, Art. 1)."""

ELDERLY_FROM: Final = 60
"""Years: "over 60" of SE IMI-UM.01.01-2435/2018, read with UU 13/1998, Art. 1."""

TODDLER_BELOW: Final = 5
"""Years: "under 5" of SE IMI-UM.01.01-2435/2018."""

OLDEST: Final = 120
"""Years: beyond this a birth date is a slip of the pen."""

STATED_GROUNDS: Final = frozenset({"pregnant", "disability"})
"""The grounds of the priority lane that no date shows (SE IMI-UM.01.01-2435/2018)."""

BIRTH_DATE_DIFFERS: Final = "Tanggal lahir berbeda dari NIK; periksa dokumen."
"""The note for the officer. It holds no date, so that it may stand where the NIK may not."""
NOTE_CODES: Final = {BIRTH_DATE_DIFFERS: "birth_date_differs"}
"""The notes' names in the API: they stay when the texts change."""


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on `day`; below zero before birth. 29 February counts on 1 March."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def birth_date_note(nik: Nik, birth_date: date) -> str | None:
    """What the officer should look at when the birth date is not the one in the NIK.

    Never a ground to refuse: a NIK keeps a wrong date for life. A NIK has two digits of the
    year, so a date a century off goes unseen.
    """
    stated = BirthInNik(birth_date.day, birth_date.month, birth_date.year % 100)
    return None if stated == nik.birth else BIRTH_DATE_DIFFERS


def priority_ground(birth_date: date, stated: str | None, day: date) -> str | None:
    """Why a person may use the priority lane on `day`, or None.

    `over_60` and `under_5` follow from the birth date; `pregnant` and `disability` are taken as
    stated, and the officer sees them.
    """
    age = age_on(birth_date, day)
    if age >= ELDERLY_FROM:
        return "over_60"
    if age < TODDLER_BELOW:
        return "under_5"
    return stated if stated in STATED_GROUNDS else None


def check_party(
    applicants: Sequence[Applicant], lane: Lane, service_date: date
) -> list[FieldProblem]:
    """Everything that is wrong with a party, by JSON pointer into it; empty if nothing.

    `service_date` is the local date asked for. It is not checked again when the booking moves
    to another date: a child that turned five meanwhile keeps the place it was given.
    """
    if not 1 <= len(applicants) <= LARGEST_PARTY:
        return [FieldProblem("", f"A booking is for 1 to {LARGEST_PARTY} people.")]
    problems = _nik_problems(applicants)
    for index, applicant in enumerate(applicants):
        at = f"/{index}"
        problems += _name_problems(at, applicant)
        date_problems = _birth_date_problems(at, applicant, service_date)
        problems += date_problems
        if not date_problems:
            problems += _lane_problems(at, applicant, lane, service_date)
            problems += _guardian_problems(at, applicant, applicants, service_date)
    return problems


def accept_party(
    applicants: Sequence[Applicant], lane: Lane, service_date: date
) -> tuple[Applicant, ...]:
    """The party as it is kept: names cleaned, the officer's notes written.

    A stated ground is kept in the priority lane alone, elsewhere it would be health data that
    nobody needs; a guardian's name for a child alone. Raises InvalidRequest with all that
    `check_party` finds.
    """
    problems = check_party(applicants, lane, service_date)
    if problems:
        raise InvalidRequest(problems)
    return tuple(_accept(applicant, lane, service_date) for applicant in applicants)


def _accept(applicant: Applicant, lane: Lane, service_date: date) -> Applicant:
    is_child = age_on(applicant.birth_date, service_date) < ADULT_FROM
    guardian = applicant.guardian_name if is_child else None
    return replace(
        applicant,
        name=clean_name(applicant.name),
        ground=applicant.ground if lane is Lane.PRIORITY else None,
        guardian_name=None if guardian is None else clean_name(guardian),
        note=birth_date_note(parse_nik(applicant.nik), applicant.birth_date),
    )


def _nik_problems(applicants: Sequence[Applicant]) -> list[FieldProblem]:
    problems = []
    earlier = set()
    for index, applicant in enumerate(applicants):
        pointer = f"/{index}/nik"
        try:
            nik = parse_nik(applicant.nik).value
        except InvalidNik as fault:
            problems.append(FieldProblem(pointer, str(fault)))
            continue
        if nik in earlier:
            problems.append(FieldProblem(pointer, "This NIK is in the request already."))
        earlier.add(nik)
    return problems


def _name_problems(at: str, applicant: Applicant) -> list[FieldProblem]:
    problems = []
    for field, text in (("name", applicant.name), ("guardian_name", applicant.guardian_name)):
        if text is None:
            continue
        try:
            clean_name(text)
        except InvalidName as fault:
            problems.append(FieldProblem(f"{at}/{field}", str(fault)))
    return problems


def _birth_date_problems(at: str, applicant: Applicant, service_date: date) -> list[FieldProblem]:
    if 0 <= age_on(applicant.birth_date, service_date) <= OLDEST:
        return []
    detail = f"The birth date lies after the visit or more than {OLDEST} years before it."
    return [FieldProblem(f"{at}/birth_date", detail)]


def _lane_problems(
    at: str, applicant: Applicant, lane: Lane, service_date: date
) -> list[FieldProblem]:
    pointer = f"{at}/priority_ground"
    stated = applicant.ground
    if stated is not None and stated not in STATED_GROUNDS:
        detail = "A stated ground of priority is one of: " + ", ".join(sorted(STATED_GROUNDS)) + "."
        return [FieldProblem(pointer, detail)]
    if lane is not Lane.PRIORITY or priority_ground(applicant.birth_date, stated, service_date):
        return []
    detail = (
        "The priority lane is for people of 60 and over, children under 5, pregnant women and "
        "people with a disability. State a ground, or choose the regular lane."
    )
    return [FieldProblem(pointer, detail)]


def _guardian_problems(
    at: str, applicant: Applicant, applicants: Sequence[Applicant], service_date: date
) -> list[FieldProblem]:
    if age_on(applicant.birth_date, service_date) >= OWN_CARD_FROM:
        return []
    if applicant.guardian_name is not None:
        return []
    if any(age_on(other.birth_date, service_date) >= ADULT_FROM for other in applicants):
        return []
    detail = (
        f"Who is under {OWN_CARD_FROM} comes with an adult: name the parent or guardian, or "
        "book together with an adult."
    )
    return [FieldProblem(f"{at}/guardian_name", detail)]
