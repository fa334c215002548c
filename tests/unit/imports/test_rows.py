"""The file of an import: what is read, what is refused, and what is said of each row."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from antrean.domain.imports import ImportRow, RowState
from antrean.domain.offices import Office, OfficeStatus, Position, Service
from antrean.imports.rows import (
    MOST_BYTES,
    MOST_ROWS,
    Unreadable,
    as_stored,
    check,
    from_stored,
    read,
)
from antrean.offices.profile import with_facts
from infra.seed.offices import SOURCE, offices
from tests.support.people import an_office
from tests.support.uploads import COLUMNS, row, table_of

MORE = (
    COLUMNS + ",parent_office_id,services,latitude,longitude,horizon_days,"
    "reoffer_at_least,reoffer_at_most,closes_at"
)
FULL = ",,polycarbonate ordinary,-4.83,104.88,45,60,600,17:00"


def checked(data: bytes, *present: Office, dry_run: bool = False) -> list[ImportRow]:
    return check(read(data), {one.office_id: one for one in present}, dry_run=dry_run)


def wrong(rows: Sequence[ImportRow]) -> dict[int, list[str | None]]:
    """The columns at fault by row."""
    return {one.number: [it.column for it in one.problems] for one in rows if one.problems}


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value.detail


def test_the_seed_file_is_good_from_end_to_end() -> None:
    rows = checked(SOURCE.read_bytes())

    assert {one.state for one in rows} == {RowState.WAITING}
    made = [with_facts(one.office_id, None, from_stored(one.profile or {})) for one in rows]
    assert [replace(one, status_reason=None, status=OfficeStatus.PREPARING) for one in made] == [
        replace(one, status_reason=None, status=OfficeStatus.PREPARING) for one in offices()
    ]


@pytest.mark.parametrize(
    "data",
    [
        table_of(row("kotabumi")),
        b"\xef\xbb\xbf" + table_of(row("kotabumi")),
        table_of(row("kotabumi")).replace(b"\r\n", b"\n"),
        table_of(row("kotabumi")).replace(b",", b";"),
        table_of(row("kotabumi"), "," * 9, ""),
    ],
    ids=["as it is", "with a byte order mark", "unix lines", "semicolons", "empty rows below"],
)
def test_files_as_programs_write_them_say_the_same(data: bytes) -> None:
    assert checked(data) == checked(table_of(row("kotabumi")))


def test_a_row_has_the_number_that_a_spreadsheet_shows() -> None:
    rows = checked(table_of(row("kotabumi"), "", row("kalianda")))

    assert [(one.number, one.office_id) for one in rows] == [(2, "kotabumi"), (4, "kalianda")]


def test_a_file_that_is_no_table_of_offices_is_refused_whole() -> None:
    assert "UTF-8" in refusal(table_of(row("kotabumi", city="Bogor")).replace(b"Bogor", b"\xff"))
    assert "empty" in refusal(b"")
    assert "no rows" in refusal(table_of())
    assert "missing: ['office_id']" in refusal(table_of("x", columns=COLUMNS[10:]))
    assert "[11]" in refusal(table_of("x", columns=COLUMNS + ",colour"))
    assert "twice" in refusal(table_of("x", columns=COLUMNS + ",name"))
    assert "together" in refusal(table_of("x", columns=COLUMNS + ",latitude"))
    assert "quotation mark" in refusal(table_of(row("kotabumi", city='"Kota')))
    assert "bytes" in refusal(b"x" * (MOST_BYTES + 1))
    assert "rows" in refusal(table_of(*[row("kotabumi")] * (MOST_ROWS + 1)))
    assert len(read(table_of(*[row("kotabumi")] * MOST_ROWS)).records) == MOST_ROWS


def test_every_fault_of_a_row_is_named_by_its_column_and_stops_no_other_row() -> None:
    rows = checked(
        table_of(
            row("kotabumi"),
            row("Kota Bumi", timezone="Asia/Singapore"),
            row("no-quota", daily_quota=""),
            row("half-a-quota", daily_quota="1.5"),
            row("large", daily_quota="5001", quota_basis="guessed"),
            row("two-lines", name='"Kantor\nImigrasi"'),
            "short,row",
            row("kotabumi", city="Kotabumi Utara"),
            row("kalianda"),
        )
    )

    assert wrong(rows) == {
        3: ["office_id", "timezone"],
        4: ["daily_quota"],
        5: ["daily_quota"],
        6: ["daily_quota", "quota_basis"],
        7: ["name"],
        8: [None],
        9: ["office_id"],
    }
    good = [one.office_id for one in rows if one.state is RowState.WAITING]
    assert good == ["kotabumi", "kalianda"]
    assert "row 2" in next(one for one in rows if one.number == 9).problems[0].detail


def test_no_message_repeats_what_stood_in_the_file() -> None:
    rows = checked(table_of(row("X!", daily_quota="NINETY", timezone="Mars/Olympus", name="\x07")))

    (one,) = rows
    assert len(one.problems) == 4
    for secret in ("X!", "NINETY", "Mars", "\x07"):
        assert secret not in str(one.problems)


def test_optional_columns_say_the_rest_of_the_profile() -> None:
    (one,) = checked(table_of(row("kotabumi") + FULL, columns=MORE))

    profile = from_stored(one.profile or {})
    assert profile.services == (Service.ORDINARY, Service.POLYCARBONATE)
    assert profile.position == Position(-4.83, 104.88)
    assert (profile.horizon_days, profile.reoffer_after) == (45, (60, 600))
    assert profile.closes_at == "1700"
    assert from_stored(as_stored(profile)) == profile


def test_faults_of_the_optional_columns_are_named_too() -> None:
    bad = ",Kota,gold,-100,,0,9,x,25:00"

    assert wrong(checked(table_of(row("kotabumi") + bad, columns=MORE))) == {
        2: [
            "parent_office_id",
            "services",
            "latitude",
            "longitude",
            "horizon_days",
            "reoffer_at_most",
            "closes_at",
        ]
    }
    swapped = ",,,,,,600,60,"
    rows = checked(table_of(row("kotabumi") + swapped, columns=MORE))
    assert wrong(rows) == {2: ["reoffer_at_most"]}


def test_a_column_that_the_file_lacks_leaves_what_an_office_has() -> None:
    present = an_office(office_id="kotabumi", services=(Service.ELECTRONIC,), horizon_days=60)
    file = read(table_of(row("kotabumi", daily_quota="90")))
    (one,) = check(file, {"kotabumi": present}, dry_run=False)

    office = with_facts("kotabumi", present, from_stored(one.profile or {}), file.given)

    assert office.daily_quota == 90
    assert (office.services, office.horizon_days) == ((Service.ELECTRONIC,), 60)


def test_an_empty_cell_takes_away_what_an_office_has() -> None:
    present = an_office(office_id="kotabumi", services=(Service.ELECTRONIC,), horizon_days=60)
    file = read(table_of(row("kotabumi") + "," * 8, columns=MORE))
    (one,) = check(file, {"kotabumi": present}, dry_run=False)

    office = with_facts("kotabumi", present, from_stored(one.profile or {}), file.given)

    assert (office.services, office.horizon_days) == ((), 30)


def test_what_the_office_would_not_allow_is_wrong_before_anything_is_applied() -> None:
    present = an_office(office_id="kotabumi", status=OfficeStatus.OPEN)

    rows = checked(table_of(row("kotabumi", timezone="Asia/Jayapura")), present)

    assert wrong(rows) == {2: ["timezone"]}


def unit(office_id: str, parent: str) -> str:
    return row(office_id) + f",{parent}" + "," * 7


def test_a_unit_may_come_before_its_kanim_in_the_file() -> None:
    rows = checked(
        table_of(unit("ulp-one", "kotabumi"), row("kotabumi") + "," * 8, columns=MORE),
    )

    assert wrong(rows) == {}
    assert [one.after for one in rows] == [3, None]


def test_a_unit_of_nothing_of_itself_or_of_a_unit_is_wrong() -> None:
    rows = checked(
        table_of(
            unit("ulp-one", "nowhere"),
            unit("ulp-two", "ulp-two"),
            unit("ulp-three", "ulp-two"),
            unit("ulp-four", "bad"),
            unit("bad", "") + "x",
            columns=MORE,
        )
    )

    at_fault = wrong(rows)
    assert all(at_fault[number] == ["parent_office_id"] for number in (2, 3, 4, 5))


def test_a_dry_run_says_what_would_become_of_each_row() -> None:
    data = table_of(row("kotabumi"), row("kalianda"), row("bad", daily_quota="x"))
    file = read(data)
    (first, *_) = check(file, {}, dry_run=False)
    present = with_facts("kotabumi", None, from_stored(first.profile or {}))

    rows = checked(data, present, dry_run=True)

    assert [one.state for one in rows] == [
        RowState.UNCHANGED,
        RowState.WOULD_APPLY,
        RowState.INVALID,
    ]
