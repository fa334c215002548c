"""The proof of a booking: one self-contained SVG of a postcard's size (A6) with a QR.

It is made for the worst printer of the country: black on white, no grey, no line thinner than
half a millimetre, modules of the QR of 1.4 mm with the highest error correction (30 % of it may
be missing). It needs no font but the device's own, no style sheet and no network. It holds no
name and no NIK, so it may be lost. The QR says `ANTREAN:` and the code, nothing that needs a
network to be understood: a scanner types it into the staff page as if it were a keyboard.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import chain, groupby
from typing import Final
from zoneinfo import ZoneInfo

from antrean.domain.closed_day import ClosedDay
from antrean.domain.codes import QR_PREFIX, display_code
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Booking
from antrean.domain.wording import CLOSED_ADVICE, LANES, clock_time, english_date, indonesian_date
from antrean.domain.zones import abbreviation

_LEFT: Final = 6.0  # mm, as all lengths here
_RIGHT: Final = 99.0
_MIDDLE: Final = 54.0
_QR_TOP: Final = 38.0  # four modules of white, which a QR needs, stay free around it
_MODULE: Final = 1.4


@dataclass(frozen=True, slots=True)
class ProofInput:
    """What a proof says.

    `code` is the normalised code; `day` the office's local date; `start` and `end` of the
    window 'HHMM', office local time; `labels` one per person; `arrive_at` an aware instant.
    `closed` says what closed the day: then nobody is told to come.
    """

    code: str
    office_name: str
    timezone: str
    day: date
    start: str
    end: str
    lane: Lane
    labels: tuple[str, ...]
    arrive_at: datetime
    closed: ClosedDay | None = None

    @classmethod
    def of(cls, booking: Booking, office: Office, closed: ClosedDay | None = None) -> "ProofInput":
        """Return what the proof of a booking says."""
        ref = booking.ref
        return cls(
            code=booking.code,
            office_name=office.name,
            timezone=office.timezone,
            day=ref.day,
            start=ref.start,
            end=booking.end,
            labels=booking.labels,
            lane=ref.lane,
            arrive_at=office.instant(ref.day, ref.start),
            closed=closed,
        )


def proof_svg(proof: ProofInput) -> str:
    """The proof as an SVG document; the same input always gives the same text."""
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="105mm" height="148mm" '
        'viewBox="0 0 105 148" role="img" aria-labelledby="title" '
        'font-family="Arial, Helvetica, sans-serif" xml:lang="id">'
    )
    title = f'<title id="title">Bukti antrean paspor {display_code(proof.code)}</title>'
    paper = '<rect width="105" height="148" fill="#fff"/>'
    ends = (_closed, _numbers, _closed_foot) if proof.closed else (_when, _numbers, _foot)
    parts = (_heading, _qr, _facts, *ends)
    return "\n".join(
        [opening, title, paper, *chain.from_iterable(part(proof) for part in parts), "</svg>\n"]
    )


def _heading(proof: ProofInput) -> Iterator[str]:
    yield _text(_LEFT, 10, 6.5, "BUKTI ANTREAN PASPOR", bold=True)
    yield _text(_LEFT, 14.6, 3.6, "Passport queue proof", english=True)
    yield _rule(17.5)
    lines = textwrap.wrap(proof.office_name, 30, max_lines=2, placeholder=" …")
    for index, line in enumerate(lines):
        size = _fitting(5.6, line, _RIGHT - _LEFT)
        yield _text(_LEFT, 24.5 + 6.2 * index, size, line, bold=True)


def _qr(proof: ProofInput) -> Iterator[str]:
    """The QR as one path, a sub-path for each run of dark modules."""
    import segno

    path = []
    for y, row in enumerate(segno.make_qr(QR_PREFIX + proof.code, error="h").matrix):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    at = f"translate({_LEFT:g} {_QR_TOP:g}) scale({_MODULE:g})"
    yield f'<path id="qr" transform="{at}" shape-rendering="crispEdges" d="{"".join(path)}"/>'


def _facts(proof: ProofInput) -> Iterator[str]:
    yield _label(_MIDDLE, 42, "Kode", "Code")
    yield _text(_MIDDLE, 49.5, 6.7, display_code(proof.code), bold=True, mono=True)
    yield _label(_MIDDLE, 57, "Jalur", "Lane")
    yield _text(_MIDDLE, 62.5, 3.9, " / ".join(LANES[proof.lane]), bold=True)
    yield _label(_MIDDLE, 69, "Jumlah orang", "People")
    yield _text(_MIDDLE, 74.5, 5, str(len(proof.labels)), bold=True)


def _when(proof: ProofInput) -> Iterator[str]:
    arrive_at = proof.arrive_at.astimezone(ZoneInfo(proof.timezone))
    zone = abbreviation(arrive_at)
    yield _rule(79.5)
    yield _label(_LEFT, 85, "Tanggal", "Date")
    yield _text(_LEFT, 91.5, 6.2, indonesian_date(proof.day), bold=True)
    yield _text(_LEFT, 96, 3.6, english_date(proof.day), english=True)
    window = f"{clock_time(proof.start)}\N{EN DASH}{clock_time(proof.end)} {zone}"
    yield _label(_LEFT, 103, "Datang pukul", "Come at")
    yield _text(_LEFT, 109.5, 6.2, f"{arrive_at:%H.%M} {zone}", bold=True)
    yield _label(_MIDDLE, 103, "Jam kedatangan", "Window")
    yield _text(_MIDDLE, 109.5, 5, window, bold=True)
    yield _rule(112.5)


def _closed(proof: ProofInput) -> Iterator[str]:
    """In place of when to come: that the office is closed, in the largest letters there are."""
    yield _rule(79.5)
    yield _text(_LEFT, 90, 10.5, "KANTOR TUTUP", bold=True)
    yield _text(_LEFT, 95.3, 4.4, "The office is closed: do not come", bold=True, english=True)
    days = f"{indonesian_date(proof.day)} / {english_date(proof.day)}"
    yield _text(_LEFT, 100.5, _fitting(3.6, days, _RIGHT - _LEFT), days)
    reason = proof.closed.reason if proof.closed else None
    for index, line in enumerate(textwrap.wrap(reason or "", 50, max_lines=2, placeholder=" …")):
        size = _fitting(3.8, line, _RIGHT - _LEFT)
        yield _text(_LEFT, 105.8 + 4.5 * index, size, line, bold=True)
    yield _rule(112.5)


def _closed_foot(proof: ProofInput) -> Iterator[str]:
    yield _rule(136.5)
    if proof.closed:
        indonesian, english = CLOSED_ADVICE[proof.closed.by]
        yield _text(_LEFT, 140.3, 2.9, indonesian)
        yield _text(_LEFT, 144.3, 2.9, english, english=True)


def _numbers(proof: ProofInput) -> Iterator[str]:
    yield _label(_LEFT, 118, "Nomor antrean", "Queue number")
    if len(proof.labels) == 1:
        yield _text(_LEFT, 129, 11, proof.labels[0], bold=True, mono=True)
        return
    for index, label in enumerate(proof.labels):
        x = (_LEFT, 37.5, 69.0)[index % 3]
        yield _text(x, 125.5 + 8 * (index // 3), 4.9, label, bold=True, mono=True)


def _foot(proof: ProofInput) -> Iterator[str]:
    zone = abbreviation(proof.arrive_at.astimezone(ZoneInfo(proof.timezone)))
    yield _rule(136.5)
    yield _text(_LEFT, 140.3, 2.9, f"Tunjukkan kode saat tiba. Semua jam: waktu setempat ({zone}).")
    english = f"Show the code when you arrive. All times are local ({zone})."
    yield _text(_LEFT, 144.3, 2.9, english, english=True)


def _label(x: float, y: float, indonesian: str, english: str) -> str:
    return _text(x, y, 3.3, f"{indonesian} / {english}")


def _text(
    x: float,
    y: float,
    size: float,
    content: str,
    *,
    bold: bool = False,
    mono: bool = False,
    english: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    family = ' font-family="Courier New, Courier, monospace"' if mono else ""
    language = ' xml:lang="en"' if english else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:.3g}"{weight}{family}{language}>'
        f"{escape(content)}</text>"
    )


def _rule(y: float) -> str:
    return f'<path d="M{_LEFT:g} {y:g}H{_RIGHT:g}" stroke="#000" stroke-width="0.6"/>'


def _fitting(size: float, text: str, room: float) -> float:
    """The font size, at most `size`, at which bold text fits; fonts differ, so with a margin."""
    width = sum(0.78 if character.isupper() else 0.6 for character in text)
    return min(size, room / width)
