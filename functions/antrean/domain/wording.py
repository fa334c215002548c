"""Words that people read wherever dates, hours and lanes are named, in Indonesian and English."""

from datetime import date
from typing import Final

from antrean.domain.closed_day import ClosedBy
from antrean.domain.slots import Lane

DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

LANES: Final = {
    Lane.REGULAR: ("Reguler", "Regular"),
    Lane.PRIORITY: ("Prioritas", "Priority"),
    Lane.EXPRESS: ("Percepatan", "Same day"),
}

CLOSED_ADVICE: Final = {
    ClosedBy.DAY: (
        "Anda akan dipindahkan, atau dapat memilih hari lain.",
        "You will be moved, or can choose another day.",
    ),
    ClosedBy.OFFICE: (
        "Lihat kabar di Antrean saya, atau batalkan antrean.",
        "See My booking for news, or cancel the booking.",
    ),
}
"""What the holder of a booking on a closed day can do or expect, by what closed it."""

_ENGLISH_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

_ENGLISH_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def indonesian_date(day: date) -> str:
    """A date in words: 'Selasa, 24 November 2026'."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def english_date(day: date) -> str:
    """A date in words, whatever the process's locale: 'Tuesday, 24 November 2026'."""
    month = _ENGLISH_MONTHS[day.month - 1]
    return f"{_ENGLISH_DAYS[day.weekday()]}, {day.day} {month} {day.year}"


def clock_time(hhmm: str) -> str:
    """An hour as Indonesia writes it: '08.00'."""
    return f"{hhmm[:2]}.{hhmm[2:]}"
