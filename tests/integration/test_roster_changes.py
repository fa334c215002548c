"""What changed since the evening: told in every format, and nothing told when nothing changed."""

import csv
import io
import json
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
from pypdf import PdfReader

from antrean.domain.tickets import Ticket
from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json, lines_of
from antrean.rosters.as_pdf import as_pdf
from antrean.rosters.as_xlsx import as_xlsx
from antrean.rosters.build import build
from antrean.rosters.changes import Earlier
from antrean.rosters.roster import Roster
from tests.support.rosters import person, roster, ticket

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
STAYS, MOVES, LEAVES, COMES = (
    person(number, name)
    for number, name in enumerate(("Budi Tetap", "Dewi Pindah", "Agus Batal", "Rina Baru"), 1)
)


def changed(before: list[Ticket], after: list[Ticket]) -> Roster:
    """The roster of `after`, with what changed since `before` was published."""
    earlier = Earlier(EVENING, lines_of(as_json(roster(*before))))
    return roster(*after).since(earlier)


def a_changed_one() -> Roster:
    """One person stays, one moved from 08:00 to 09:00, one left, one is new."""
    before = [ticket("0800", 1, STAYS), ticket("0800", 2, MOVES), ticket("0800", 3, LEAVES)]
    after = [ticket("0800", 1, STAYS), ticket("0900", 1, MOVES), ticket("0900", 2, COMES)]
    return changed(before, after)


def test_the_added_the_moved_and_the_removed_are_told_apart() -> None:
    changes = a_changed_one().changes
    assert changes is not None
    assert changes.added == {"R0900-002"}
    assert changes.moved == {"R0900-001": "R0800-002"}
    assert [line.name for line in changes.removed] == ["Agus Batal"]


def test_the_same_people_under_the_same_numbers_are_no_change() -> None:
    tickets = [ticket("0800", 1, STAYS), ticket("0800", 2, MOVES)]
    made = changed(tickets, tickets[::-1])
    assert made.changes is None
    assert build(made) == build(roster(*tickets))


def test_csv_marks_who_is_there_and_leaves_out_who_is_not() -> None:
    text = as_csv(a_changed_one()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["label"], row["change"], row["previous_label"]) for row in rows] == [
        ("R0800-001", "", ""),
        ("R0900-001", "moved", "R0800-002"),
        ("R0900-002", "added", ""),
    ]


def test_json_says_since_when_and_who_is_gone() -> None:
    changes = json.loads(as_json(a_changed_one()))["changes"]
    assert changes["since"] == "2026-11-23T18:00:00+07:00"
    assert changes["added"] == ["R0900-002"]
    assert changes["moved"] == [{"from": "R0800-002", "to": "R0900-001"}]
    assert [line["label"] for line in changes["removed"]] == ["R0800-003"]


def test_paper_marks_them_and_has_a_section_of_the_cancelled() -> None:
    (page,) = PdfReader(BytesIO(as_pdf(a_changed_one()))).pages
    text = page.extract_text()
    assert "DAFTAR BERUBAH sejak 23 November 2026 18.00 WIB" in text
    assert "PINDAH dari R0800-002" in " ".join(text.split())
    assert "BARU" in text
    assert "BATAL sejak 23 November 2026 18.00 WIB" in text
    assert text.index("Rina Baru") < text.index("BATAL sejak") < text.index("Agus Batal")


def test_a_workbook_has_the_cancelled_on_a_sheet_of_their_own() -> None:
    book = openpyxl.load_workbook(BytesIO(as_xlsx(a_changed_one())))
    assert book.sheetnames == ["Daftar", "Batal"]
    assert [row[4].value for row in book["Batal"].iter_rows(min_row=5)] == ["Agus Batal"]
    assert [row[7].value for row in book["Daftar"].iter_rows(min_row=5)] == [
        "",
        "PINDAH dari R0800-002",
        "BARU",
    ]
