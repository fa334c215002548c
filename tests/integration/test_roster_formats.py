"""The files of a roster, read back as an office's programs read them."""

import csv
import io
import json
import random

import pytest

from antrean.domain.slots import Lane
from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json
from antrean.rosters.build import build
from antrean.rosters.formats import Format
from tests.support.rosters import person, roster, ticket


def rows(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_a_bom_and_has_crlf_lines() -> None:
    data = as_csv(roster(ticket("0800", 1)))
    assert data.startswith(b"\xef\xbb\xbflabel,lane,")
    assert data.count(b"\r\n") == data.count(b"\n") == 2


def test_csv_has_one_row_for_each_person() -> None:
    made = roster(ticket("0800", 12, person(1, 'Siti, née "Ayu" Ratnasari')), ticket("0900", 1))
    first, second = rows(as_csv(made))
    assert first == {
        "label": "R0800-012",
        "lane": "regular",
        "window_start": "08:00",
        "window_end": "09:00",
        "number": "12",
        "name": 'Siti, née "Ayu" Ratnasari',
        "nik": "180301 550590 0001",
        "birth_date": "1990-05-15",
        "priority_ground": "",
        "guardian_name": "",
        "note": "",
        "code": "K7QF2-M9PXT",
        "change": "",
        "previous_label": "",
        "closed": "",
    }
    assert second["label"] == "R0900-001"


def test_csv_says_of_each_person_that_their_window_is_closed_in_the_last_column() -> None:
    made = roster(ticket("0800", 1), ticket("0900", 1), closed="0800")
    assert [row["closed"] for row in rows(as_csv(made))] == ["TUTUP: Listrik padam", ""]
    assert as_csv(made).splitlines()[0].endswith(b",change,previous_label,closed")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_has_no_cell_that_a_spreadsheet_runs(start: str) -> None:
    name = f'{start}HYPERLINK("http://x","y")'
    (row,) = rows(as_csv(roster(ticket("0800", 1, person(1, name, note=name)))))
    assert row["name"] == row["note"] == f"'{name}"


def test_csv_nik_is_no_number_that_a_spreadsheet_would_round() -> None:
    (row,) = rows(as_csv(roster(ticket("0800", 1))))
    with pytest.raises(ValueError, match="could not convert"):
        float(row["nik"])


def test_json_says_where_when_and_who() -> None:
    content = json.loads(as_json(roster(ticket("0800", 1), ticket("0800", 2, lane=Lane.PRIORITY))))
    assert content["office"]["office_id"] == "kotabumi"
    assert content["office"]["timezone"] == "Asia/Jakarta"
    assert (content["date"], content["count"]) == ("2026-11-24", 2)
    assert [line["label"] for line in content["tickets"]] == ["R0800-001", "P0800-002"]
    assert content["tickets"][0]["nik"] == "1803015505900001"
    assert content["tickets"][0]["note"] is None


def test_the_same_people_give_the_same_bytes_in_whatever_order_they_were_read() -> None:
    tickets = [ticket(start, number) for start in ("0800", "0900") for number in range(1, 20)]
    shuffled = random.Random(3).sample(tickets, len(tickets))
    assert build(roster(*tickets)) == build(roster(*shuffled))


def test_an_empty_roster_has_every_format() -> None:
    files = build(roster())
    assert rows(files[Format.CSV]) == []
    assert json.loads(files[Format.JSON])["count"] == 0
