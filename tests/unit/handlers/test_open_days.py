"""The OpenDays job: what it opens, what it leaves, and that a second run writes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.releases import Monthly
from antrean.domain.schedule import Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane, Slot, SlotRef, SlotState
from antrean.handlers import open_days
from antrean.offices.opening import keep_in_line
from antrean.runtime import clock
from antrean.store.items import holiday
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.gateway import Context
from tests.support.worlds import World, deadline

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


def run(**event: Any) -> dict[str, int]:
    return open_days.handler(event, Context())


def slots(office: Office, days: int = 100) -> list[Slot]:
    today = office.local_date(clock.now())
    return slots_between(office.office_id, today, today + timedelta(days=days), deadline())


def written(world: World) -> int:
    """How many writes the table saw so far."""
    client: MemoryDynamoDB = world.client
    return sum(answered.operation in WRITES for answered in client.log)


def decree(day: date, name: str = "Cuti Bersama") -> None:
    holiday.put_holiday(
        Holiday(day, name, HolidayKind.COLLECTIVE_LEAVE, "SKB 3 Menteri"), deadline()
    )


def week(*windows: Window) -> Schedule:
    hours = (Hours(Lane.REGULAR, frozenset(range(5)), windows),)
    return Schedule((Timetable("ordinary", date(2026, 1, 1), None, hours),))


def test_days_are_opened_to_the_horizon_and_a_second_run_writes_nothing(world: World) -> None:
    near = world.has_office(office_id="langsa", horizon_days=10)
    far = world.has_office(office_id="kotabumi", horizon_days=92)
    opened = run()["slots"]
    assert {slot.ref.day for slot in slots(near)} == set(weekdays(world.today(near), 10))
    assert {slot.ref.day for slot in slots(far)} == set(weekdays(world.today(far), 92))
    assert opened == len(slots(near)) + len(slots(far))
    before = written(world)
    assert run() == {"slots": 0, "changed": 0}
    assert written(world) == before


def weekdays(first: date, ahead: int) -> Iterator[date]:
    for i in range(ahead + 1):
        if (day := first + timedelta(days=i)).weekday() < 5:
            yield day


def test_the_next_run_opens_the_next_day_alone(world: World) -> None:
    office = world.has_office(horizon_days=7)
    run()
    world.time.forward(days=1)
    assert run() == {"slots": 6, "changed": 0}
    assert {slot.ref.day for slot in slots(office)} >= {world.in_days(office, 7)}


@pytest.mark.parametrize("how", [{"quota": 3, "remaining": 3}, {"state": SlotState.CLOSED}])
def test_what_an_admin_fixed_stays(world: World, how: dict[str, Any]) -> None:
    office = world.has_office(open_days=7)
    slot = replace(slots(office)[7], fixed=True, opening_fixed=True, **how)
    put(world, slot)
    world.has_office(replace(office, schedule=week(Window("0800", "0900", 9))))
    decree(slot.ref.day)
    run(days=7)
    assert slot in slots(office)


def put(world: World, slot: Slot) -> None:
    from antrean.store.items.slot import SlotItem

    SlotItem.of(slot).save()


def test_a_changed_schedule_reaches_days_that_are_not_open_yet(world: World) -> None:
    office = world.has_office(open_days=3)
    opened = slots(office)
    world.has_office(replace(office, schedule=week(Window("0730", "0830", 9))))
    run(days=4)
    assert slots(office)[: len(opened)] == opened
    (new,) = slots(office)[len(opened) :]
    assert (new.ref.start, new.quota) == ("0730", 9)


def test_days_of_an_office_that_prepares_follow_its_schedule(world: World) -> None:
    office = world.has_office(status=OfficeStatus.PREPARING, open_days=3)
    world.has_office(replace(office, schedule=week(Window("0730", "0830", 9))))
    run(days=3)
    assert {(slot.ref.start, slot.quota) for slot in slots(office)} == {("0730", 9)}
    assert run(days=3) == {"slots": 0, "changed": 0}


def test_a_holiday_is_closed_and_opened_again_whether_decreed_before_or_after(
    world: World,
) -> None:
    office = world.has_office(open_days=2)
    today, tomorrow, day_after = (world.in_days(office, days) for days in range(3))
    taken = SlotRef(office.office_id, tomorrow, Lane.REGULAR, "0800")
    assert claim(taken, 1, clock.epoch(), deadline())
    decree(tomorrow, "Pemilu")
    decree(day_after, "Cuti Bersama")
    run(days=3)
    reasons = {slot.ref.day: slot.reason for slot in slots(office)}
    assert reasons == {today: None, tomorrow: "Pemilu", day_after: "Cuti Bersama"}
    for day in (tomorrow, day_after):
        holiday.HolidayItem(pk=holiday.PARTITION, sk=day.isoformat()).delete()
    assert run(days=3) == {"slots": 0, "changed": 12}
    assert {slot.state for slot in slots(office)} == {SlotState.OPEN}
    (first,) = (slot for slot in slots(office) if slot.ref == taken)
    assert first.next_number == 2


def test_a_holiday_that_is_decreed_during_a_run_closes_what_the_run_opened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = world.has_office()
    tomorrow = world.in_days(office, 1)

    def while_it_is_decreed(*args: Any, **options: Any) -> Any:
        done = keep_in_line(*args, **options)
        decree(tomorrow)
        return done

    monkeypatch.setattr(open_days, "keep_in_line", while_it_is_decreed)
    run(days=2)
    assert {slot.state for slot in slots(office) if slot.ref.day == tomorrow} == {SlotState.CLOSED}


def test_a_decree_moves_releases_that_have_not_come(world: World) -> None:
    office = world.has_office(releases={Lane.REGULAR: Monthly("0900")}, horizon_days=45)
    run()
    decree(date(2026, 11, 30))
    assert run()["changed"] > 0
    december = [slot for slot in slots(office) if slot.ref.day.month == 12]
    friday = int(office.instant(date(2026, 11, 27), "0900").timestamp())
    assert {slot.release_at for slot in december} == {friday}
    assert run() == {"slots": 0, "changed": 0}


def test_one_offices_fault_stops_no_other_and_is_told_at_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.has_office(office_id="kalianda")
    good = world.has_office(office_id="kotabumi")

    def failing(office: Office, *args: Any, **options: Any) -> Any:
        if office.office_id == "kalianda":
            raise RuntimeError("Siti Aminah, 1803010101900001")
        return keep_in_line(office, *args, **options)

    monkeypatch.setattr(open_days, "keep_in_line", failing)
    with pytest.raises(ExceptionGroup, match="offices not opened"):
        run(days=1)
    assert slots(good)
    (told,) = (vars(record) for record in caplog.records if record.levelname == "ERROR")
    assert told["office_id"] == "kalianda"
    assert "Siti" not in str(told)


def test_only_the_offices_that_are_asked_for_are_opened(world: World) -> None:
    asked, other = world.has_office(office_id="langsa"), world.has_office(office_id="kotabumi")
    run(office_ids=["langsa"], days=2)
    assert slots(asked)
    assert not slots(other)
