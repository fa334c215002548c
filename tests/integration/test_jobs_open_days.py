"""Opening days: the slots of the days to come, written once and never undone."""

from datetime import date, timedelta

import pytest

from antrean.domain.audit import AuditEntry
from antrean.domain.offices import Office
from antrean.domain.quotas import QuotaChange
from antrean.domain.schedule import ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane, SlotRef, SlotState
from antrean.handlers.open_days import handler
from antrean.store.items.office import OfficeItem, put_office
from antrean.store.items.slot import slots_between
from antrean.store.writes.change_quotas import change_quotas
from tests.support.gateway import Context
from tests.support.people import TUESDAY, ZONES, an_office
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

MONDAY = TUESDAY - timedelta(days=1)


def run(**event: object) -> dict[str, int]:
    return handler(dict(event), Context())


def days_open(office_id: str = "kotabumi") -> list[date]:
    """The dates that have slots."""
    slots = slots_between(office_id, date(2026, 1, 1), date(2028, 1, 1), deadline())
    return sorted({slot.ref.day for slot in slots})


def days_from(first: date, count: int) -> list[date]:
    """The working days among this many days."""
    days = [first + timedelta(days=i) for i in range(count)]
    return [day for day in days if day.weekday() < 5]


def test_the_coming_days_are_opened_by_the_ordinary_week(world: World) -> None:
    put_office(an_office(), deadline())
    assert run(days=8)["slots"] == 6 * 6
    assert days_open() == days_from(MONDAY, 8)
    slots = slots_between("kotabumi", TUESDAY, TUESDAY, deadline())
    assert [(slot.ref.start, slot.end, slot.quota, slot.remaining) for slot in slots] == [
        ("0800", "0900", 4, 4),
        ("0900", "1000", 4, 4),
        ("1000", "1100", 3, 3),
        ("1100", "1200", 3, 3),
        ("1300", "1400", 3, 3),
        ("1400", "1500", 3, 3),
    ]
    assert {(slot.ref.lane, slot.state, slot.next_number) for slot in slots} == {
        (Lane.REGULAR, SlotState.OPEN, 1)
    }


def test_an_offices_horizon_says_how_far(world: World) -> None:
    put_office(an_office(horizon_days=3), deadline())
    put_office(an_office("kalianda", horizon_days=7), deadline())
    run()
    assert days_open()[-1] == MONDAY + timedelta(days=3)
    assert days_open("kalianda")[-1] == MONDAY + timedelta(days=7)


def test_opening_again_writes_nothing(world: World) -> None:
    put_office(an_office(), deadline())
    assert run(days=3)["slots"] == 18
    assert run(days=3)["slots"] == 0


def test_the_next_day_adds_the_day_that_came_into_sight(world: World) -> None:
    put_office(an_office(), deadline())
    run(days=3)
    world.time.forward(days=1)
    assert run(days=3)["slots"] == 6
    assert days_open() == days_from(MONDAY, 4)


def test_opening_again_undoes_nothing_that_an_admin_changed(world: World) -> None:
    put_office(an_office(), deadline())
    run(days=3)
    ref = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")
    change = AuditEntry("kotabumi", "u", "set", None, None)
    change_quotas([QuotaChange(slot_now(ref), 9)], change, deadline(), force=False)
    before = slot_now(ref)
    put_office(an_office(daily_quota=60), deadline())
    run(days=3)
    assert slot_now(ref) == before


@pytest.mark.parametrize("zone", ZONES)
def test_today_is_the_offices_today(world: World, zone: str) -> None:
    office = an_office(timezone=zone)
    put_office(office, deadline())
    for seconds, first in ((-1, MONDAY), (0, TUESDAY)):
        world.time.set(office.instant(TUESDAY, "0000") + timedelta(seconds=seconds))
        run(days=1)
        assert days_open()[-1] == first


def test_month_and_year_ends_are_crossed(world: World) -> None:
    office = an_office()
    put_office(office, deadline())
    world.time.set(office.instant(date(2026, 12, 30), "0700"))
    run(days=5)
    assert days_open() == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]


def test_only_the_offices_that_were_asked_for_are_opened(world: World) -> None:
    for office_id in ("kotabumi", "kalianda"):
        put_office(an_office(office_id), deadline())
    assert run(days=2, office_ids=["kalianda", "nowhere"])["slots"] == 12
    assert (days_open(), len(days_open("kalianda"))) == ([], 2)
    assert run(days=2, office_ids=[])["slots"] == 0


def test_a_schedule_of_its_own_opens_its_lanes_and_extra_days(world: World) -> None:
    saturday = date(2026, 11, 28)
    windows = (Window("0900", "0930", 2),)
    priority = Hours(Lane.PRIORITY, frozenset({1}), windows)
    extra = ExtraDay(saturday, "Sabtu", (Hours(Lane.REGULAR, frozenset(), windows),))
    schedule = Schedule((Timetable("week", date(2026, 1, 1), None, (priority,)),), (extra,))
    put_office(an_office(schedule=schedule), deadline())
    run(days=7)
    slots = slots_between("kotabumi", MONDAY, MONDAY + timedelta(days=7), deadline())
    assert [(slot.ref.day, slot.ref.lane, slot.quota) for slot in slots] == [
        (TUESDAY, Lane.PRIORITY, 2),
        (saturday, Lane.REGULAR, 2),
    ]


def test_an_office_that_fails_stops_no_other_and_fails_the_run(world: World) -> None:
    for office_id in ("a", "z"):
        put_office(an_office(office_id), deadline())
    broken = OfficeItem.of(an_office("kotabumi"))
    broken.timezone = "Asia/Atlantis"
    broken.save()
    with pytest.raises(ExceptionGroup, match="offices not opened") as failed:
        run(days=2)
    assert len(failed.value.exceptions) == 1
    assert (len(days_open("a")), len(days_open("z"))) == (2, 2)


def test_a_preparing_office_is_opened_too_so_that_it_can_begin_at_once(world: World) -> None:
    office: Office = world.has_office(status="preparing")
    assert run(days=2)["slots"] == 12
    assert office.status == "preparing"
