"""The region codes that a NIK begins with.

These are the home ministry's codes (Permendagri 58/2021, Kepmendagri 300.2.2-2138/2025), not
those of the statistics office, which differ in Papua (there 97 is Papua Pegunungan; here it is
nothing). A NIK keeps the code of the place where its holder was first registered, for life: a
person from Sorong, now province 96, keeps 91 or 92. So regency and district codes are checked
for their shape alone, and no list of them has to be kept up to date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROVINCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "11": "Aceh",
        "12": "Sumatera Utara",
        "13": "Sumatera Barat",
        "14": "Riau",
        "15": "Jambi",
        "16": "Sumatera Selatan",
        "17": "Bengkulu",
        "18": "Lampung",
        "19": "Kepulauan Bangka Belitung",
        "21": "Kepulauan Riau",
        "31": "DKI Jakarta",
        "32": "Jawa Barat",
        "33": "Jawa Tengah",
        "34": "DI Yogyakarta",
        "35": "Jawa Timur",
        "36": "Banten",
        "51": "Bali",
        "52": "Nusa Tenggara Barat",
        "53": "Nusa Tenggara Timur",
        "61": "Kalimantan Barat",
        "62": "Kalimantan Tengah",
        "63": "Kalimantan Selatan",
        "64": "Kalimantan Timur",
        "65": "Kalimantan Utara",
        "71": "Sulawesi Utara",
        "72": "Sulawesi Tengah",
        "73": "Sulawesi Selatan",
        "74": "Sulawesi Tenggara",
        "75": "Gorontalo",
        "76": "Sulawesi Barat",
        "81": "Maluku",
        "82": "Maluku Utara",
        "91": "Papua",
        "92": "Papua Barat",
        "93": "Papua Selatan",
        "94": "Papua Tengah",
        "95": "Papua Pegunungan",
        "96": "Papua Barat Daya",
    }
)
"""The 38 provinces."""

ABROAD: Final = "99"
"""The first two digits of a NIT (nomor identitas tunggal).

Citizens first registered by a mission abroad carry one; it counts as a NIK (PP 40/2019,
Art. 32). Its next three digits are the country, the sixth the mission.
"""


def is_regency(digits: str) -> bool:
    """Whether two digits can be a regency (01 to 69) or a city (71 to 99): Permendagri 58/2021."""
    return "01" <= digits <= "69" or "71" <= digits <= "99"


def is_district(digits: str) -> bool:
    """Whether two digits can be a district (kecamatan), which are counted from 01."""
    return digits != "00"
