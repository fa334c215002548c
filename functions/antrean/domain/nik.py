"""The NIK, the 16-digit number of every Indonesian citizen, and what can be read from it.

There is no check digit. The shape is checked hard, because a mistyped NIK would give the person
a second life in the queue; whether the birth date in it is the real one is not checked here,
because a NIK stays as it was issued even when its date is wrong (PP 40/2019).
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from antrean.domain.regions import ABROAD, PROVINCES, is_district, is_regency

_DIGITS: Final = re.compile(r"[0-9]{16}")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WOMAN: Final = 40  # added to a woman's day of birth

NikFault = Literal["digits", "province", "regency", "district", "birth_date", "sequence"]

_TEXTS: Final[dict[NikFault, str]] = {
    "digits": "A NIK is exactly 16 digits.",
    "province": "The first two digits of this NIK are no province's.",
    "regency": "The third and fourth digit of this NIK are no regency's or city's.",
    "district": "The fifth and sixth digit of this NIK are no district's.",
    "birth_date": "The seventh to twelfth digit of this NIK are no date.",
    "sequence": "The last four digits of this NIK are all zero.",
}


class InvalidNik(ValueError):
    """The text is not a NIK. `reason` says which part; the message never holds the text."""

    def __init__(self, reason: NikFault) -> None:
        super().__init__(_TEXTS[reason])
        self.reason = reason


class BirthInNik(NamedTuple):
    """A birth date as a NIK has it; the year is its last two digits, the century unknown."""

    day: int
    month: int
    year: int


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """A well-shaped NIK and its parts. Its repr leaves the number out, so that no log has it.

    `province`, `regency` and `district` are two digits each, of the place of first
    registration; where `province` is `regions.ABROAD`, the other four are country and mission.
    """

    value: str
    province: str
    regency: str
    district: str
    birth: BirthInNik
    sex: Literal["F", "M"]
    sequence: str


def parse_nik(text: str) -> Nik:
    """Read a NIK. Raises InvalidNik.

    Exactly 16 ASCII digits: spaces and hyphens are for the form to take away, so that one
    person cannot be written in two ways and get two hashes.
    """
    if _DIGITS.fullmatch(text) is None:
        raise InvalidNik("digits")
    province, regency, district, sequence = text[:2], text[2:4], text[4:6], text[12:]
    _check_region(province, regency, district)
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    sex: Literal["F", "M"] = "F" if day > _WOMAN else "M"
    birth = BirthInNik(day - _WOMAN if sex == "F" else day, month, year)
    if not _is_possible(birth):
        raise InvalidNik("birth_date")
    if sequence == "0000":
        raise InvalidNik("sequence")
    return Nik(text, province, regency, district, birth, sex, sequence)


def _check_region(province: str, regency: str, district: str) -> None:
    if province == ABROAD:
        return
    if province not in PROVINCES:
        raise InvalidNik("province")
    if not is_regency(regency):
        raise InvalidNik("regency")
    if not is_district(district):
        raise InvalidNik("district")


def _is_possible(birth: BirthInNik) -> bool:
    """Whether the date exists in this or in the last century.

    1900 had no 29 February but 2000 had; in every other year the two centuries agree.
    """
    if not 1 <= birth.month <= len(_DAYS):
        return False
    leap = birth.year % 4 == 0
    longest = 28 if birth.month == 2 and not leap else _DAYS[birth.month - 1]
    return 1 <= birth.day <= longest
