"""The record of changes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from antrean.store import audit
from antrean.store.audit import PAGE, Change, record, records
from antrean.store.calls import Refused, Transaction
from antrean.store.slots import SlotItem
from tests.unit.store.made import REF
from tests.worlds import World, budget


def noted(number: int, **facts: Any) -> Change:
    change = Change(
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
    record(change, budget())
    return change


def whats(cursor: str | None = None) -> list[str]:
    return [one.change.what for one in records("kotabumi", cursor, budget())]


def test_a_change_is_read_as_it_was_noted_with_its_instant(world: World) -> None:
    world.time.set(datetime(2026, 11, 24, 1, 2, 3, 456789, UTC))
    change = noted(1, before=[{"lane": "regular", "quota": 4}], after={"teks": "Ramadán"})
    [found] = records("kotabumi", None, budget())
    assert found.change == change
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
    first = records("kotabumi", None, budget())
    rest = records("kotabumi", first[-1].cursor, budget())
    assert (len(first), len(rest)) == (PAGE, 3)
    assert [one.change.what for one in first + rest] == [
        f"change {number}" for number in reversed(range(PAGE + 3))
    ]
    assert records("kotabumi", rest[-1].cursor, budget()) == []


def test_there_is_no_record_of_what_was_refused(world: World) -> None:
    writing = Transaction()
    writing.update("slot", SlotItem.keyed(REF), [SlotItem.quota.set(1)], SlotItem.pk.exists())
    audit.put_on_record(writing, Change("kotabumi", "u-1", "x", None, None))
    with pytest.raises(Refused):
        writing.commit(budget())
    assert whats() == []
