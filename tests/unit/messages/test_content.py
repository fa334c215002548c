"""What a message says, in every form it takes."""

import json
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
import segno

from antrean.booking.book import Booked
from antrean.booking.calendar_entry import CalendarInput, calendar_ics
from antrean.booking.proof import ProofInput, proof_svg
from antrean.domain.closed_day import ClosedBy, ClosedDay
from antrean.domain.codes import display_code
from antrean.domain.tickets import Booking, Move
from antrean.messages.channels import Message
from antrean.messages.content import SHORT, message_of, short
from antrean.messages.email_ses import as_mail
from antrean.messages.order import Kind, MessageOrder
from tests.support.people import TUESDAY, ZONES, an_office
from tests.support.providers import Provider
from tests.unit.conftest import EMAIL

GSM = re.compile(r"[A-Za-z0-9 @\n\r!\"#%&'()*+,\-./:;<=>?_$]*")
"""What GSM 03.38 and ASCII hold in one septet each."""


def message(couple_booked: Booked, kind: Kind = Kind.CONFIRMATION, **changes: object) -> Message:
    booking = replace(couple_booked.booking, **changes)  # type: ignore[arg-type]
    return message_of(kind, booking, couple_booked.office, None, "tag")


def mail(couple_booked: Booked, provider: Provider) -> EmailMessage:
    parsed = message_from_bytes(
        as_mail(message(couple_booked), EMAIL), _class=EmailMessage, policy=default
    )
    assert not parsed.defects
    return parsed


def test_it_says_where_when_and_which_numbers_in_indonesian_and_then_in_english(
    couple_booked: Booked, provider: Provider
) -> None:
    sent = message(couple_booked)

    for text in (sent.text, sent.html):
        for fact in (
            "Kantor Imigrasi Kotabumi",
            "Selasa, 24 November 2026",
            "08.00\N{EN DASH}09.00 WIB",
            "R0800-001, R0800-002",
            display_code(couple_booked.booking.code),
        ):
            assert fact in text
        assert text.index("Antrean paspor Anda tercatat") < text.index("Tuesday, 24 November 2026")
    assert sent.subject == (
        "Antrean paspor Anda tercatat: Selasa, 24 November 2026, 08.00\N{EN DASH}09.00 WIB"
    )


@pytest.mark.parametrize(("zone", "name"), [*zip(ZONES, ("WIB", "WITA", "WIT"), strict=True)])
def test_hours_are_the_offices_own(couple_booked: Booked, zone: str, name: str) -> None:
    office = replace(couple_booked.office, timezone=zone)

    told = message_of(Kind.REMINDER, couple_booked.booking, office, None, "tag")
    assert f"08.00 {name}" in told.text
    assert f"09.00 {name}" in short(Kind.REMINDER, couple_booked.booking, office)


def test_it_tells_nobodys_name_and_nothing_that_manages_the_booking(
    couple_booked: Booked, provider: Provider
) -> None:
    sent = as_mail(message(couple_booked), EMAIL).decode()

    for private in (
        *couple_booked.booking.names,
        couple_booked.token,
        couple_booked.booking.contact.phone,
    ):
        assert private not in sent
    assert couple_booked.booking.code not in message(couple_booked).subject.replace("-", "")


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (Move(TUESDAY, "0900", "full", "overflow"), "Jam yang Anda pilih penuh."),
        (Move(TUESDAY.replace(day=20), None, "full", "overflow"), "Hari yang Anda pilih penuh."),
        (Move(TUESDAY.replace(day=20), None, "closed", "overflow"), "The day you chose is closed."),
        (Move(TUESDAY.replace(day=20), None, "odd", "overflow"), "tidak dapat dipesan."),
        (Move(TUESDAY, "0900", "asked", "applicant"), "You have changed the day."),
        (Move(TUESDAY, "0900", "Listrik padam", "office"), "hari Anda. Listrik padam"),
    ],
)
def test_a_move_says_from_where_and_why(
    couple_booked: Booked, provider: Provider, move: Move, reason: str
) -> None:
    sent = message(couple_booked, Kind.MOVED, move=move, version=2)

    assert reason in sent.html
    assert f"{move.from_date.day} November 2026, {'09.00' if move.from_start else 'jam bebas'}" in (
        sent.text
    )
    reminded = message(couple_booked, Kind.REMINDER, move=move, version=2)
    assert "Sebelumnya" not in reminded.text, "a reminder tells what is, not what was"


def test_what_people_wrote_is_no_markup(couple_booked: Booked, provider: Provider) -> None:
    booking = replace(couple_booked.booking, move=Move(TUESDAY, "0900", "<b>&", "office"))
    office = replace(couple_booked.office, name="Kanim <i>")
    told = message_of(Kind.MOVED, booking, office, None, "tag")

    assert "<b>" not in told.html
    assert "&lt;b&gt;&amp;" in told.html
    assert "<i>" not in told.html
    assert "Kanim &lt;i&gt;" in told.html


class Looked(HTMLParser):
    """What a page refers to, the languages of its parts, and pictures without a text."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.languages: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.sources += [facts[name] or "" for name in ("src", "href") if name in facts]
        self.languages += [facts["lang"] or ""] if "lang" in facts else []
        self.silent += tag == "img" and not facts.get("alt")


def test_the_page_needs_no_network_and_can_be_read_aloud(
    couple_booked: Booked, provider: Provider
) -> None:
    looked = Looked()
    looked.feed(message(couple_booked).html)

    assert looked.sources == ["cid:qr"]
    assert looked.languages == ["id", "id", "en"]
    assert looked.silent == 0
    assert "url(" not in message(couple_booked).html


def test_a_mail_has_text_page_picture_proof_and_calendar_entry(
    couple_booked: Booked, provider: Provider
) -> None:
    whole = mail(couple_booked, provider)
    parts = {part.get_content_type(): part for part in whole.walk()}
    attached = {part.get_filename(): part.get_content() for part in whole.iter_attachments()}

    assert whole["To"] == EMAIL
    assert whole["Auto-Submitted"] == "auto-generated"
    assert parts["text/plain"].get_content().replace("\r\n", "\n") == message(couple_booked).text
    assert parts["image/png"]["Content-ID"] == "<qr>"
    assert parts["image/png"].get_content() == message(couple_booked).qr
    assert attached.keys() == {"bukti-antrean.svg", "calendar.ics"}
    booking, office = couple_booked.booking, couple_booked.office
    assert attached["bukti-antrean.svg"].decode() == proof_svg(ProofInput.of(booking, office))
    entry = attached["calendar.ics"].replace("\r\n", "\n")
    assert entry == calendar_ics(CalendarInput.of(booking, office)).decode().replace("\r\n", "\n")


def test_the_picture_is_the_proofs_qr(couple_booked: Booked, provider: Provider) -> None:
    qr = segno.make_qr(f"ANTREAN:{couple_booked.booking.code}", error="h")

    pixels = qr.symbol_size(scale=5)[0]
    assert message(couple_booked).qr.startswith(b"\x89PNG")
    assert int.from_bytes(message(couple_booked).qr[16:20]) == pixels
    assert f'width="{pixels}"' in message(couple_booked).html


def test_an_sms_is_one_segment_whatever_the_offices_name(
    couple_booked: Booked, provider: Provider
) -> None:
    numbers = tuple(range(101, 106))
    booking: Booking = replace(couple_booked.booking, numbers=numbers)
    office = an_office(
        name="Kantor Imigrasi Kelas I Khusus Non TPI \u201cÉlok\u201d [Jakarta] " * 3
    )

    closed = ClosedDay(ClosedBy.DAY, "Listrik padam")
    for kind, why in [*((kind, None) for kind in Kind), (Kind.REMINDER, closed)]:
        text = short(kind, booking, office, why)
        assert len(text) <= SHORT
        assert GSM.fullmatch(text)
        assert text.endswith(", no. R0800-101 s.d. R0800-105")
        assert display_code(booking.code) in text


def test_the_queue_holds_codes_and_versions_alone(couple_booked: Booked) -> None:
    code = couple_booked.booking.code

    for wanted, body in (
        (MessageOrder.of_version(code, 1), {"code": code, "kind": "confirmation", "version": 1}),
        (MessageOrder.of_version(code, 3), {"code": code, "kind": "moved", "version": 3}),
        (MessageOrder.cancelled(code, 4), {"code": code, "kind": "cancelled", "version": 4}),
        (
            MessageOrder.reminder(code, TUESDAY),
            {"code": code, "kind": "reminder", "date": "2026-11-24"},
        ),
    ):
        assert MessageOrder.from_body(wanted.body) == wanted
        assert json.loads(wanted.body) == body
