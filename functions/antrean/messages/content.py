"""What a message says: office, date, window, numbers and code; no name, no NIK, no token.

A mail may be read on a locked screen or by whoever shares the mailbox, so it greets nobody by
name, and its subject has no code. What to bring is not this service's to say.
"""

import io
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from string import Template
from typing import Final

from antrean.booking.calendar_entry import CalendarInput, calendar_ics
from antrean.booking.proof import ProofInput, proof_svg
from antrean.domain.closed_day import ClosedDay
from antrean.domain.codes import QR_PREFIX, display_code
from antrean.domain.offices import Office
from antrean.domain.tickets import Booking, Move
from antrean.domain.wording import (
    CLOSED_ADVICE,
    DAYS,
    LANES,
    clock_time,
    english_date,
    indonesian_date,
)
from antrean.domain.zones import abbreviation
from antrean.messages.channels import File, Message
from antrean.messages.order import Kind
from antrean.messages.wording import ENGLISH, INDONESIAN, Words
from antrean.runtime.settings import settings

SHORT: Final = 160
"""Characters of one SMS in GSM 03.38's own alphabet."""
QR_MODULE: Final = 5
"""Pixels of a module of the QR."""

_OF_TWO_SEPTETS: Final = str.maketrans("", "", "^{}\\[]~|`")


@dataclass(frozen=True, slots=True)
class _Part:
    """One language's part of a message: what it is made from, and what it says."""

    kind: Kind
    booking: Booking
    office: Office
    words: Words
    closed: ClosedDay | None

    @property
    def is_to_come(self) -> bool:
        """Whether it tells anybody to come."""
        return not self.closed and self.kind is not Kind.CANCELLED

    @property
    def title(self) -> str:
        """What it says in one line."""
        return self.words.closed if self.closed else self.words.titles[self.kind]

    @property
    def subject(self) -> str:
        """The same with the date, and with the window of those who are to come."""
        day = self.in_words(self.booking.ref.day)
        return f"{self.title}: {day}, {self.window}" if self.is_to_come else f"{self.title}: {day}"

    @property
    def zone(self) -> str:
        """The zone's abbreviation: WIB, WITA or WIT."""
        return abbreviation(self.office.instant(self.booking.ref.day, self.booking.ref.start))

    def in_words(self, day: date) -> str:
        """A date as the language writes it."""
        return english_date(day) if self.words is ENGLISH else indonesian_date(day)

    @property
    def window(self) -> str:
        """The arrival window with its zone."""
        start, end = clock_time(self.booking.ref.start), clock_time(self.booking.end)
        return f"{start}\N{EN DASH}{end} {self.zone}"

    @property
    def move(self) -> Move | None:
        """The move that this message is about: a reminder and a cancellation are about none."""
        is_about = self.kind in (Kind.CONFIRMATION, Kind.MOVED)
        return self.booking.move if is_about and not self.closed else None

    def lead(self) -> str:
        """What follows the title in its paragraph: what to expect, or why it moved."""
        if self.closed:
            return CLOSED_ADVICE[self.closed.by][self.words is ENGLISH]
        return self.words.released if self.kind is Kind.CANCELLED else self.why()

    def why(self) -> str:
        """Why a booking is not where it was asked for; empty when it is."""
        words, move = self.words, self.move
        if move is None:
            return ""
        if move.by != "overflow":
            who = words.moved.get(move.by, words.moved_other)
            return f"{who} {move.reason}" if move.by == "office" else who
        same_day = move.from_date == self.booking.ref.day
        key = "full_window" if move.reason == "full" and same_day else move.reason
        return words.moved.get(key, words.moved_other)

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield the rows of the table: a heading and what it is."""
        words, booking, office = self.words, self.booking, self.office
        named = office.name if office.city in office.name else f"{office.name}, {office.city}"
        yield words.office, named
        if move := self.move:
            before = clock_time(move.from_start) if move.from_start else words.any_time
            yield words.moved_from, f"{self.in_words(move.from_date)}, {before}"
        yield words.date, self.in_words(booking.ref.day)
        if self.closed and self.closed.reason:
            yield words.reason, self.closed.reason
        if self.is_to_come:
            yield words.arrive, f"{clock_time(booking.ref.start)} {self.zone}"
            yield words.window, self.window
        yield words.lane, LANES[booking.lane][words is ENGLISH]
        yield words.numbers, ", ".join(booking.labels)
        yield words.code, display_code(booking.code)

    def notes(self) -> Iterator[str]:
        """Yield the notes below the table."""
        if self.is_to_come:
            yield self.words.show.format(zone=self.zone)
            yield self.words.attached
        else:
            yield self.words.struck
        yield self.words.manage.format(origin=settings().public_origin)
        yield self.words.automatic


def message_of(
    kind: Kind, booking: Booking, office: Office, closed: ClosedDay | None, tag: str
) -> Message:
    """Return a message about a booking as it is now, under the name `tag`.

    Whatever its `kind`, it says that the office is closed when that is what `closed` says.
    """
    parts = [_Part(kind, booking, office, words, closed) for words in (INDONESIAN, ENGLISH)]
    first = parts[0]
    entry = calendar_ics(CalendarInput.of(booking, office, closed))
    proof = File("bukti-antrean.svg", "image/svg+xml", _proof(booking, office))
    return Message(
        tag=tag,
        subject=first.subject,
        text="\n\n\n".join(_text(part) for part in parts) + "\n",
        html=_html(parts),
        short=short(kind, booking, office, closed),
        qr=qr_png(booking.code),
        files=(
            *([proof] if first.is_to_come else []),
            File("calendar.ics", "text/calendar", entry),
        ),
    )


def _proof(booking: Booking, office: Office) -> bytes:
    return proof_svg(ProofInput.of(booking, office)).encode()


def qr_png(code: str) -> bytes:
    """Return the QR of the proof as a PNG, for mail programs that show no SVG."""
    import segno

    out = io.BytesIO()
    segno.make_qr(QR_PREFIX + code, error="h").save(out, kind="png", scale=QR_MODULE)
    return out.getvalue()


def _text(part: _Part) -> str:
    words = part.words
    facts = list(part.facts())
    width = max(len(heading) for heading, _ in facts) + 1
    table = "\n".join(f"{heading + ':':<{width}} {fact}" for heading, fact in facts)
    lead = f"{part.title}. {part.lead()}".strip()
    wrapped = "\n".join(textwrap.fill(lead, 72, break_long_words=False).splitlines())
    return "\n\n".join([words.greeting, wrapped, table, "\n".join(part.notes())])


_PAGE: Final = Template("""\
<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>$title</title>
</head>
<body style="margin:0;padding:16px;background:#fff;color:#111;\
font:16px/1.5 Arial,Helvetica,sans-serif">
<div style="max-width:600px;margin:0 auto">
$first
<p style="margin:24px 0;text-align:center">\
<img src="cid:qr" width="$size" height="$size" alt="QR: $code" style="border:0"><br>
<strong style="font:bold 22px/1.6 'Courier New',Courier,monospace">$code</strong></p>
<hr style="border:0;border-top:1px solid #767676;margin:24px 0">
$second
</div>
</body>
</html>
""")

_SECTION: Final = Template("""\
<section lang="$language">
<$heading style="font-size:$large;line-height:1.3;margin:0 0 16px">$title</$heading>
<p style="margin:0 0 16px">$greeting</p>
$lead<table style="border-collapse:collapse;width:100%;margin:0 0 16px">
$rows</table>
$notes</section>""")

_ROW: Final = Template("""\
<tr><th scope="row" style="text-align:left;vertical-align:top;font-weight:normal;color:#444;\
padding:6px 16px 6px 0;border-bottom:1px solid #ddd">$heading</th>\
<td style="font-weight:bold;padding:6px 0;border-bottom:1px solid #ddd">$fact</td></tr>
""")

_PARAGRAPH: Final = Template('<p style="margin:0 0 8px">$text</p>\n')


def _html(parts: list[_Part]) -> str:
    first, second = parts
    modules = 25 + 2 * 4  # version 2, and the quiet zone around it
    return _PAGE.substitute(
        title=escape(first.title),
        first=_section(first, "h1", "24px"),
        second=_section(second, "h2", "20px"),
        code=escape(display_code(first.booking.code)),
        size=modules * QR_MODULE,
    )


def _section(part: _Part, heading: str, large: str) -> str:
    words, lead = part.words, part.lead()
    return _SECTION.substitute(
        language=words.language,
        heading=heading,
        large=large,
        title=escape(part.title),
        greeting=escape(words.greeting),
        lead=_PARAGRAPH.substitute(text=escape(lead)) if lead else "",
        rows="".join(
            _ROW.substitute(heading=escape(heading), fact=escape(fact))
            for heading, fact in part.facts()
        ),
        notes="".join(_PARAGRAPH.substitute(text=escape(note)) for note in part.notes()),
    )


_SHORT_TITLES: Final = {
    Kind.CONFIRMATION: "Antrean paspor",
    Kind.MOVED: "Antrean paspor PINDAH",
    Kind.REMINDER: "Ingat antrean paspor",
    Kind.CANCELLED: "Antrean paspor BATAL",
}
_SHORT_CLOSED: Final = "Kantor TUTUP, jangan datang. Antrean paspor"


def short(kind: Kind, booking: Booking, office: Office, closed: ClosedDay | None = None) -> str:
    """Return the message as one SMS, in Indonesian: the office's name gives way if it must."""
    day, labels = booking.ref.day, booking.labels
    zone = abbreviation(office.instant(day, booking.ref.start))
    window = f"{clock_time(booking.ref.start)}-{clock_time(booking.end)} {zone}"
    numbers = labels[0] if len(labels) == 1 else f"{labels[0]} s.d. {labels[-1]}"
    when = f"{DAYS[day.weekday()]} {day:%d/%m/%Y}"
    if not closed and kind is not Kind.CANCELLED:
        when = f"{when} {window}"
    title = _SHORT_CLOSED if closed else _SHORT_TITLES[kind]
    ahead = f"{title} {display_code(booking.code)}: {when}, "
    after = f", no. {numbers}"
    name = _gsm(office.name.replace("Kantor Imigrasi", "Kanim"))
    return ahead + name[: SHORT - len(ahead) - len(after)] + after


def _gsm(text: str) -> str:
    """Return a text in the part of ASCII that GSM 03.38 holds in one septet each."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.translate(_OF_TWO_SEPTETS)
