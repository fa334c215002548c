"""The record of changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antrean.domain.audit import AuditEntry, AuditSearch
from antrean.store.items import audit_entry
from antrean.store.items.audit_entry import PAGE, record, search
from antrean.store.items.slot import SlotItem
from antrean.store.retrying import Refused
from antrean.store.transaction import Transaction
from tests.support.stored import records_of
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import REF


def noted(number: int, **facts: Any) -> AuditEntry:
    entry = AuditEntry(
        **{
            "office_id": "kotabumi",
            "who": "u-1",
            "what": f"change {number}",
            "before": None,
            "after": {"n": number},
            "request_id": "r-1",
            **facts,
        }
    )
    record(entry, deadline())
    return entry


def whats() -> list[str]:
    return [record.entry.what for record in records_of("kotabumi")]


def test_a_change_is_read_as_it_was_noted_with_its_instant(world: World) -> None:
    world.time.set(datetime(2026, 11, 24, 1, 2, 3, 456789, UTC))
    entry = noted(1, before=[{"lane": "regular", "quota": 4}], after={"teks": "Ramadán"})
    [found] = records_of("kotabumi")
    assert found.entry == entry
    assert found.at == datetime(2026, 11, 24, 1, 2, 3, 456789, UTC)


def test_the_newest_comes_first_and_only_the_offices_own(world: World) -> None:
    for number in range(3):
        noted(number)
        world.time.forward(seconds=1)
    noted(9, office_id="kalianda")
    noted(10, office_id="kotabumi2")
    assert whats() == ["change 2", "change 1", "change 0"]


def test_changes_of_one_instant_are_all_kept(world: World) -> None:
    for number in range(5):
        noted(number)
    assert sorted(whats()) == [f"change {number}" for number in range(5)]


def test_the_record_is_read_page_by_page(world: World) -> None:
    for number in range(PAGE + 3):
        noted(number)
        world.time.forward(milliseconds=1)
    question = AuditSearch(("kotabumi",))
    first = search(question, None, deadline()).records
    rest = search(question, first[-1].cursor, deadline()).records
    assert (len(first), len(rest)) == (PAGE, 3)
    assert [record.entry.what for record in first + rest] == [
        f"change {number}" for number in reversed(range(PAGE + 3))
    ]
    assert search(question, rest[-1].cursor, deadline()).records == []


def test_a_filtered_page_that_is_short_says_where_to_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few of many records fit, following `following` finds each of them once."""
    monkeypatch.setattr(audit_entry, "PAGE", 4)
    monkeypatch.setattr(audit_entry, "LOOKED_AT", 3)
    monkeypatch.setattr(audit_entry, "MOST_READS", 2)
    for number in range(40):
        noted(number, who="rare" if number in (2, 3, 5, 30, 31, 32, 33, 34) else "u-1")
        world.time.forward(seconds=1)
    pages = list(followed(AuditSearch(("kotabumi",), who="rare")))
    assert [what for page in pages for what in page] == [
        f"change {number}" for number in (34, 33, 32, 31, 30, 5, 3, 2)
    ]
    assert [] in pages, "some of the pages had nothing to say but where to go on"
    assert max(map(len, pages)) == 4


def followed(question: AuditSearch) -> Iterator[list[str]]:
    before = None
    for _ in range(50):
        page = search(question, before, deadline())
        yield [record.entry.what for record in page.records]
        before = page.following
        if before is None:
            return
    raise AssertionError("no end")


def test_the_records_of_many_offices_are_one_record_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_entry, "PAGE", 3)
    offices = ("kotabumi", "kalianda", "metro")
    for number in range(23):  # kalianda has most of them, at the end
        office_id = offices[number % 3] if number < 12 else "kalianda"
        noted(number, office_id=office_id, who="u-1" if number < 12 else "u-2")
        world.time.forward(seconds=1)
    for who, count in ((None, 23), ("u-1", 12)):
        whats_found = [what for page in followed(AuditSearch(offices, who=who)) for what in page]
        assert whats_found == [f"change {number}" for number in reversed(range(count))]


def test_records_are_found_by_who_what_and_when(world: World) -> None:
    begin = world.time.instant
    for number in range(6):
        noted(number, who=f"u-{number % 2}", what=f"{'open' if number < 3 else 'close'} {number}")
        world.time.forward(hours=1)

    def found(**facts: Any) -> list[str]:
        return [
            record.entry.what[-1]
            for record in search(AuditSearch(("kotabumi",), **facts), None, deadline()).records
        ]

    assert found(who="u-1") == ["5", "3", "1"]
    assert found(what="open") == ["2", "1", "0"]
    assert found(who="u-1", what="open") == ["1"]
    since, until = begin + timedelta(hours=1), begin + timedelta(hours=4)
    assert found(since=since) == ["5", "4", "3", "2", "1"]
    assert found(until=until) == ["3", "2", "1", "0"]
    assert found(since=since, until=until, who="u-0") == ["2"]
    assert found(since=until, until=since) == []


def test_there_is_no_record_of_what_was_refused(world: World) -> None:
    writing = Transaction()
    writing.update("slot", SlotItem.keyed(REF), [SlotItem.quota.set(1)], SlotItem.pk.exists())
    audit_entry.put_on_record(writing, AuditEntry("kotabumi", "u-1", "x", None, None))
    with pytest.raises(Refused):
        writing.commit(deadline())
    assert whats() == []
