"""The QR proof: what it says, and that a bad print of it can still be scanned."""

import re
import xml.etree.ElementTree as ET
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.booking.proof import ProofInput, proof_svg
from antrean.domain.closed_day import ClosedBy, ClosedDay
from antrean.domain.slots import Lane
from antrean.domain.wording import english_date, indonesian_date

PROOF = ProofInput(
    code="K7QF2M9PXT",
    office_name="Kantor Imigrasi Kotabumi",
    timezone="Asia/Jakarta",
    day=date(2026, 11, 24),
    start="0800",
    end="0900",
    lane=Lane.REGULAR,
    labels=("R0800-012",),
    arrive_at=datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
)
SVG = "{http://www.w3.org/2000/svg}"


def elements(proof: ProofInput) -> list[ET.Element]:
    """The elements of a proof that hold text, in their order."""
    root = ET.fromstring(proof_svg(proof))  # noqa: S314 - our own document
    return list(root.iter(f"{SVG}text"))


def texts(proof: ProofInput) -> list[str]:
    """What a proof says, in its order."""
    return [element.text or "" for element in elements(proof)]


def test_a_proof_says_where_when_and_which_number() -> None:
    printed = texts(PROOF)
    for text in (
        "Kantor Imigrasi Kotabumi",
        "K7QF2-M9PXT",
        "Reguler / Regular",
        "1",
        "Selasa, 24 November 2026",
        "Tuesday, 24 November 2026",
        "08.00 WIB",
        "08.00\N{EN DASH}09.00 WIB",
        "R0800-012",
    ):
        assert text in printed


@pytest.mark.parametrize(
    ("timezone", "arrive_at", "zone"),
    [
        ("Asia/Jakarta", datetime(2026, 11, 24, 1, 15, tzinfo=UTC), "WIB"),
        ("Asia/Pontianak", datetime(2026, 11, 24, 1, 15, tzinfo=UTC), "WIB"),
        ("Asia/Makassar", datetime(2026, 11, 24, 0, 15, tzinfo=UTC), "WITA"),
        ("Asia/Jayapura", datetime(2026, 11, 23, 23, 15, tzinfo=UTC), "WIT"),
    ],
)
def test_hours_are_the_offices_and_say_their_zone(
    timezone: str, arrive_at: datetime, zone: str
) -> None:
    printed = texts(replace(PROOF, timezone=timezone, arrive_at=arrive_at))
    assert f"08.15 {zone}" in printed
    assert f"08.00\N{EN DASH}09.00 {zone}" in printed
    assert any(f"({zone})" in text and "setempat" in text for text in printed)


LONG = "Listrik padam di seluruh gedung, dan generator tidak dapat dihidupkan. " * 4


@pytest.mark.parametrize("by", ClosedBy)
@pytest.mark.parametrize("reason", [None, "Banjir", LONG])
def test_the_proof_of_a_closed_day_says_so_larger_than_all_and_tells_nobody_to_come(
    by: ClosedBy, reason: str | None
) -> None:
    closed = replace(PROOF, closed=ClosedDay(by, reason))
    sizes = {element.text: float(element.attrib["font-size"]) for element in elements(closed)}
    largest = max(size for text, size in sizes.items() if text != "R0800-012")
    assert sizes["KANTOR TUTUP"] == largest
    printed = " ".join(texts(closed))
    for told in ("The office is closed: do not come", "K7QF2-M9PXT", "R0800-012", "24 November"):
        assert told in printed
    assert ("Banjir" in printed) is (reason == "Banjir")
    for come in ("Datang pukul", "Come at", "08.00", "Tunjukkan kode", "None"):
        assert come not in printed
    assert 'id="qr"' in proof_svg(closed)


def test_a_family_sees_all_its_numbers() -> None:
    labels = tuple(f"P0800-{number:03d}" for number in range(12, 17))
    printed = texts(replace(PROOF, lane=Lane.PRIORITY, labels=labels))
    assert [text for text in printed if text.startswith("P0800")] == list(labels)
    assert "Prioritas / Priority" in printed
    assert "5" in printed


def test_indonesian_stands_before_english() -> None:
    printed = texts(PROOF)
    assert printed.index("BUKTI ANTREAN PASPOR") < printed.index("Passport queue proof")
    assert printed.index("Selasa, 24 November 2026") < printed.index("Tuesday, 24 November 2026")


def test_a_proof_has_room_for_no_name_and_no_nik() -> None:
    assert {field.name for field in fields(ProofInput)} == {
        "code",
        "office_name",
        "timezone",
        "day",
        "start",
        "end",
        "lane",
        "labels",
        "arrive_at",
        "closed",
    }


def test_a_proof_asks_nothing_of_the_network() -> None:
    svg = proof_svg(PROOF).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in svg
    assert "href" not in svg
    assert "url(" not in svg
    assert "<style" not in svg
    assert "<script" not in svg


def test_the_same_booking_gives_the_same_bytes() -> None:
    assert proof_svg(PROOF) == proof_svg(replace(PROOF))


@pytest.mark.parametrize(
    "name",
    [
        "Kantor Imigrasi Kelas I Khusus Non TPI Tanjung Balai Karimun",
        "Kantor Imigrasi " + "Tanjungpinang-" * 10,
        "ULP <b>&amp;</b> \"Mal\" ]]> 'Pelayanan Publik'",
        "KANTOR IMIGRASI KELAS MMM NON TPI",
    ],
)
def test_any_office_name_fits_and_is_escaped(name: str) -> None:
    printed = elements(replace(PROOF, office_name=name))
    until = next(index for index, element in enumerate(printed) if element.text == "Kode / Code")
    lines = [
        (element.text or "", float(element.attrib["font-size"])) for element in printed[2:until]
    ]
    assert 1 <= len(lines) <= 2
    shown = " ".join(line for line, _ in lines)
    assert name.replace(" ", "").startswith(shown.removesuffix(" …").replace(" ", ""))
    for line, size in lines:
        capitals = sum(character.isupper() for character in line)
        assert (capitals * 0.72 + (len(line) - capitals) * 0.5) * size <= 93


@given(st.dates(date(2026, 1, 1), date(2100, 12, 31)))
def test_a_date_in_words_has_its_parts(day: date) -> None:
    for words in (indonesian_date(day), english_date(day)):
        assert re.fullmatch(rf"[A-Z][a-z]+, {day.day} [A-Z][a-z]+ {day.year}", words)


@pytest.mark.parametrize(
    ("day", "indonesian", "english"),
    [
        (date(2026, 1, 5), "Senin, 5 Januari 2026", "Monday, 5 January 2026"),
        (date(2026, 2, 10), "Selasa, 10 Februari 2026", "Tuesday, 10 February 2026"),
        (date(2026, 3, 11), "Rabu, 11 Maret 2026", "Wednesday, 11 March 2026"),
        (date(2026, 4, 2), "Kamis, 2 April 2026", "Thursday, 2 April 2026"),
        (date(2026, 5, 1), "Jumat, 1 Mei 2026", "Friday, 1 May 2026"),
        (date(2026, 6, 6), "Sabtu, 6 Juni 2026", "Saturday, 6 June 2026"),
        (date(2026, 7, 5), "Minggu, 5 Juli 2026", "Sunday, 5 July 2026"),
        (date(2026, 8, 17), "Senin, 17 Agustus 2026", "Monday, 17 August 2026"),
        (date(2026, 9, 22), "Selasa, 22 September 2026", "Tuesday, 22 September 2026"),
        (date(2026, 10, 28), "Rabu, 28 Oktober 2026", "Wednesday, 28 October 2026"),
        (date(2026, 11, 26), "Kamis, 26 November 2026", "Thursday, 26 November 2026"),
        (date(2026, 12, 25), "Jumat, 25 Desember 2026", "Friday, 25 December 2026"),
    ],
)
def test_dates_are_spelled_in_both_languages(day: date, indonesian: str, english: str) -> None:
    assert indonesian_date(day) == indonesian
    assert english_date(day) == english
