"""The files that people read: the PDF's sheets and the workbook, read back."""

import hashlib
import random
import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import openpyxl
import pytest
from pypdf import PdfReader

from antrean.domain.slots import Lane
from antrean.domain.tickets import Ticket
from antrean.rosters import as_pdf as pdf_module
from antrean.rosters.as_json import as_json
from antrean.rosters.as_pdf import as_pdf, fingerprint
from antrean.rosters.as_xlsx import HEAD, as_xlsx
from antrean.rosters.sheets import (
    BOTTOM,
    COLUMNS,
    HEADING_HEIGHT,
    NAME,
    TOP,
    WIDTH,
    Column,
    Heading,
    Row,
    sheets,
    wrapped,
)
from tests.support.rosters import DAY, OFFICE, person, roster, ticket

LONG = "Raden Ajeng Siti Nurhaliza Kusumaningrum Wijayanti Sastrowardoyo Hadiningrat binti Abdullah"


def crowd(count: int) -> list[Ticket]:
    """This many people over six windows, every tenth with a name of 90 characters."""
    return [
        ticket(
            f"{8 + number * 6 // count:02}00",
            number % 200 + 1,
            person(number + 1, LONG if number % 10 == 0 else f"Orang {number}"),
        )
        for number in range(count)
    ]


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def by_letters(text: str, column: Column) -> float:
    """A width of two millimetres a letter."""
    return 2.0 * len(text)


def test_a_closed_window_says_so_over_its_people_and_at_each_of_them() -> None:
    made = roster(ticket("0800", 1), ticket("0800", 2), ticket("0900", 1), closed="0800")
    (sheet,) = sheets(made, by_letters)
    headings = [row.title for row in sheet if isinstance(row, Heading)]
    assert headings == [
        "Reguler  08:00\N{EN DASH}09:00  TUTUP: Listrik padam",
        "Reguler  09:00\N{EN DASH}10:00",
    ]
    remarks = [" ".join(row.remarks) for row in sheet if isinstance(row, Row)]
    assert remarks == ["TUTUP: Listrik padam", "TUTUP: Listrik padam", ""]
    (text,) = texts(as_pdf(made))
    assert text.count("TUTUP") == 3


def test_a_closed_day_says_so_at_the_head_of_the_sheet_and_of_the_table() -> None:
    made = roster(ticket("0800", 1), closed="0800")
    (text,) = texts(as_pdf(made))
    assert text.count("TUTUP") == 3, "head, heading, person"
    sheet = openpyxl.load_workbook(BytesIO(as_xlsx(made))).active
    assert sheet
    assert str(sheet.cell(2, 1).value).startswith("TUTUP: Listrik padam. Daftar: 1 orang")
    (open_again,) = texts(as_pdf(roster(ticket("0800", 1))))
    assert "TUTUP" not in open_again


def test_a_long_reason_fits_the_heading() -> None:
    made = roster(ticket("0800", 1), closed="0800")
    reason = "TUTUP: " + "Listrik padam di seluruh gedung. " * 9
    sections = tuple(replace(section, closed=reason) for section in made.sections)
    (sheet,) = sheets(replace(made, sections=sections), by_letters)
    (heading,) = (row for row in sheet if isinstance(row, Heading))
    assert len(heading.title) < 80
    assert heading.title.endswith(" …")


def test_a_sheet_says_where_when_in_which_lane_and_window_and_who() -> None:
    officers_note = "Tanggal lahir berbeda dari NIK; periksa dokumen."
    child = replace(person(2, "Putri"), guardian_name="Sri Wahyuni")
    pregnant = replace(person(3, "Ayu Lestari"), ground="pregnant")
    (text,) = texts(
        as_pdf(
            roster(
                ticket("0800", 1, person(1, "Siti Rahayu", officers_note)),
                ticket("0800", 2, child),
                ticket("0900", 1, pregnant, lane=Lane.PRIORITY),
            )
        )
    )
    for part in (
        "Kantor Imigrasi Kotabumi",
        "Selasa, 24 November 2026",
        "3 orang seluruhnya",
        "Reguler 08:00\N{EN DASH}09:00",
        "2 orang",
        "Prioritas 09:00\N{EN DASH}10:00",
        "R0800-001",
        "K7QF2-M9PXT",
        "Siti Rahayu",
        "180301 550590 0001",
        "15-05-1990",
        "Tanggal lahir berbeda dari",
        "Pendamping: Sri Wahyuni",
        "Ibu hamil",
        "Halaman 1 dari 1",
    ):
        assert part in text


def test_seven_hundred_people_stand_on_numbered_sheets_none_lost() -> None:
    tickets = crowd(700)
    pages = texts(as_pdf(roster(*tickets)))
    for number, page in enumerate(pages, start=1):
        assert f"Halaman {number} dari {len(pages)}" in page
        assert "Kantor Imigrasi Kotabumi" in page
        assert "Nomor / kode" in page
    found = re.findall(r"R[0-9]{4}-[0-9]{3}", " ".join(pages))
    assert sorted(found) == sorted(each.label for each in tickets)


@pytest.mark.parametrize("seed", range(5))
def test_rows_fit_their_page_and_never_stand_without_a_heading(seed: int) -> None:
    rnd = random.Random(seed)
    people = [
        ticket(
            f"{rnd.randrange(8, 15):02}00", number, person(number, "Nama " * rnd.randrange(1, 20))
        )
        for number in range(1, 120)
    ]
    pages = sheets(roster(*people), by_letters)
    for page in pages:
        assert isinstance(page[0], Heading)
        assert isinstance(page[-1], Row)
        used = sum(HEADING_HEIGHT if isinstance(block, Heading) else block.height for block in page)
        assert used <= BOTTOM - TOP
    assert sum(isinstance(block, Row) for page in pages for block in page) == len(people)
    assert "(lanjutan)" in " ".join(
        block.title for page in pages for block in page if isinstance(block, Heading)
    )


@pytest.mark.parametrize("text", [LONG, "A" * 100, "Siti", "A " * 50, "x" + "Y" * 99 + " z"])
def test_a_name_of_any_length_is_wrapped_within_its_column(text: str) -> None:
    lines = wrapped(text, NAME, by_letters)
    assert all(by_letters(line, NAME) <= NAME.width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_columns_do_not_overlap_and_stay_on_the_paper() -> None:
    for left, right in pairwise(COLUMNS):
        assert left.left + left.width <= right.left
    assert COLUMNS[-1].left + COLUMNS[-1].width <= WIDTH - 12


def test_a_name_with_any_latin_letter_is_printed_and_another_script_is_seen_to_be_missing() -> None:
    names = (
        "Ørsted-Müller",
        "Ñandú Łukasz",
        "Nguyễn Thị",
        "Nur\N{RIGHT SINGLE QUOTATION MARK}aini",
    )
    tickets = [ticket("0800", number, person(number, name)) for number, name in enumerate(names, 1)]
    (text,) = texts(as_pdf(roster(*tickets, ticket("0800", 9, person(9, "李 小龙")))))
    for name in names:
        assert name in text
    assert f"{pdf_module.UNKNOWN} {pdf_module.UNKNOWN * 2}" in text


def test_a_sheet_carries_the_mark_of_the_signed_list() -> None:
    made = roster(ticket("0800", 1))
    (text,) = texts(as_pdf(made))
    assert f"Sidik daftar {fingerprint(made)}" in text
    digest = hashlib.sha256(as_json(made)).hexdigest()
    assert fingerprint(made).replace(" ", "") == digest[:16]


def test_an_empty_day_is_one_sheet_that_says_so() -> None:
    (text,) = texts(as_pdf(roster()))
    assert "Tidak ada pendaftar." in text


def test_the_documents_properties_bear_the_day_and_no_other_time() -> None:
    info = PdfReader(BytesIO(as_pdf(roster(ticket("0800", 1))))).metadata
    assert info is not None
    assert str(info["/CreationDate"]).startswith("D:20261124000000")
    book = openpyxl.load_workbook(BytesIO(as_xlsx(roster(ticket("0800", 1)))))
    assert book.properties.created.date() == DAY


def test_a_workbook_is_one_flat_table_of_texts() -> None:
    data = as_xlsx(roster(ticket("0800", 12, person(1)), ticket("0900", 1, person(2, "=1+1"))))
    sheet = openpyxl.load_workbook(BytesIO(data))["Daftar"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
    assert rows[0] == [
        "Hadir",
        "Nomor",
        "Jalur",
        "Jam",
        "Nama",
        "NIK",
        "Tanggal lahir",
        "Keterangan",
        "Kode",
    ]
    assert rows[1][1:7] == [
        "R0800-012",
        "Reguler",
        "08:00\N{EN DASH}09:00",
        "Siti Rahayu",
        "180301 550590 0001",
        "15-05-1990",
    ]
    assert sheet.cell(HEAD + 3, 5).value == "=1+1"
    assert {cell.data_type for row in sheet.iter_rows(min_row=HEAD + 2) for cell in row} == {"s"}


def test_a_workbook_prints_on_a4_with_its_titles_on_every_page() -> None:
    office = replace(OFFICE, name="Kanim Kelas I & II")
    data = as_xlsx(replace(roster(*crowd(120)), office=office))
    sheet = openpyxl.load_workbook(BytesIO(data))["Daftar"]
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes, one wide
    assert sheet.print_title_rows == f"${HEAD + 1}:${HEAD + 1}"
    assert sheet.oddFooter.right.text == "Halaman &P dari &N"
    assert sheet.freeze_panes == f"A{HEAD + 2}"
